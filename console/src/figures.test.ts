import { expect, test } from "vitest";
import { current, large, parts, scale, shown, title } from "./figures";
import type { Attack, Figure } from "./types";

function figure(key: string, low: number, best: number, high: number | null): Figure {
  return { key, low, best, high, status: "preliminary", phrase: {}, source: {}, asOf: null, claims: 1, conflicts: [] };
}

const DAY = 86_400_000;
const APRIL_24 = Date.parse("2025-04-24T00:40:00+03:00");
const older: Attack = { attack: "a-1", names: {}, start: APRIL_24 - 18 * DAY, end: null };
const newer: Attack = { attack: "a-2", names: {}, start: APRIL_24, end: null };

test("a key is taken apart into measure, strata and place", () => {
  expect(parts("hospitalised:child@C-1")).toEqual({ measure: "hospitalised", strata: ["child"], where: "C-1" });
});

test("a key nobody has heard of is shown as it is", () => {
  expect(title("hospitalised:child", "uk")).toBe("Госпіталізовані, діти");
  expect(title("frightened", "en")).toBe("frightened");
});

test("figures stand in the order of a bulletin, those of single sites apart", () => {
  const given = ["hospitalised:child", "injured", "injured@C-1", "hospitalised", "killed"].map((k) => figure(k, 1, 1, 1));
  expect(shown(given).map((each) => each.key)).toEqual(["killed", "injured", "hospitalised", "hospitalised:child"]);
});

test("an attack that has not begun by the scenario's clock is not spoken of", () => {
  expect(current([newer, older], APRIL_24 - 1)).toEqual({ attack: older, previous: true });
  expect(current([newer, older], APRIL_24)).toEqual({ attack: newer, previous: false });
  expect(current([], APRIL_24)).toBeNull();
});

test("the marks of a range stand in order and on the line", () => {
  for (const each of [figure("killed", 9, 9, null), figure("killed", 63, 63, 70), figure("killed", 0, 0, 0), figure("killed", 2, 9, 40)]) {
    const { low, best, high } = scale(each);
    expect(low).toBeGreaterThanOrEqual(0);
    expect(best).toBeGreaterThanOrEqual(low);
    expect(high).toBeGreaterThanOrEqual(best);
    expect(high).toBeLessThanOrEqual(1);
  }
});

test("what is written large is what was said, never a bound that nobody counted", () => {
  const said = (best: number, en: string, uk: string): Figure => ({ ...figure("injured", 1, best, null), phrase: { en, uk } });
  expect(large(said(9, "nine", "дев'ять"), "uk").text).toBe("9");
  expect(large(said(71, "more than 70", "понад 70"), "uk").text).toBe(">70");
  expect(large(said(1, "at least one", "щонайменше один"), "en").text).toBe("≥1");
  expect(large(said(12, "dozens", "десятки"), "uk")).toEqual({ text: "десятки", words: true });
  expect(large(said(60, "about 60", "близько 60"), "uk").text).toBe("близько 60");
});

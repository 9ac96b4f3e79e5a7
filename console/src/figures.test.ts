import { expect, test } from "vitest";
import { current, parts, scale, shown, title } from "./figures";
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

import { describe, expect, test } from "vitest";
import * as read from "./read";

const COPY = {
  realm: "exercise",
  position: 4,
  generated_at: "2025-04-24T00:47:05Z",
  valid_until: "2025-04-24T00:47:50Z",
  areas: [{ area: "kyiv", phase: "alert", since: "2025-04-24T00:47:00Z", texts: { uk: "Тривога" }, position: 4 }],
};

test("a board copy is read with its times", () => {
  const copy = read.boardCopy(COPY);
  expect(copy?.areas[0]).toMatchObject({ area: "kyiv", phase: "alert", texts: { uk: "Тривога" }, threat: null });
  expect((copy?.validUntil ?? 0) - (copy?.generatedAt ?? 0)).toBe(45_000);
});

test("a phase that nobody has heard of is unknown", () => {
  expect(read.phase("all-clear")).toBe("unknown");
  expect(read.phase(undefined)).toBe("unknown");
});

test("a time without an offset is no time", () => {
  expect(read.instant("2025-04-24T00:47:05")).toBeNull();
  expect(read.instant("2025-04-24T00:47:05.123456+03:00")).not.toBeNull();
});

test.each(["position", "generated_at", "valid_until", "areas"])("a board copy without %s is refused", (field) => {
  expect(read.boardCopy({ ...COPY, [field]: undefined })).toBeNull();
});

const READERS = Object.entries(read).filter(([name]) => !["instant", "phase"].includes(name));
const JUNK = [null, 7, "x", [], {}, [null], { features: [null, {}, { properties: { code: 3 } }] }, { sirens: [{}] },
  { worksites: [7], events: ["x"], figures: { killed: null }, attacks: [{}], bulletins: [{}], areas: [null] }];

describe.each(READERS)("%s", (_name, reader) => {
  test("survives whatever comes", () => {
    for (const junk of JUNK) expect(() => reader(junk)).not.toThrow();
  });
});

test("a figure without bounds is a gap, one with an open end is kept", () => {
  const { list: figures } = read.figures({
    figures: {
      killed: { low: 9, best: 9, high: null, status: "preliminary", phrases: { en: "nine" }, source: { en: "SES" } },
      injured: { best: 3 },
    },
  });
  expect(figures).toHaveLength(1);
  expect(figures[0]).toMatchObject({ key: "killed", high: null, phrase: { en: "nine" } });
});

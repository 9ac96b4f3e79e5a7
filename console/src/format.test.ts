import { expect, test } from "vitest";
import { clock, duration, hour, moment } from "./format";

const NIGHT = Date.parse("2025-04-24T00:47:00+03:00");

test("times are those of the city", () => {
  expect(clock(NIGHT, "uk", "Europe/Kyiv")).toBe("00:47");
  expect(clock(NIGHT, "en", "Europe/Kyiv")).toBe("00:47");
  expect(hour(NIGHT, "Europe/Kyiv")).toBe(0);
});

test("a zone nobody has heard of is no reason to show nothing", () => {
  expect(clock(NIGHT, "uk", "Atlantis/Centre")).toMatch(/^\d\d:\d\d$/);
});

test("another day is named", () => {
  expect(moment(NIGHT, NIGHT + 3_600_000, "en", "Europe/Kyiv")).toBe("00:47");
  expect(moment(NIGHT, NIGHT + 86_400_000, "en", "Europe/Kyiv")).toBe("24 Apr, 00:47");
});

test("a duration has its two largest units and is never negative", () => {
  expect(duration(4_900, "uk")).toBe("4 с");
  expect(duration(72 * 60_000, "uk")).toBe("1 год 12 хв");
  expect(duration(60 * 60_000, "en")).toBe("1 h");
  expect(duration(-5_000, "en")).toBe("0 s");
});

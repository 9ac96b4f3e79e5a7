import { describe, expect, it } from "vitest";
import type { Schemas } from "./api";
import { moments, series } from "./series";

function entry(at: string): Schemas["Entry"] {
  return { claim: { as_of: at } as Schemas["Claim"], position: 1, recorded: at, by: "x", retracted: "" };
}

describe("the times at which something new was said", () => {
  const claims = Array.from({ length: 50 }, (_, index) => entry(new Date(Date.UTC(2025, 3, 24, 0, index)).toISOString()));
  const until = Date.UTC(2025, 3, 24, 0, 49);

  it("are thinned out evenly and keep the first and the last", () => {
    const found = moments(claims, until, 10);
    expect(found).toHaveLength(10);
    expect([found[0], found.at(-1)]).toEqual([Date.UTC(2025, 3, 24), until]);
  });

  it("leave out what was said later, and name no time twice", () => {
    expect(moments([claims[0], claims[0], claims[9]] as Schemas["Entry"][], Date.UTC(2025, 3, 24, 0, 5))).toEqual([Date.UTC(2025, 3, 24), Date.UTC(2025, 3, 24, 0, 5)]);
  });
});

describe("a figure over time", () => {
  it("has no point where it was not known", () => {
    const known = { as_of: "2025-04-24T01:00:00Z", figures: { killed: { low: 1, best: 2, high: null } } } as unknown as Schemas["FiguresAnswer"];
    const before = { as_of: "2025-04-24T00:00:00Z", figures: {} } as unknown as Schemas["FiguresAnswer"];
    expect(series([before, known], "killed")).toEqual([{ at: Date.UTC(2025, 3, 24, 1), low: 1, best: 2, high: null }]);
  });
});

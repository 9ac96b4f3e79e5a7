import { describe, expect, it } from "vitest";
import { cellsAround, join, metresBetween } from "./graph";
import { nearest } from "./nearest";
import { cell, EMPTY, type Cell } from "./read";

/** A ladder of two streets north, 0-1-2 and 3-4-5, joined by steps at the top and by a ramp at the bottom. */
const LADDER: Cell = {
  node: [10, 11, 12, 13, 14, 15],
  lat: [5_045_000, 5_045_100, 5_045_200, 5_045_000, 5_045_100, 5_045_200],
  lon: [3_050_000, 3_050_000, 3_050_000, 3_050_200, 3_050_200, 3_050_200],
  start: [0, 1, 3, 4, 2, 0],
  end: [1, 2, 4, 5, 5, 3],
  decimetres: [1112, 1112, 1112, 1112, 1416, 1416],
  steps: [4],
  doors: [{ shelter: "far", node: 15 }],
};
const HERE = { lat: 50.452, lon: 30.5 };
const FAR = { id: "far", lat: 50.452, lon: 30.502 };

describe("the way found on the phone", () => {
  it("goes the shortest way to the door", () => {
    const way = nearest(join([LADDER]), HERE, [FAR], false);
    expect(way?.shelter).toBe("far");
    expect(way?.metres).toBeCloseTo(141.6, 0);
    expect(way?.line.at(0)).toEqual([HERE.lon, HERE.lat]);
    expect(way?.line.at(-1)).toEqual([FAR.lon, FAR.lat]);
  });

  it("goes around steps for whoever cannot climb them", () => {
    expect(nearest(join([LADDER]), HERE, [FAR], true)?.metres).toBeCloseTo(4 * 111.2 + 141.6, 0);
  });

  it("counts the way along the street one stands at, not from its nearer end only", () => {
    const middle = { lat: 50.4515, lon: 30.5 };
    expect(nearest(join([LADDER]), middle, [FAR], false)?.metres).toBeCloseTo(141.6 + 55.6, 0);
  });

  it("says nothing where no street is near or no door can be reached", () => {
    expect(nearest(join([LADDER]), { lat: 51, lon: 30.5 }, [FAR], false)).toBeNull();
    expect(nearest(join([LADDER]), HERE, [{ ...FAR, id: "beyond", lat: 50.6 }], false)).toBeNull();
    expect(nearest(join([]), HERE, [FAR], false)).toBeNull();
  });

  it("leads a shelter that was registered later to the nearest corner", () => {
    expect(nearest(join([LADDER]), HERE, [{ id: "new", lat: 50.451, lon: 30.5 }], false)?.metres).toBeCloseTo(111.2, 0);
  });

  it("joins a street that two cells have into one", () => {
    expect(join([LADDER, LADDER]).from).toHaveLength(LADDER.start.length);
  });

  it("asks for the cell it is in first, and for the eight around it", () => {
    const names = cellsAround({ lat: 50.45, lon: 30.52 });
    expect(names[0]).toBe("1261_488");
    expect(new Set(names).size).toBe(9);
  });

  it("measures a degree as the Earth has it", () => {
    expect(metresBetween({ lat: 50, lon: 30 }, { lat: 51, lon: 30 })).toBeCloseTo(111_195, -1);
  });

  it("takes a malformed cell for an empty one", () => {
    expect(cell(null)).toBe(EMPTY);
    expect(cell({ ...LADDER, lat: [1] })).toBe(EMPTY);
    expect(cell({ ...LADDER, start: ["0"] })).toBe(EMPTY);
    expect(cell(LADDER).start).toEqual(LADDER.start);
  });
});

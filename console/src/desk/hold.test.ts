import { describe, expect, it } from "vitest";
import { AGAIN, Hold, LASTS } from "./hold";

describe("a press that lasts", () => {
  it("is done after its time and not before", () => {
    const hold = new Hold();
    hold.press(1_000);
    expect(hold.progress(1_000 + LASTS - 1)).toBeLessThan(1);
    expect(hold.progress(1_000 + LASTS)).toBe(1);
  });

  it("begins anew after it was let go", () => {
    const hold = new Hold();
    hold.press(0);
    hold.release();
    expect(hold.progress(LASTS)).toBe(0);
    hold.press(LASTS);
    expect(hold.progress(LASTS + 1)).toBeLessThan(0.01);
  });

  it("is not shortened by a key that repeats", () => {
    const hold = new Hold();
    hold.press(0);
    hold.press(LASTS - 100);
    expect(hold.progress(LASTS)).toBe(1);
  });

  it("can be two clicks, if the second comes soon", () => {
    const hold = new Hold();
    expect(hold.click(0)).toBe(false);
    expect(hold.isArmed(1)).toBe(true);
    expect(hold.click(AGAIN)).toBe(true);
    expect(hold.click(AGAIN + 1)).toBe(false);
    expect(hold.click(AGAIN + 1 + AGAIN + 1)).toBe(false);
  });
});

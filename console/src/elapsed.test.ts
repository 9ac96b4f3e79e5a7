import { expect, test } from "vitest";
import { elapsedClock } from "./elapsed";

test("time goes on while the device sleeps and never goes back when its clock is set", () => {
  let [steady, wall] = [100, 5_000];
  const elapsed = elapsedClock(
    () => steady,
    () => wall,
  );
  [steady, wall] = [1_100, 6_000];
  expect(elapsed()).toBe(1_000);
  wall += 3_600_000; // asleep
  expect(elapsed()).toBe(3_601_000);
  wall -= 7_200_000; // set back
  expect(elapsed()).toBe(3_601_000);
  steady += 10;
  expect(elapsed()).toBe(3_601_010);
});

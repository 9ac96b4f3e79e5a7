import { expect, test } from "vitest";
import { elapsedClock } from "./elapsed";
import { serverTime } from "./reckoning";
import { apply, tell, type Frame } from "./state";

const START = Date.parse("2025-04-24T00:00:00+03:00");
const HOUR = 3_600_000;

function heartbeat(generatedAt: number): Frame {
  const area = { area: "kyiv", phase: "alert" as const, since: START, threat: null, alert: "a", partly: [], texts: {} };
  return { event: "snapshot", copy: { realm: "live", position: 1, generatedAt, validUntil: generatedAt + 45_000, areas: [area] } };
}

test.each([-3 * HOUR, 0, 3 * HOUR])("a device whose clock is off by %i ms tells the server's time and believes as long as any", (skew) => {
  let steady = 0;
  const elapsed = elapsedClock(
    () => steady,
    () => START + skew + steady,
  );
  const told = { server: START, at: elapsed(), rate: 1 };
  const board = apply(null, heartbeat(START), elapsed());
  steady = 30_000;
  expect(serverTime(told, elapsed())).toBe(START + 30_000);
  expect(tell(board, "kyiv", elapsed()).state.phase).toBe("alert");
  steady = 45_000;
  expect(tell(board, "kyiv", elapsed()).lost).toBe(true);
});

test("a clock that is set while the page is open is put right by what the server says next", () => {
  let [steady, wall] = [0, START];
  const elapsed = elapsedClock(
    () => steady,
    () => wall,
  );
  let told = { server: START, at: elapsed(), rate: 1 };
  const board = apply(null, heartbeat(START), elapsed());
  [steady, wall] = [10_000, START + 10_000 + HOUR];
  expect(tell(board, "kyiv", elapsed()).lost).toBe(true); // It may have slept for an hour: doubt comes too early, never too late.
  told = { server: START + 10_000, at: elapsed(), rate: 1 };
  expect(tell(apply(board, heartbeat(START + 10_000), elapsed()), "kyiv", elapsed()).lost).toBe(false);
  [steady, wall] = [20_000, START + 20_000 - HOUR];
  expect(serverTime(told, elapsed())).toBe(START + 20_000);
});

test("the clock of a replay runs at its own speed and may stand still", () => {
  expect(serverTime({ server: START, at: 1_000, rate: 60 }, 2_000)).toBe(START + 60_000);
  expect(serverTime({ server: START, at: 1_000, rate: 0 }, 9_000)).toBe(START);
});

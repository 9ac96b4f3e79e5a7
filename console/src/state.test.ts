import { expect, test } from "vitest";
import { apply, isValid, sound, tell, type Board, type Frame } from "./state";
import type { AreaState, BoardCopy, Phase } from "./types";

const START = Date.parse("2025-04-24T00:00:00+03:00");

function area(code: string, phase: Phase, alert = ""): AreaState {
  return { area: code, phase, since: START, threat: null, alert, partly: [], texts: {} };
}

function copy(position: number, areas: AreaState[], realm = "exercise"): BoardCopy {
  return { realm, position, generatedAt: START, validUntil: START + 45_000, areas };
}

function snapshot(position: number, ...areas: AreaState[]): Frame {
  return { event: "snapshot", copy: copy(position, areas) };
}

function heartbeat(position: number, ...areas: AreaState[]): Frame {
  return { event: "heartbeat", copy: copy(position, areas) };
}

function alert(position: number, ...states: AreaState[]): Frame {
  return { event: "alert", frame: { realm: "exercise", position, states } };
}

function after(...frames: Frame[]): Board | null {
  return frames.reduce<Board | null>((board, frame) => apply(board, frame, 0), null);
}

function phase(board: Board | null, code = "kyiv", at = 1): Phase {
  return tell(board, code, at).state.phase;
}

test("a snapshot replaces all that was held", () => {
  const board = after(snapshot(9, area("kyiv", "alert"), area("lviv", "alert")), snapshot(3, area("kyiv", "all_clear")));
  expect(phase(board)).toBe("all_clear");
  expect(phase(board, "lviv")).toBe("unknown");
  expect(board?.position).toBe(3);
});

test("an alert changes only the areas it speaks of and moves the position", () => {
  const board = after(snapshot(1, area("kyiv", "all_clear"), area("lviv", "all_clear")), alert(2, area("kyiv", "alert")));
  expect(phase(board)).toBe("alert");
  expect(phase(board, "lviv")).toBe("all_clear");
  expect(board?.position).toBe(2);
});

test("an older alert frame is never put over a newer one", () => {
  const board = after(snapshot(1), alert(5, area("kyiv", "all_clear")), alert(4, area("kyiv", "alert")));
  expect(phase(board)).toBe("all_clear");
  expect(board?.position).toBe(5);
});

test("an alert frame that comes behind a heartbeat which knew of it changes nothing", () => {
  const board = after(snapshot(1), heartbeat(7, area("kyiv", "all_clear")), alert(6, area("kyiv", "alert")));
  expect(phase(board)).toBe("all_clear");
});

test("when the newer of two alerts ends the older one speaks again", () => {
  const older = area("kyiv", "alert", "a-1");
  const newer = area("kyiv", "alert", "a-2");
  const board = after(snapshot(1), alert(5, older), alert(8, newer), alert(10, older));
  expect(tell(board, "kyiv", 1).state.alert).toBe("a-1");
});

test("a heartbeat refreshes every area and how long it may be believed", () => {
  let board = apply(null, snapshot(1, area("kyiv", "all_clear")), 0);
  board = apply(board, heartbeat(2, area("kyiv", "alert")), 40_000);
  expect(phase(board, "kyiv", 84_999)).toBe("alert");
  expect(phase(board, "kyiv", 85_000)).toBe("unknown");
});

test("a heartbeat older than what was applied neither changes nor refreshes", () => {
  let board = apply(null, snapshot(5, area("kyiv", "alert")), 0);
  board = apply(board, heartbeat(4, area("kyiv", "all_clear")), 40_000);
  expect(phase(board, "kyiv", 40_001)).toBe("alert");
  expect(phase(board, "kyiv", 45_000)).toBe("unknown");
});

test("an alert frame does not make the board believable for longer", () => {
  let board = apply(null, snapshot(1, area("kyiv", "all_clear")), 0);
  board = apply(board, alert(2, area("kyiv", "alert")), 44_000);
  expect(phase(board, "kyiv", 44_500)).toBe("alert");
  expect(phase(board, "kyiv", 45_000)).toBe("unknown");
});

test("a reset drops everything until the next snapshot", () => {
  const board = after(snapshot(1, area("kyiv", "all_clear")), { event: "reset" });
  expect(board).toBeNull();
  expect(tell(board, "kyiv", 1)).toMatchObject({ lost: true, knownAt: null });
  expect(apply(board, alert(2, area("kyiv", "all_clear")), 0)).toBeNull();
});

test("nothing of another realm is taken in", () => {
  let board = after(snapshot(1, area("kyiv", "alert")));
  const frame = { realm: "live", position: 2, states: [area("kyiv", "all_clear")] };
  board = apply(board, { event: "alert", frame }, 0);
  board = apply(board, { event: "heartbeat", copy: copy(3, [area("kyiv", "all_clear")], "live") }, 30_000);
  expect(phase(board)).toBe("alert");
  expect(phase(board, "kyiv", 45_000)).toBe("unknown");
});

test("past its validity the state is unknown and says since when", () => {
  const board = after(snapshot(1, area("kyiv", "all_clear")));
  expect(board && isValid(board, 44_999)).toBe(true);
  expect(tell(board, "kyiv", 45_000)).toMatchObject({ lost: true, knownAt: START, before: null });
});

test("danger is still mentioned when the connection is lost, safety is not", () => {
  const danger = after(snapshot(1, area("kyiv", "alert")));
  const safety = after(snapshot(1, area("kyiv", "all_clear")));
  expect(tell(danger, "kyiv", 60_000).before?.phase).toBe("alert");
  expect(tell(safety, "kyiv", 60_000).before).toBeNull();
});

test("a copy that was never valid is not believed for a moment", () => {
  const backwards: BoardCopy = { ...copy(1, [area("kyiv", "all_clear")]), validUntil: START - 1 };
  expect(phase(apply(null, { event: "snapshot", copy: backwards }, 0), "kyiv", 0)).toBe("unknown");
});

test("an area nobody speaks of is unknown", () => {
  expect(phase(after(snapshot(1, area("lviv", "all_clear"))))).toBe("unknown");
});

test("the first thing heard makes no sound, a change does", () => {
  expect(sound(null, area("kyiv", "alert"))).toBeNull();
  expect(sound(area("kyiv", "all_clear"), area("kyiv", "alert", "a-1"))).toBe("danger");
  expect(sound(area("kyiv", "alert", "a-1"), area("kyiv", "alert", "a-1"))).toBeNull();
  expect(sound(area("kyiv", "alert", "a-1"), area("kyiv", "all_clear", "a-1"))).toBe("clear");
  expect(sound(area("kyiv", "unknown"), area("kyiv", "all_clear"))).toBeNull();
});

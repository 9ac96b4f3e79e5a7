/**
 * What is true of every area, as far as the page may say it. Pure: frames and a monotonic clock in, states out.
 *
 * Three rules that lives hang on. Nothing older is ever put over something newer. Only a full copy proves that we are
 * up to date, so only it extends the time we may be believed. And past that time nothing is known: not what was true
 * last, and least of all "all clear".
 */

import { DANGER, type AlertFrame, type AreaState, type BoardCopy, type Instant } from "./types";

/** Milliseconds of a clock that never jumps, such as `performance.now()`. */
export type Monotonic = number;

interface Held {
  readonly state: AreaState;
  /** Position of the frame that said it. Not of the alert: when the newer of two ends, the older one speaks again. */
  readonly said: number;
}

export interface Board {
  readonly realm: string;
  /** Everything up to here has been applied. */
  readonly position: number;
  /** The server's time of the last full copy. */
  readonly generatedAt: Instant;
  /** When that copy came, and how long it may be believed from then on, in milliseconds. */
  readonly heardAt: Monotonic;
  readonly validFor: number;
  readonly areas: ReadonlyMap<string, Held>;
}

export type Frame =
  | { readonly event: "snapshot" | "heartbeat"; readonly copy: BoardCopy }
  | { readonly event: "alert"; readonly frame: AlertFrame }
  | { readonly event: "reset" };

/** The board after one more frame. Null: nothing is known until a snapshot comes. */
export function apply(board: Board | null, frame: Frame, at: Monotonic): Board | null {
  switch (frame.event) {
    case "reset":
      return null;
    case "snapshot":
      return started(frame.copy, at);
    case "heartbeat":
      return board === null ? started(frame.copy, at) : refreshed(board, frame.copy, at);
    case "alert":
      return board === null ? null : changed(board, frame.frame);
  }
}

function started(copy: BoardCopy, at: Monotonic): Board {
  const held = copy.areas.map((state): [string, Held] => [state.area, { state, said: copy.position }]);
  return dated(copy, at, new Map(held));
}

function refreshed(board: Board, copy: BoardCopy, at: Monotonic): Board {
  // Another realm, or a copy that some cache held back: it says nothing of now.
  if (copy.realm !== board.realm || copy.position < board.position) return board;
  return started(copy, at);
}

function dated(copy: BoardCopy, at: Monotonic, areas: ReadonlyMap<string, Held>): Board {
  return {
    realm: copy.realm,
    position: copy.position,
    generatedAt: copy.generatedAt,
    heardAt: at,
    // A difference of the server's own two times: how far the clock of this device is off does not matter.
    validFor: Math.max(0, copy.validUntil - copy.generatedAt),
    areas,
  };
}

function changed(board: Board, frame: AlertFrame): Board {
  if (frame.realm !== board.realm) return board;
  const areas = new Map(board.areas);
  for (const state of frame.states) {
    const held = areas.get(state.area);
    if (held === undefined || held.said < frame.position) areas.set(state.area, { state, said: frame.position });
  }
  return { ...board, position: Math.max(board.position, frame.position), areas };
}

/** What the page may say of an area. */
export interface Told {
  readonly state: AreaState;
  /** The board may no longer be believed, or there has never been one. */
  readonly lost: boolean;
  /** The server's time at which we last knew; null if we never did. */
  readonly knownAt: Instant | null;
  /** What was true then, if it was danger. "All clear" is never shown once it may be over. */
  readonly before: AreaState | null;
}

export function isValid(board: Board, at: Monotonic): boolean {
  return at - board.heardAt < board.validFor;
}

export function tell(board: Board | null, area: string, at: Monotonic): Told {
  const nothing: AreaState = { area, phase: "unknown", since: null, threat: null, alert: "", partly: [], texts: {} };
  if (board === null) return { state: nothing, lost: true, knownAt: null, before: null };
  const state = board.areas.get(area)?.state ?? nothing;
  if (isValid(board, at)) return { state, lost: false, knownAt: board.generatedAt, before: null };
  return { state: nothing, lost: true, knownAt: board.generatedAt, before: DANGER.has(state.phase) ? state : null };
}

/** What a change between two tellings asks the page to do aloud. Null: stay quiet. */
export function sound(before: AreaState | null, after: AreaState): "danger" | "caution" | "clear" | null {
  // The first thing a page hears was true before it was opened; a siren now would be for an old alert.
  if (before === null || (before.phase === after.phase && before.alert === after.alert)) return null;
  switch (after.phase) {
    case "alert":
      return "danger";
    case "pre_alert":
      return "caution";
    case "all_clear":
    case "correction":
      return DANGER.has(before.phase) || before.phase === "expired" ? "clear" : null;
    default:
      return null;
  }
}

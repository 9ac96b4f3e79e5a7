/** The last board this device heard, for a page that is opened without a network: never believed, only dated. */

import type { Board } from "./state";
import type { AreaState } from "./types";

const KEY = "tocsin.board";

interface Kept {
  readonly realm: string;
  readonly generatedAt: number;
  readonly areas: readonly AreaState[];
}

export function keepBoard(board: Board): void {
  const kept: Kept = { realm: board.realm, generatedAt: board.generatedAt, areas: [...board.areas.values()].map(({ state }) => state) };
  try {
    localStorage.setItem(KEY, JSON.stringify(kept));
  } catch {
    // A private window keeps nothing; then the page says that it has never known.
    return;
  }
}

/** A board that is over before it is looked at. */
export function remember(): Board | null {
  try {
    const kept = JSON.parse(localStorage.getItem(KEY) ?? "null") as Kept | null;
    if (kept === null) return null;
    const areas = new Map(kept.areas.map((state) => [state.area, { state, said: 0 }]));
    return { realm: kept.realm, position: 0, generatedAt: kept.generatedAt, heardAt: 0, validFor: 0, areas };
  } catch {
    return null;
  }
}

/** A cell of the walking network as it came; what is malformed is an empty cell, never a wrong street. */

export interface Cell {
  readonly node: readonly number[];
  readonly lat: readonly number[];
  readonly lon: readonly number[];
  readonly start: readonly number[];
  readonly end: readonly number[];
  readonly decimetres: readonly number[];
  readonly steps: readonly number[];
  readonly doors: readonly { readonly shelter: string; readonly node: number }[];
}

export const EMPTY: Cell = { node: [], lat: [], lon: [], start: [], end: [], decimetres: [], steps: [], doors: [] };

export function cell(value: unknown): Cell {
  if (typeof value !== "object" || value === null) return EMPTY;
  const said = value as Record<string, unknown>;
  const columns = ["node", "lat", "lon", "start", "end", "decimetres", "steps"] as const;
  if (!columns.every((name) => whole(said[name]))) return EMPTY;
  const found = said as unknown as Cell;
  const sound = found.lat.length === found.node.length && found.lon.length === found.node.length && found.end.length === found.start.length;
  return sound ? { ...found, doors: Array.isArray(said.doors) ? found.doors.filter((door) => typeof door?.shelter === "string" && Number.isInteger(door.node)) : [] } : EMPTY;
}

function whole(value: unknown): boolean {
  return Array.isArray(value) && value.every(Number.isInteger);
}

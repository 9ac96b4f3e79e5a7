/** The streets around somebody, put together from the cells that the server hands out to everybody alike. */

import type { Cell } from "./read";

/** Cells to a degree of latitude and of longitude; `city/cells.py` cuts by the same. */
const PER_DEGREE = [25, 16] as const;
const SCALE = 100_000;
const EARTH = 6_371_008.8;
const RADIAN = Math.PI / 180;

export interface Place {
  readonly lat: number;
  readonly lon: number;
}

export interface Graph {
  readonly lat: Float64Array;
  readonly lon: Float64Array;
  /** The streets: their two ends, how long they are in metres, and whether a wheelchair passes. */
  readonly from: Int32Array;
  readonly to: Int32Array;
  readonly metres: Float64Array;
  readonly stepFree: Uint8Array;
  /** Entries of `street` that leave a node: from `first[node]` to `first[node + 1]`. */
  readonly first: Int32Array;
  readonly street: Int32Array;
  /** The node that a shelter is reached by. */
  readonly doors: ReadonlyMap<string, number>;
}

/** The cell of a place and its eight neighbours, by name. */
export function cellsAround({ lat, lon }: Place): readonly string[] {
  const [row, column] = [Math.floor(lat * PER_DEGREE[0]), Math.floor(lon * PER_DEGREE[1])];
  const near = [0, -1, 1];
  return near.flatMap((up) => near.map((right) => `${row + up}_${column + right}`));
}

export function join(cells: readonly Cell[]): Graph {
  const index = new Map<number, number>();
  const [lat, lon]: [number[], number[]] = [[], []];
  const [from, to, metres, stepFree]: [number[], number[], number[], number[]] = [[], [], [], []];
  const known = new Set<string>();
  for (const cell of cells) {
    const steps = new Set(cell.steps);
    const own = cell.node.map((node, place) => {
      let at = index.get(node);
      if (at === undefined) {
        at = index.size;
        index.set(node, at);
        lat.push((cell.lat[place] ?? 0) / SCALE);
        lon.push((cell.lon[place] ?? 0) / SCALE);
      }
      return at;
    });
    cell.start.forEach((start, street) => {
      const [one, other, length] = [own[start], own[cell.end[street] ?? -1], cell.decimetres[street]];
      if (one === undefined || other === undefined || length === undefined) return;
      // A street that crosses the edge between two cells is in both.
      const key = `${Math.min(one, other)} ${Math.max(one, other)} ${length}`;
      if (known.has(key)) return;
      known.add(key);
      from.push(one);
      to.push(other);
      metres.push(length / 10);
      stepFree.push(steps.has(street) ? 0 : 1);
    });
  }
  const doors = new Map(cells.flatMap((cell) => cell.doors.map((door) => [door.shelter, index.get(door.node) ?? -1] as const)));
  return {
    lat: Float64Array.from(lat),
    lon: Float64Array.from(lon),
    from: Int32Array.from(from),
    to: Int32Array.from(to),
    metres: Float64Array.from(metres),
    stepFree: Uint8Array.from(stepFree),
    ...leaving(index.size, from, to),
    doors,
  };
}

function leaving(nodes: number, from: readonly number[], to: readonly number[]): { first: Int32Array; street: Int32Array } {
  const first = new Int32Array(nodes + 1);
  for (const node of [...from, ...to]) first[node + 1] = (first[node + 1] ?? 0) + 1;
  for (let node = 0; node < nodes; node += 1) first[node + 1] = (first[node + 1] ?? 0) + (first[node] ?? 0);
  const street = new Int32Array(from.length * 2);
  const next = first.slice();
  for (const ends of [from, to]) {
    ends.forEach((node, at) => {
      const place = next[node] ?? 0;
      street[place] = at;
      next[node] = place + 1;
    });
  }
  return { first, street };
}

/** Metres on a plane that touches the Earth here: good to a thousandth over the ten kilometres that anybody walks. */
export function metresBetween(one: Place, other: Place): number {
  const east = (other.lon - one.lon) * Math.cos(((one.lat + other.lat) / 2) * RADIAN);
  return Math.hypot(east, other.lat - one.lat) * RADIAN * EARTH;
}

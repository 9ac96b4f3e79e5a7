/** The nearest of some shelters on foot, found on this device: Dijkstra's algorithm from where somebody stands. */

import { metresBetween, type Graph, type Place } from "./graph";

/** Metres from a street beyond which nobody is on it; the server's own limit. */
const OFF_STREET = 1_000;
/** Metres from a door to a node beyond which they have nothing to do with each other; and about the same in degrees. */
const DOOR_OFF_NODE = 150;
const NEAR_DEGREES = 0.002;

export interface Goal extends Place {
  readonly id: string;
}

export interface Way {
  readonly shelter: string;
  readonly metres: number;
  /** Longitude and latitude, the place asked about first, the shelter last. */
  readonly line: readonly (readonly [number, number])[];
}

interface Start {
  readonly node: number;
  readonly metres: number;
}

/** Null if none can be reached on these streets, or no street is near. */
export function nearest(graph: Graph, place: Place, goals: readonly Goal[], stepFree: boolean): Way | null {
  const starts = beside(graph, place, stepFree);
  if (starts.length === 0) return null;
  const doors = doorsOf(graph, goals);
  const nodes = graph.lat.length;
  const away = new Float64Array(nodes).fill(Infinity);
  const before = new Int32Array(nodes).fill(-1);
  const heap = new Heap();
  for (const start of starts) {
    if (start.metres < (away[start.node] ?? 0)) {
      away[start.node] = start.metres;
      heap.push(start.metres, start.node);
    }
  }
  let best: { goal: Goal; node: number; metres: number } | null = null;
  for (let top = heap.pop(); top !== null; top = heap.pop()) {
    const [metres, node] = top;
    if (best !== null && metres >= best.metres) break;
    if (metres > (away[node] ?? 0)) continue;
    for (const goal of doors.get(node) ?? []) {
      const whole = metres + metresBetween(goal, at(graph, node));
      if (best === null || whole < best.metres) best = { goal, node, metres: whole };
    }
    for (let entry = graph.first[node] ?? 0; entry < (graph.first[node + 1] ?? 0); entry += 1) {
      const street = graph.street[entry] ?? 0;
      if (stepFree && !graph.stepFree[street]) continue;
      const other = graph.from[street] === node ? (graph.to[street] ?? 0) : (graph.from[street] ?? 0);
      const reached = metres + (graph.metres[street] ?? Infinity);
      if (reached < (away[other] ?? 0)) {
        away[other] = reached;
        before[other] = node;
        heap.push(reached, other);
      }
    }
  }
  return best === null ? null : { shelter: best.goal.id, metres: best.metres, line: line(graph, before, place, best.node, best.goal) };
}

function at(graph: Graph, node: number): Place {
  return { lat: graph.lat[node] ?? 0, lon: graph.lon[node] ?? 0 };
}

function line(graph: Graph, before: Int32Array, place: Place, door: number, goal: Goal): [number, number][] {
  const back: [number, number][] = [[goal.lon, goal.lat]];
  for (let node = door; node >= 0; node = before[node] ?? -1) back.push([graph.lon[node] ?? 0, graph.lat[node] ?? 0]);
  back.push([place.lon, place.lat]);
  return back.reverse();
}

/** The shelters by the node they are reached by: as the city knows it, else the nearest node. */
function doorsOf(graph: Graph, goals: readonly Goal[]): Map<number, Goal[]> {
  const found = new Map<number, Goal[]>();
  for (const goal of goals) {
    const node = graph.doors.get(goal.id) ?? nodeAt(graph, goal);
    if (node >= 0) found.set(node, [...(found.get(node) ?? []), goal]);
  }
  return found;
}

/** The nearest node for a shelter that was registered after the city was imported; -1 if none is near. */
function nodeAt(graph: Graph, place: Place): number {
  let [found, least] = [-1, DOOR_OFF_NODE];
  for (let node = 0; node < graph.lat.length; node += 1) {
    // Degrees first: most shelters of a city are nowhere near, and each is compared with every node.
    if (Math.abs((graph.lat[node] ?? 0) - place.lat) > NEAR_DEGREES) continue;
    const away = metresBetween(place, at(graph, node));
    if (away < least) [found, least] = [node, away];
  }
  return found;
}

/** Both ends of the street one stands at, each with the metres to it. */
function beside(graph: Graph, place: Place, stepFree: boolean): Start[] {
  let nearestStreet = -1;
  let least = OFF_STREET;
  let share = 0;
  for (let street = 0; street < graph.from.length; street += 1) {
    if (stepFree && !graph.stepFree[street]) continue;
    const [away, along] = foot(place, at(graph, graph.from[street] ?? 0), at(graph, graph.to[street] ?? 0));
    if (away < least) [nearestStreet, least, share] = [street, away, along];
  }
  if (nearestStreet < 0) return [];
  const length = graph.metres[nearestStreet] ?? 0;
  return [
    { node: graph.from[nearestStreet] ?? 0, metres: least + share * length },
    { node: graph.to[nearestStreet] ?? 0, metres: least + (1 - share) * length },
  ];
}

/** Metres from a place to the straight line between two others, and how far along it that is, from 0 to 1. */
function foot(place: Place, one: Place, other: Place): [number, number] {
  const narrow = Math.cos((place.lat * Math.PI) / 180);
  const [east, north] = [(other.lon - one.lon) * narrow, other.lat - one.lat];
  const squared = east * east + north * north;
  const along = squared === 0 ? 0 : ((place.lon - one.lon) * narrow * east + (place.lat - one.lat) * north) / squared;
  const share = Math.max(0, Math.min(1, along));
  return [metresBetween(place, { lat: one.lat + share * north, lon: one.lon + share * (other.lon - one.lon) }), share];
}

/** A binary heap of distances, least first. */
class Heap {
  private readonly entries: [number, number][] = [];

  push(metres: number, node: number): void {
    let place = this.entries.length;
    this.entries.push([metres, node]);
    while (place > 0) {
      const parent = (place - 1) >> 1;
      if (this.metres(parent) <= metres) break;
      this.swap(place, parent);
      place = parent;
    }
  }

  pop(): [number, number] | null {
    const top = this.entries[0];
    const last = this.entries.pop();
    if (top === undefined || last === undefined) return null;
    if (this.entries.length > 0) {
      this.entries[0] = last;
      this.sink();
    }
    return top;
  }

  private sink(): void {
    for (let place = 0; ; ) {
      const [left, right] = [2 * place + 1, 2 * place + 2];
      const least = this.metres(right) < this.metres(left) ? right : left;
      if (this.metres(least) >= this.metres(place)) return;
      this.swap(place, least);
      place = least;
    }
  }

  private metres(place: number): number {
    return this.entries[place]?.[0] ?? Infinity;
  }

  private swap(one: number, other: number): void {
    const [a, b] = [this.entries[one], this.entries[other]];
    if (a !== undefined && b !== undefined) [this.entries[one], this.entries[other]] = [b, a];
  }
}

/** Finds the way beside the page, so that its clock goes on. */

import { join, type Graph, type Place } from "./graph";
import { nearest, type Goal } from "./nearest";
import type { Cell } from "./read";

export interface Question {
  /** Left out: the streets of the last question. */
  readonly cells?: readonly Cell[];
  readonly place: Place;
  readonly goals: readonly Goal[];
  readonly stepFree: boolean;
}

let graph: Graph | null = null;

addEventListener("message", ({ data }: MessageEvent<Question>) => {
  if (data.cells !== undefined) graph = join(data.cells);
  postMessage(graph === null ? null : nearest(graph, data.place, data.goals, data.stepFree));
});

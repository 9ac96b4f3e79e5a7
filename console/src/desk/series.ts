/** A figure as it was known at one time after another. */

import type { Schemas } from "./api";

export interface Point {
  readonly at: number;
  readonly low: number;
  readonly best: number;
  /** Null while it is open. */
  readonly high: number | null;
}

/** At most this many times: each is a question to the server. */
export const MOST = 24;

/** When something new was said, oldest first, thinned out evenly; the last always stays. */
export function moments(claims: readonly Schemas["Entry"][], until: number, most = MOST): readonly number[] {
  const said = claims.map((entry) => Date.parse(entry.claim.as_of)).filter((at) => at <= until);
  const all = [...new Set([...said, until])].sort((one, other) => one - other);
  if (all.length <= most) return all;
  return Array.from({ length: most }, (_, index) => all[Math.round((index * (all.length - 1)) / (most - 1))] ?? until);
}

/** The points of one figure; a time at which it was not known has none. */
export function series(answers: readonly Schemas["FiguresAnswer"][], key: string): readonly Point[] {
  return answers.flatMap((answer) => {
    const figure = answer.figures[key];
    return figure === undefined ? [] : [{ at: Date.parse(answer.as_of), low: figure.low, best: figure.best, high: figure.high }];
  });
}

/**
 * The server's time, as this device can reckon it: from the last time the server told, and a clock of ours that only
 * counts how long ago that was. What the device thinks the time is does not come into it.
 */

import type { Instant } from "./types";
import type { Monotonic } from "./state";

export interface Reckoning {
  readonly server: Instant;
  readonly at: Monotonic;
  /** Seconds of the server in one of ours: a replay's clock may run faster, or stand still. */
  readonly rate: number;
}

export function serverTime(from: Reckoning, at: Monotonic): Instant {
  return from.server + (at - from.at) * from.rate;
}

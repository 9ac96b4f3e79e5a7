/**
 * The second gesture of what cannot be undone: a press that lasts. A slip of the finger does not last, and neither does a
 * key that is struck. Pure: times in milliseconds come from outside.
 *
 * Whoever cannot hold, or speaks to the page by a device that only clicks, presses twice within a while instead.
 */

export const LASTS = 1_200;
/** Within this the second of two presses counts. */
export const AGAIN = 5_000;

export class Hold {
  private since: number | null = null;
  private armed: number | null = null;

  press(at: number): void {
    this.since ??= at;
  }

  release(): void {
    this.since = null;
  }

  /** From 0 to 1. */
  progress(at: number): number {
    return this.since === null ? 0 : Math.min(1, (at - this.since) / LASTS);
  }

  /** A click without a press, as assistive devices send it. True if it is the second. */
  click(at: number): boolean {
    const second = this.armed !== null && at - this.armed <= AGAIN;
    this.armed = second ? null : at;
    return second;
  }

  isArmed(at: number): boolean {
    return this.armed !== null && at - this.armed <= AGAIN;
  }
}

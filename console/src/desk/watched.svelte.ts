/** Something of the server that is asked for again and again, with its last answer and what went wrong since. */

import { Problem } from "./api";

export class Watched<T> {
  value = $state.raw<T | null>(null);
  problem = $state.raw<Problem | null>(null);
  private timer: ReturnType<typeof setTimeout> | undefined;
  private turn = 0;

  /**
   * @param look Null: there is nothing to ask for now.
   * @param every Milliseconds.
   */
  constructor(
    private readonly look: () => Promise<T> | null,
    private readonly every: number,
  ) {}

  /** Returns what stops it. */
  start(): () => void {
    void this.refresh();
    return () => {
      this.turn += 1;
      clearTimeout(this.timer);
    };
  }

  async refresh(): Promise<void> {
    const mine = ++this.turn;
    clearTimeout(this.timer);
    try {
      const value = await this.look();
      // An answer that was overtaken by a later question is older than what is shown.
      if (mine !== this.turn) return;
      this.value = value;
      this.problem = null;
    } catch (error) {
      if (mine !== this.turn) return;
      if (!(error instanceof Problem)) throw error;
      this.problem = error;
    }
    this.timer = setTimeout(() => void this.refresh(), this.every);
  }
}

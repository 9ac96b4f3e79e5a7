/** Asks a server again and again for what the stream does not carry, while somebody is looking. */

export interface Poll {
  /** Ask now instead of at the next turn. */
  refresh(): void;
  stop(): void;
}

const LONGEST = 30_000;

/**
 * Asks `url()`, or nothing while that is null. Answers that are not 200 leave what is shown as it is; `take` is told null only if there has never been an answer,
 * so that a page on a server without this endpoint shows a quiet gap.
 */
export function poll<T>(url: () => string | null, parse: (value: unknown) => T, every: number, take: (value: T | null) => void): Poll {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let wait = every;
  let answered = false;
  let stopped = false;
  let turn = 0;

  async function ask(): Promise<void> {
    clearTimeout(timer);
    const mine = ++turn;
    const address = url();
    const value = document.hidden || address === null ? undefined : await get(address);
    // An answer that was overtaken by a later question is older than what is shown.
    if (stopped || mine !== turn) return;
    if (value === null) {
      wait = Math.min(LONGEST, wait * 2);
      if (!answered) take(null);
    } else if (value !== undefined) {
      wait = every;
      answered = true;
      take(parse(value));
    }
    timer = setTimeout(ask, wait * (0.9 + Math.random() * 0.2));
  }

  const look = (): void => {
    if (!document.hidden) void ask();
  };
  document.addEventListener("visibilitychange", look);
  void ask();
  return {
    refresh: () => void ask(),
    stop: () => {
      stopped = true;
      clearTimeout(timer);
      document.removeEventListener("visibilitychange", look);
    },
  };
}

/** JSON of a 200, or null for anything else. */
export async function get(url: string): Promise<unknown> {
  try {
    const response = await fetch(url, { headers: { Accept: "application/json" }, signal: AbortSignal.timeout(10_000) });
    return response.ok ? ((await response.json()) as unknown) : null;
  } catch {
    return null;
  }
}

/**
 * Follows /v1/stream for ever. The browser comes back by itself after a short break and says where it left off; this
 * does the rest: it comes back after an answer that the browser gives up on, and it leaves a connection that is dead
 * although nobody said so.
 */

import * as read from "./read";
import type { Frame } from "./state";

export const PATH = "/v1/stream";

/** Milliseconds without a frame after which a connection counts as dead. Two heartbeats of at most 15 s. */
const SILENCE = 32_000;
const SHORTEST = 1_000;
const LONGEST = 15_000;

/** Public facts of which the page only needs to know that something changed. */
const FACTS = ["shelter", "bulletin"] as const;
export type Fact = (typeof FACTS)[number];

export interface Follower {
  /** Take a frame. What it throws makes the stream start anew with a snapshot. */
  frame(frame: Frame): void;
  fact(fact: Fact): void;
  /** The last position that was applied; null asks for a snapshot. */
  position(): number | null;
}

type Open = (url: string) => EventSource;

export class Stream {
  private source: EventSource | null = null;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private wait = SHORTEST;

  constructor(
    private readonly follower: Follower,
    private readonly open: Open = (url) => new EventSource(url),
  ) {}

  start(): void {
    this.connect(this.follower.position());
  }

  stop(): void {
    clearTimeout(this.timer);
    this.source?.close();
    this.source = null;
  }

  private connect(position: number | null): void {
    this.stop();
    const source = this.open(position === null ? PATH : `${PATH}?last_event_id=${position}`);
    this.source = source;
    this.expectFrame();
    for (const event of ["snapshot", "heartbeat", "alert", "reset"] as const) {
      source.addEventListener(event, (message) => this.hear(event, message));
    }
    for (const fact of FACTS) {
      source.addEventListener(fact, () => {
        this.expectFrame();
        this.follower.fact(fact);
      });
    }
    source.onerror = () => {
      // Anything but a broken connection, such as 503, ends an EventSource for good.
      if (source.readyState === EventSource.CLOSED) this.again();
    };
  }

  private hear(event: Frame["event"], message: MessageEvent<string>): void {
    try {
      this.follower.frame(decode(event, message.data));
      this.wait = SHORTEST;
      this.expectFrame();
    } catch (error) {
      console.error("a frame could not be applied", error);
      // What it said is lost, and asking for it again would fail again: only a snapshot helps.
      this.again(() => null);
    }
  }

  private expectFrame(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.again(), SILENCE);
  }

  private again(position = () => this.follower.position()): void {
    this.stop();
    // At random, so that a city's phones do not come back in one moment.
    this.timer = setTimeout(() => this.connect(position()), this.wait * (0.5 + Math.random()));
    this.wait = Math.min(LONGEST, this.wait * 2);
  }
}

/** Throws if a frame cannot be read: what it said may have been an alert. */
export function decode(event: Frame["event"], data: string): Frame {
  if (event === "reset") return { event };
  const value: unknown = JSON.parse(data);
  if (event === "alert") {
    const frame = read.alertFrame(value);
    if (frame === null) throw new TypeError("an alert frame without position or states");
    return { event, frame };
  }
  const copy = read.boardCopy(value);
  if (copy === null) throw new TypeError("a copy of the board without times or areas");
  return { event, copy };
}

import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Frame } from "./state";
import { decode, Stream } from "./stream";

const COPY = JSON.stringify({
  realm: "exercise",
  position: 4,
  generated_at: "2025-04-24T00:47:05Z",
  valid_until: "2025-04-24T00:47:50Z",
  areas: [],
});

/** A connection as the browser would hold it, in the hands of the test. */
class Connection extends EventTarget {
  static readonly CLOSED = 2;
  readyState = 1;
  onerror: (() => void) | null = null;

  constructor(readonly url: string) {
    super();
  }

  say(event: string, data: string): void {
    this.dispatchEvent(new MessageEvent(event, { data }));
  }

  fail(): void {
    this.readyState = Connection.CLOSED;
    this.onerror?.();
  }

  close(): void {
    this.readyState = Connection.CLOSED;
  }
}

let opened: Connection[];
let heard: Frame[];
let position: number | null;
let stream: Stream;

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal("EventSource", Connection);
  vi.spyOn(console, "error").mockImplementation(() => undefined);
  [opened, heard, position] = [[], [], null];
  const follower = { frame: (frame: Frame) => void heard.push(frame), fact: () => undefined, position: () => position };
  stream = new Stream(follower, (url) => {
    const connection = new Connection(url);
    opened.push(connection);
    return connection as unknown as EventSource;
  });
  stream.start();
});

afterEach(() => {
  stream.stop();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test("frames reach the follower", () => {
  opened[0]?.say("snapshot", COPY);
  expect(heard).toMatchObject([{ event: "snapshot", copy: { position: 4 } }]);
});

test("a connection that the browser gave up on is opened again where it was left", () => {
  opened[0]?.say("snapshot", COPY);
  position = 4;
  opened[0]?.fail();
  vi.advanceTimersByTime(2_000);
  expect(opened.map((connection) => connection.url)).toEqual(["/v1/stream", "/v1/stream?last_event_id=4"]);
});

test("a connection that says nothing is left", () => {
  opened[0]?.say("snapshot", COPY);
  vi.advanceTimersByTime(31_000);
  expect(opened).toHaveLength(1);
  vi.advanceTimersByTime(4_000);
  expect(opened).toHaveLength(2);
  expect(opened[0]?.readyState).toBe(Connection.CLOSED);
});

test("a server that stays away is asked less and less often", () => {
  for (let tries = 0; tries < 10; tries += 1) {
    opened.at(-1)?.fail();
    vi.advanceTimersByTime(23_000);
  }
  const many = opened.length;
  opened.at(-1)?.fail();
  vi.advanceTimersByTime(7_000);
  expect(opened).toHaveLength(many);
});

test("a frame that cannot be read starts the stream anew with a snapshot", () => {
  position = 4;
  opened[0]?.say("alert", '{"position": 5}');
  vi.advanceTimersByTime(2_000);
  expect(heard).toEqual([]);
  expect(opened[1]?.url).toBe("/v1/stream");
});

test("a frame that cannot be read is an error, never an empty board", () => {
  expect(() => decode("snapshot", "{}")).toThrow();
  expect(() => decode("alert", "not JSON")).toThrow();
});

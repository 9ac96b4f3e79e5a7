/** The stream as officers see it: with a token it also carries what waits for a second person. EventSource sends none. */

import { session } from "./session.svelte";

const AGAIN = 3_000;

/** Calls `heard` with the name of each event, until stopped. */
export function follow(heard: (event: string) => void): () => void {
  const stop = new AbortController();
  void (async () => {
    while (!stop.signal.aborted) {
      await read(heard, stop.signal).catch(() => undefined);
      await new Promise((done) => setTimeout(done, AGAIN));
    }
  })();
  return () => stop.abort();
}

async function read(heard: (event: string) => void, signal: AbortSignal): Promise<void> {
  const response = await fetch("/v1/stream", { headers: { Accept: "text/event-stream", ...session.headers() }, signal });
  if (!response.ok || response.body === null) return;
  let rest = "";
  for await (const piece of response.body.pipeThrough(new TextDecoderStream()) as unknown as AsyncIterable<string>) {
    const lines = (rest + piece).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) if (line.startsWith("event:")) heard(line.slice(6).trim());
  }
}

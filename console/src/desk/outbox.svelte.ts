/**
 * Orders that were given where there was no network, kept on the device until the server has them. Each keeps the time
 * at which it was done and the key under which it may be sent twice. They go in the order in which they were given.
 */

import { newKey, Problem, send } from "./api";

export interface Waiting {
  readonly id: number;
  readonly kind: string;
  readonly fields: Readonly<Record<string, unknown>>;
  readonly key: string;
  /** Why the server will not have it; empty while it only waits. */
  readonly refused: string;
}

const NAME = "tocsin-outbox";
const STORE = "orders";
const AGAIN = 4_000;

function opened(): Promise<IDBDatabase> {
  return new Promise((done, fail) => {
    const asked = indexedDB.open(NAME, 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore(STORE, { keyPath: "id", autoIncrement: true });
    asked.onsuccess = () => done(asked.result);
    asked.onerror = () => fail(asked.error ?? new Error("the outbox cannot be opened"));
  });
}

async function run<T>(mode: IDBTransactionMode, act: (store: IDBObjectStore) => IDBRequest<T>): Promise<T> {
  const db = await opened();
  try {
    return await new Promise((done, fail) => {
      const asked = act(db.transaction(STORE, mode).objectStore(STORE));
      asked.onsuccess = () => done(asked.result);
      asked.onerror = () => fail(asked.error ?? new Error("the outbox cannot be used"));
    });
  } finally {
    db.close();
  }
}

class Outbox {
  waiting = $state.raw<readonly Waiting[]>([]);
  private sending: Promise<void> | null = null;

  /** Returns what stops it. */
  start(sent: () => void): () => void {
    const go = (): void => void this.flush(sent);
    addEventListener("online", go);
    const timer = setInterval(() => this.waiting.some((each) => !each.refused) && go(), AGAIN);
    go();
    return () => {
      removeEventListener("online", go);
      clearInterval(timer);
    };
  }

  /** Keep an order done now, then try to send it. */
  async give(kind: string, fields: Readonly<Record<string, unknown>>, done: Date, sent: () => void): Promise<void> {
    const order = { kind, fields: { ...fields, occurred: done.toISOString() }, key: newKey(), refused: "" };
    await run("readwrite", (store) => store.add(order));
    await this.flush(sent);
  }

  async forget(id: number): Promise<void> {
    await run("readwrite", (store) => store.delete(id));
    await this.read();
  }

  flush(sent: () => void): Promise<void> {
    this.sending ??= this.sendAll(sent).finally(() => (this.sending = null));
    return this.sending;
  }

  private async sendAll(sent: () => void): Promise<void> {
    await this.read();
    for (let next = this.next(); next !== undefined; next = this.next()) {
      try {
        await send(next.kind, next.fields, next.key);
        await run("readwrite", (store) => store.delete(next?.id ?? 0));
        sent();
      } catch (error) {
        if (!(error instanceof Problem)) throw error;
        // No network, no session or a server in trouble: everything waits, in its order.
        if (error.status === 0 || error.status === 401 || error.status >= 500) return;
        const refused: Waiting = { ...next, refused: error.message };
        await run("readwrite", (store) => store.put(refused));
      }
      await this.read();
    }
  }

  private next(): Waiting | undefined {
    return this.waiting.find((each) => !each.refused);
  }

  private async read(): Promise<void> {
    this.waiting = (await run("readonly", (store) => store.getAll())) as Waiting[];
  }
}

export const outbox = new Outbox();

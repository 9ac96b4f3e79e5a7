/** Asks and orders of whoever is signed in, typed by the server's own OpenAPI document. */

import type { components, operations, paths } from "../api.gen";
import { session } from "./session.svelte";

export type Schemas = components["schemas"];

type Json<Operation> = Operation extends { responses: { 200: { content: { "application/json": infer Answer } } } } ? Answer : never;
type Readable = { [Path in keyof paths]: paths[Path] extends { get: infer Operation } ? (Json<Operation> extends never ? never : Path) : never }[keyof paths];
export type Answer<Path extends Readable> = paths[Path] extends { get: infer Operation } ? Json<Operation> : never;

export type Kind = keyof { [Name in keyof operations as `/v1/commands/${Name & string}` extends keyof paths ? Name : never]: true };
export type Fields<Name extends Kind> = Omit<operations[Name] extends { requestBody: { content: { "application/json": infer Body } } } ? Body : never, "kind">;

/** What the server said no to, or that it could not be asked: then `status` is 0. */
export class Problem extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    detail: string,
    readonly where = "",
  ) {
    super(detail);
  }
}

const PATIENCE = 15_000;

/** Throws Problem. */
export async function fetchAs(path: string, init: RequestInit = {}): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(path, {
      ...init,
      headers: { Accept: "application/json", ...session.headers(), ...(init.headers as Record<string, string> | undefined) },
      signal: init.signal ?? AbortSignal.timeout(PATIENCE),
    });
  } catch (error) {
    throw new Problem(0, "unreachable", error instanceof Error ? error.message : String(error));
  }
  if (response.ok) return response;
  if (response.status === 401) session.signOut();
  throw await problemOf(response);
}

async function problemOf(response: Response): Promise<Problem> {
  const said: unknown = await response.json().catch(() => null);
  const { code, detail, where } = (typeof said === "object" && said !== null ? said : {}) as Record<string, unknown>;
  const words = (value: unknown, otherwise: string): string => (typeof value === "string" ? value : otherwise);
  return new Problem(response.status, words(code, "error"), words(detail, response.statusText), words(where, ""));
}

export type Query = Readonly<Record<string, string | number | null | undefined>>;

/** `/v1/attacks/{attack_id}/claims` with its holes filled and a query. */
export function address(path: string, query: Query = {}, holes: Readonly<Record<string, string>> = {}): string {
  const filled = path.replace(/\{(\w+)\}/g, (_, hole: string) => encodeURIComponent(holes[hole] ?? ""));
  const asked = Object.entries(query).flatMap(([name, value]) => (value === null || value === undefined ? [] : [[name, String(value)]]));
  return asked.length > 0 ? `${filled}?${new URLSearchParams(asked)}` : filled;
}

export async function ask<Path extends Readable>(path: Path, query: Query = {}, holes: Readonly<Record<string, string>> = {}): Promise<Answer<Path>> {
  return (await (await fetchAs(address(path, query, holes))).json()) as Answer<Path>;
}

/** A key that makes a repeat of an order harmless. Not `randomUUID`, which a page without https does not have. */
export function newKey(): string {
  return [...crypto.getRandomValues(new Uint8Array(12))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

export interface Accepted {
  readonly position: number;
  readonly events: readonly string[];
  readonly stream: string;
}

export async function order<Name extends Kind>(kind: Name, fields: Fields<Name>, key = newKey()): Promise<Accepted> {
  return send(kind, fields, key);
}

/** An order whose kind is only known now, such as one that waited in the outbox. */
export async function send(kind: string, fields: object, key: string): Promise<Accepted> {
  const headers = { "Content-Type": "application/json", "Idempotency-Key": key };
  return (await (await fetchAs(`/v1/commands/${kind}`, { method: "POST", body: JSON.stringify(fields), headers })).json()) as Accepted;
}

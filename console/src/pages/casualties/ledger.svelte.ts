/** What is known of one attack's casualties as of a time, and how it came to be known. */

import { ask, Problem, type Schemas } from "../../desk/api";
import { moments, series, type Point } from "../../desk/series";
import { live } from "../../live.svelte";
import * as read from "../../read";
import { shown } from "../../figures";

export class Ledger {
  attacks = $state.raw<readonly Schemas["AttackState"][]>([]);
  attack = $state(location.pathname.split("/")[2] ?? "");
  /** RFC 3339 in the reader's field, or empty for now. */
  asOf = $state(new URLSearchParams(location.search).get("as_of") ?? "");
  key = $state("killed");
  answer = $state.raw<Schemas["FiguresAnswer"] | null>(null);
  entries = $state.raw<readonly Schemas["Entry"][]>([]);
  persons = $state.raw<Schemas["PersonsAnswer"] | null>(null);
  hospitals = $state.raw<readonly Schemas["HospitalLine"][]>([]);
  problem = $state.raw<Problem | null>(null);
  private past = $state.raw<readonly Schemas["FiguresAnswer"][]>([]);
  private turn = 0;

  readonly figures = $derived(this.answer === null ? [] : shown(read.figures(this.answer).list));
  readonly points = $derived.by((): readonly Point[] => series(this.past, this.key));
  readonly claims = $derived(new Map(this.entries.map((entry) => [entry.claim.id, entry])));

  async start(): Promise<void> {
    try {
      [{ attacks: this.attacks }, { hospitals: this.hospitals }] = await Promise.all([ask("/v1/attacks"), ask("/v1/hospitals")]);
    } catch (error) {
      this.fail(error);
    }
    this.attack ||= this.attacks[0]?.attack ?? "";
    await this.look();
  }

  /** Read the attack as of the time; the answers of the past come after, one by one. */
  async look(): Promise<void> {
    const mine = ++this.turn;
    const holes = { attack_id: this.attack };
    if (!this.attack) return;
    history.replaceState(null, "", this.link());
    try {
      const [answer, claims, persons] = await Promise.all([
        ask("/v1/attacks/{attack_id}/figures", { as_of: this.asOf || null }, holes),
        ask("/v1/attacks/{attack_id}/claims", {}, holes),
        ask("/v1/attacks/{attack_id}/persons", { as_of: this.asOf || null }, holes).catch(() => null),
      ]);
      if (mine !== this.turn) return;
      [this.answer, this.entries, this.persons, this.problem] = [answer, claims.claims, persons, null];
      const found: Schemas["FiguresAnswer"][] = [];
      for (const at of moments(claims.claims, Date.parse(answer.as_of))) {
        found.push(await ask("/v1/attacks/{attack_id}/figures", { as_of: new Date(at).toISOString() }, holes));
        if (mine !== this.turn) return;
      }
      this.past = found;
    } catch (error) {
      this.fail(error);
    }
  }

  /** An address that shows the same on another day. */
  link(pinned = this.asOf): string {
    const query = pinned ? `?${new URLSearchParams({ as_of: pinned })}` : "";
    return `/casualties/${encodeURIComponent(this.attack)}${query}`;
  }

  get pinned(): string {
    return this.link(this.asOf || new Date(live.now).toISOString());
  }

  private fail(error: unknown): void {
    if (!(error instanceof Problem)) throw error;
    this.problem = error;
  }
}

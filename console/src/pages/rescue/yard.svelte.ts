/** What the rescue board knows. */

import { ask, order, Problem, type Fields, type Kind, type Schemas } from "../../desk/api";
import { outbox } from "../../desk/outbox.svelte";
import { Watched } from "../../desk/watched.svelte";

export type Site = Schemas["WorksiteState"];

const OFTEN = 3_000;
const SELDOM = 15_000;

export class Yard {
  readonly sites = new Watched(() => ask("/v1/worksites"), OFTEN);
  readonly teams = new Watched(() => ask("/v1/teams"), OFTEN);
  readonly needs = new Watched(() => ask("/v1/needs"), OFTEN);
  readonly impacts = new Watched(() => ask("/v1/impacts"), SELDOM);
  chosen = $state("");
  problem = $state.raw<Problem | null>(null);

  readonly all = $derived((this.sites.value?.worksites ?? []).filter((site) => site.stage !== "merged"));
  readonly site = $derived(this.all.find((site) => site.id === this.chosen) ?? null);

  start(): () => void {
    const stops = [this.sites, this.teams, this.needs, this.impacts].map((each) => each.start());
    stops.push(outbox.start(() => this.refresh()));
    return () => stops.forEach((stop) => stop());
  }

  refresh(): void {
    for (const each of [this.sites, this.teams, this.needs, this.impacts]) void each.refresh();
  }

  /** What was seen at a site: kept on the device first, so that nothing is lost without a network. */
  note(kind: Kind, fields: Readonly<Record<string, unknown>>): Promise<void> {
    return outbox.give(kind, fields, new Date(), () => this.refresh());
  }

  /** What the board decides now, or not at all. */
  async give<Name extends Kind>(kind: Name, fields: Fields<Name>): Promise<void> {
    this.problem = null;
    try {
      await order(kind, fields);
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      this.problem = error;
    }
    this.refresh();
  }
}

/** What the console knows, and what the officer is about to do. */

import { ask, order, Problem, type Accepted, type Fields, type Kind, type Schemas } from "../../desk/api";
import { follow } from "../../desk/follow";
import { Watched } from "../../desk/watched.svelte";
import { live } from "../../live.svelte";
import { inLang } from "../../words";
import { settings } from "../../settings.svelte";

export type Line = Schemas["DeskLine"];
export type Threat = Schemas["Threat"];

export const THREATS: readonly Threat[] = ["missile", "ballistic", "drone", "combined", "artillery", "chemical", "other"];

/** Milliseconds. The stream rings for what is urgent; this is for what it cannot say, such as an age. */
const OFTEN = 2_000;
const SELDOM = 60_000;
const HOUR = 3_600_000;

export class Desk {
  readonly alerts = new Watched(() => ask("/v1/alerts"), OFTEN);
  readonly templates = new Watched(() => ask("/v1/alerts/templates"), SELDOM);
  readonly sirens = new Watched(() => ask("/v1/sirens", { alert: this.about || null }), OFTEN);
  readonly receipts = new Watched(() => ask("/v1/receipts", { alert: this.about || null, limit: 200 }), OFTEN);
  readonly audience: Watched<Schemas["Audience"]> = new Watched(() => (this.areas.length > 0 ? ask("/v1/alerts/audience", { areas: this.areas.join(",") }) : null), SELDOM);

  areas = $state.raw<readonly string[]>([]);
  threat = $state<Threat | null>(null);
  warning = $state(false);
  /** The alert that the keys and the tables speak of. */
  marked = $state("");
  said = $state("");
  problem = $state.raw<Problem | null>(null);
  busy = $state(false);

  readonly lines = $derived.by((): readonly Line[] => this.alerts.value?.alerts ?? []);
  readonly line = $derived(this.lines.find((line) => line.alert === this.marked) ?? this.lines.at(-1) ?? null);
  readonly phase = $derived(this.warning ? "pre_alert" : "alert");
  readonly words = $derived.by(() => this.templates.value?.templates.find((each) => each.threat === this.threat && each.phase === this.phase) ?? null);
  readonly rule = $derived(this.audience.value?.rules.find((rule) => rule.threat === this.threat) ?? null);

  /** The alert whose answers are shown: the marked one, if it has gone out. */
  private get about(): string {
    return this.line !== null && this.line.revision > 0 ? this.line.alert : "";
  }

  start(): () => void {
    const stops = [this.alerts, this.templates, this.sirens, this.receipts, this.audience].map((each) => each.start());
    stops.push(follow((event) => (event === "duty" || event === "alert") && this.refresh()));
    return () => stops.forEach((stop) => stop());
  }

  refresh(): void {
    for (const each of [this.alerts, this.sirens, this.receipts]) void each.refresh();
  }

  toggle(code: string): void {
    this.areas = this.areas.includes(code) ? this.areas.filter((each) => each !== code) : [...this.areas, code];
    this.said = "";
    void this.audience.refresh();
  }

  choose(threat: Threat): void {
    this.threat = threat;
    this.said = "";
  }

  forget(): void {
    this.areas = [];
    this.threat = null;
    this.warning = false;
  }

  mark(by: number): void {
    const at = this.lines.findIndex((line) => line.alert === this.line?.alert);
    this.marked = this.lines[(at + by + this.lines.length) % this.lines.length]?.alert ?? "";
  }

  async raise(texts: Record<string, string>): Promise<Accepted | null> {
    if (this.threat === null || this.areas.length === 0) return null;
    const done = await this.give("alert.raise", { alert: "", areas: [...this.areas], threat: this.threat, phase: this.phase, texts });
    if (done !== null) {
      this.forget();
      this.marked = done.stream.replace(/^alert\//, "");
    }
    return done;
  }

  extend(line: Line): Promise<Accepted | null> {
    const from = Math.max(live.now, line.expires === null ? 0 : Date.parse(line.expires));
    return this.give("alert.update", { alert: line.alert, expires: new Date(from + HOUR).toISOString() } as Fields<"alert.update">);
  }

  async give<Name extends Kind>(kind: Name, fields: Fields<Name>): Promise<Accepted | null> {
    this.busy = true;
    this.problem = null;
    try {
      return await order(kind, fields);
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      this.problem = error;
      return null;
    } finally {
      this.busy = false;
      this.refresh();
    }
  }

  name(code: string): string {
    const area = live.areas?.list.find((each) => each.code === code);
    return area ? inLang(area.names, settings.lang) : code;
  }
}

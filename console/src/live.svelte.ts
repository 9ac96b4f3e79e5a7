/** Everything the page knows, as it changes: the board by the stream, the rest by asking. */

import { untrack } from "svelte";
import { elapsedClock } from "./elapsed";
import { current } from "./figures";
import { keepBoard, remember } from "./memory";
import { get, poll, type Poll } from "./poll";
import * as read from "./read";
import { serverTime, type Reckoning } from "./reckoning";
import { settings } from "./settings.svelte";
import { play } from "./sound";
import { apply, sound, tell, type Board, type Frame, type Told } from "./state";
import { Stream } from "./stream";
import type {
  Area,
  Areas,
  AreaState,
  Attack,
  Bulletin,
  City,
  DemoClock,
  Figures,
  Happening,
  Instant,
  Shelter,
  Sirens,
  Worksite,
} from "./types";

/** Milliseconds. Shelters are many and the stream says when one changed, so they are asked for seldom. */
const OFTEN = 2_500;
const SELDOM = 30_000;
const AGAIN = 5_000;

/** What a page may ask for beside the board, the city and its areas. */
export type Ask = "demo" | "sirens" | "worksites" | "timeline" | "bulletins" | "attacks" | "figures" | "shelters" | "water";
export const EVERYTHING: readonly Ask[] = ["demo", "sirens", "worksites", "timeline", "bulletins", "attacks", "figures", "shelters", "water"];

export class Live {
  board = $state.raw<Board | null>(null);
  realm = $state("unknown");
  city = $state.raw<City | null>(null);
  areas = $state.raw<Areas | null>(null);
  water = $state.raw<GeoJSON.FeatureCollection | null>(null);
  shelters = $state.raw<readonly Shelter[]>([]);
  sirens = $state.raw<Sirens | null>(null);
  worksites = $state.raw<readonly Worksite[] | null>(null);
  attacks = $state.raw<readonly Attack[]>([]);
  figures = $state.raw<Figures | null>(null);
  bulletins = $state.raw<readonly Bulletin[] | null>(null);
  timeline = $state.raw<readonly Happening[] | null>(null);
  demo = $state.raw<DemoClock | null>(null);

  private readonly elapsed = elapsedClock();
  private at = $state(0);
  private reckoning = $state.raw<Reckoning | null>(null);
  private knownAt = $state<Instant | null>(null);
  /** What was known when this device last heard us, too old to be believed: it says since when nothing is known. */
  private readonly remembered = remember();
  private heard: AreaState | null = null;
  private polls: Partial<Record<Ask, Poll>> = {};

  /** The area the banner speaks of: the chosen one, else the first without a parent. */
  readonly area = $derived.by((): Area | null => {
    const list = this.areas?.list ?? [];
    return list.find((area) => area.code === settings.area) ?? list.find((area) => area.parent === null) ?? list[0] ?? null;
  });
  readonly told = $derived.by((): Told => {
    const told = tell(this.board ?? this.remembered, this.area?.code ?? "", this.at);
    return told.knownAt === null ? { ...told, knownAt: this.knownAt } : told;
  });
  readonly zone = $derived(this.city?.timeZone ?? "Europe/Kyiv");
  /** Milliseconds since the last full copy of the board came. */
  readonly age = $derived(this.board === null ? null : this.at - this.board.heardAt);
  readonly now = $derived.by((): Instant => {
    const from = this.reckoning;
    return from === null ? Date.now() : serverTime(from, this.at);
  });
  readonly attack = $derived(current(this.attacks, this.now));

  /** What may be said of an area at this moment, for whoever does not follow the clock. */
  stateNow(code: string): AreaState {
    return tell(this.board, code, untrack(() => this.at)).state;
  }

  /** Codes of an area and of all inside it. */
  within(code: string): ReadonlySet<string> {
    const parents = new Map(this.areas?.list.map((area) => [area.code, area.parent]));
    const inside = (each: string): boolean => {
      const seen = new Set<string>();
      for (let at: string | null | undefined = each; at && !seen.has(at); at = parents.get(at)) {
        if (at === code) return true;
        seen.add(at);
      }
      return false;
    };
    return new Set([...parents.keys()].filter(inside));
  }

  /** Start following the board, and asking for what the page shows. Returns what stops it. */
  start(asks: readonly Ask[]): () => void {
    const stream = new Stream({
      frame: (frame) => this.take(frame),
      fact: (fact) => this.polls[fact === "shelter" ? "shelters" : "bulletins"]?.refresh(),
      position: () => this.board?.position ?? null,
    });
    stream.start();
    const ticking = setInterval(() => this.tick(), 1_000);
    const wake = (): void => this.wake(stream);
    document.addEventListener("visibilitychange", wake);
    addEventListener("online", wake);
    void this.readPlace(asks.includes("water"));
    this.polls = this.ask(asks);
    return () => {
      stream.stop();
      clearInterval(ticking);
      document.removeEventListener("visibilitychange", wake);
      removeEventListener("online", wake);
      for (const each of Object.values(this.polls)) each.stop();
    };
  }

  async setSpeed(speed: number | null): Promise<void> {
    const body = JSON.stringify({ speed });
    try {
      await fetch("/v1/demo/clock", { method: "POST", body, headers: { "Content-Type": "application/json" } });
    } finally {
      this.polls.demo?.refresh();
    }
  }

  private tick(): void {
    this.at = this.elapsed();
  }

  private wake(stream: Stream): void {
    this.tick();
    // A phone that was asleep must not wait for a dead connection to be noticed.
    if (!document.hidden && this.told.lost) stream.start();
  }

  private take(frame: Frame): void {
    this.tick();
    this.board = apply(this.board, frame, this.at);
    if (this.board === null) return;
    this.realm = this.board.realm;
    if (frame.event !== "alert") keepBoard(this.board);
    this.knownAt = this.board.generatedAt;
    if (frame.event !== "alert" && this.demo === null) this.reckon(this.board.generatedAt, 1);
    if (frame.event === "alert") for (const name of ["sirens", "timeline"] as const) this.polls[name]?.refresh();
    this.speak();
  }

  private speak(): void {
    if (this.told.lost || this.area === null) return;
    const signal = this.heard?.area === this.told.state.area ? sound(this.heard, this.told.state) : null;
    this.heard = this.told.state;
    if (signal !== null && settings.sound) play(signal);
  }

  private reckon(server: Instant, rate: number): void {
    this.reckoning = { server, at: this.at, rate };
  }

  /** What does not change while the page is open, until it is there. */
  private async readPlace(withWater: boolean): Promise<void> {
    const [city, areas, water] = await Promise.all([get("/v1/city"), get("/v1/areas"), withWater ? get("/v1/city/water") : null]);
    if (city !== null) this.city = read.city(city);
    if (areas !== null) this.areas = read.areas(areas);
    if (water !== null) this.water = read.geojson(water);
    this.speak();
    if (this.city === null || this.areas === null) setTimeout(() => void this.readPlace(withWater), AGAIN);
  }

  private ask(asks: readonly Ask[]): Partial<Record<Ask, Poll>> {
    const ways: Record<Exclude<Ask, "water">, () => Poll> = {
      demo: () => poll(() => this.demoUrl(), read.demoClock, OFTEN, (clock) => this.setClock(clock)),
      sirens: () => poll(() => this.sirensUrl(), read.sirens, OFTEN, (sirens) => (this.sirens = sirens)),
      worksites: () => poll(() => "/v1/worksites", read.worksites, OFTEN, (sites) => (this.worksites = sites)),
      timeline: () => poll(() => "/v1/timeline?limit=60", read.timeline, OFTEN, (lines) => (this.timeline = lines)),
      bulletins: () => poll(() => "/v1/bulletins", read.bulletins, OFTEN, (issues) => (this.bulletins = issues)),
      attacks: () => poll(() => "/v1/attacks", read.attacks, OFTEN, (attacks) => (this.attacks = attacks ?? [])),
      figures: () => poll(() => this.figuresUrl(), read.figures, OFTEN, (figures) => (this.figures = figures)),
      shelters: () => poll(() => "/v1/shelters", read.shelters, SELDOM, (shelters) => (this.shelters = shelters ?? [])),
    };
    return Object.fromEntries(asks.flatMap((name) => (name === "water" ? [] : [[name, ways[name]()]])));
  }

  /** Only a replay has a clock of its own, and a replay is an exercise. */
  private demoUrl(): string | null {
    return this.realm === "exercise" ? "/v1/demo/clock" : null;
  }

  private figuresUrl(): string | null {
    return this.attack === null ? null : `/v1/attacks/${encodeURIComponent(this.attack.attack.attack)}/figures`;
  }

  /** Who answered the alert that speaks for the area, not any of the last twenty. */
  private sirensUrl(): string {
    const alert = this.told.state.alert;
    return alert ? `/v1/sirens?alert=${encodeURIComponent(alert)}` : "/v1/sirens";
  }

  private setClock(clock: DemoClock | null): void {
    this.demo = clock;
    this.tick();
    // At full speed nobody can say what time it will be in a second.
    if (clock !== null) this.reckon(clock.now, clock.speed ?? 0);
  }
}

export const live = new Live();

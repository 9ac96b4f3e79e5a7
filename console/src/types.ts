/** What the server says, as the page uses it. `read.ts` makes these from JSON that it does not trust. */

/** To add a language: here, then wherever `npm run check` finds a table of words without it. */
export const LANGS = ["uk", "en"] as const;
export type Lang = (typeof LANGS)[number];
export type Words = Readonly<Partial<Record<string, string>>>;

export const PHASES = ["pre_alert", "alert", "all_clear", "correction", "expired", "unknown"] as const;
export type Phase = (typeof PHASES)[number];

export const DANGER: ReadonlySet<Phase> = new Set<Phase>(["pre_alert", "alert"]);

/** Milliseconds since 1970. */
export type Instant = number;

export interface AreaState {
  readonly area: string;
  readonly phase: Phase;
  readonly since: Instant | null;
  readonly threat: string | null;
  readonly alert: string;
  readonly partly: readonly string[];
  readonly texts: Words;
}

export interface BoardCopy {
  readonly realm: string;
  readonly position: number;
  readonly generatedAt: Instant;
  readonly validUntil: Instant;
  readonly areas: readonly AreaState[];
}

export interface AlertFrame {
  readonly realm: string;
  readonly position: number;
  readonly states: readonly AreaState[];
}

export interface Area {
  readonly code: string;
  readonly level: string;
  readonly names: Words;
  readonly parent: string | null;
}

export interface Areas {
  readonly list: readonly Area[];
  /** As it came, for the map. */
  readonly geojson: GeoJSON.FeatureCollection;
}

export interface City {
  readonly names: Words;
  readonly timeZone: string;
  readonly bbox: readonly [number, number, number, number] | null;
  readonly generated: boolean;
  /** Whose data it is, which whoever shows it must say. */
  readonly licence: string;
}

export type ShelterStatus = "open" | "full" | "closed" | "unknown";

export interface Shelter {
  readonly id: string;
  readonly names: Words;
  readonly kind: string;
  readonly capacity: number | null;
  readonly people: number | null;
  readonly status: ShelterStatus;
  readonly stepFree: boolean;
  readonly area: string;
  readonly lat: number;
  readonly lon: number;
}

export interface Siren {
  readonly id: string;
  readonly area: string;
  readonly lat: number;
  readonly lon: number;
  readonly online: boolean | null;
  readonly sounding: boolean | null;
  readonly answer: string | null;
  readonly unwanted: boolean;
}

export interface SirenCount {
  readonly total: number;
  readonly alert: number;
  readonly clear: number;
  /** Seconds. */
  readonly alertP50: number | null;
  readonly clearP50: number | null;
}

export interface Sirens {
  readonly count: SirenCount;
  readonly list: readonly Siren[];
}

export interface Task {
  readonly operation: string;
  readonly finished: boolean;
}

export interface Worksite {
  readonly id: string;
  readonly kind: string;
  readonly stage: string;
  readonly category: string | null;
  readonly scheme: string | null;
  readonly lat: number;
  readonly lon: number;
  readonly area: string;
  readonly address: string;
  readonly rescuedAlive: number;
  readonly recoveredDead: number;
  readonly missing: number | null;
  readonly teams: number;
  readonly teamsOnSite: number;
  readonly tasks: readonly Task[];
}

export interface Attack {
  readonly attack: string;
  readonly names: Words;
  readonly start: Instant | null;
  readonly end: Instant | null;
}

export interface Figure {
  readonly key: string;
  readonly low: number;
  readonly best: number;
  /** Null while it is open. */
  readonly high: number | null;
  readonly status: string;
  readonly phrase: Words;
  readonly source: Words;
  readonly asOf: Instant | null;
  readonly claims: number;
  /** Why sources disagree, one line for each pair of claims. */
  readonly conflicts: readonly Words[];
}

export interface Figures {
  readonly attack: string;
  readonly list: readonly Figure[];
}

export interface Bulletin {
  readonly attack: string;
  readonly number: number;
  readonly version: string;
  readonly lead: Words;
  readonly texts: Words;
  readonly published: Instant | null;
  readonly withdrawn: Instant | null;
  readonly withdrawal: Words;
}

export interface Happening {
  readonly position: number;
  readonly time: Instant | null;
  readonly kind: string;
  /** Id of what it happened to. */
  readonly subject: string;
  readonly areas: readonly string[];
  readonly texts: Words;
}

export interface DemoClock {
  readonly now: Instant;
  /** Scenario seconds per second; 0 stands still, null is as fast as it goes. */
  readonly speed: number | null;
  readonly starts: Instant | null;
  readonly ends: Instant | null;
  readonly title: Words;
}

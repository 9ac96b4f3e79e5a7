/**
 * JSON into our types, total: whatever is missing or malformed becomes a gap, never an exception and never "safe".
 *
 * Only the board may refuse: a copy whose time or areas cannot be read returns null, and the page goes UNKNOWN.
 */

import type { components } from "./api.gen";
import type {
  AlertFrame,
  Area,
  Areas,
  AreaState,
  Attack,
  BoardCopy,
  Bulletin,
  City,
  DemoClock,
  Figure,
  Figures,
  Happening,
  Instant,
  Phase,
  Shelter,
  ShelterStatus,
  SirenCount,
  Siren,
  Sirens,
  Words,
  Worksite,
} from "./types";
import { PHASES } from "./types";

type Schemas = components["schemas"];
/** A JSON object whose fields we look for by the names that the server's OpenAPI gives them, trusting none to be there. */
type Fields<Name extends keyof Schemas> = { readonly [Field in keyof Schemas[Name]]?: unknown };
type Loose = Readonly<Record<string, unknown>>;

const NOTHING: Loose = {};
const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/;

function loose(value: unknown): Loose {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Loose) : NOTHING;
}

function fields<Name extends keyof Schemas>(value: unknown): Fields<Name> {
  return loose(value) as Fields<Name>;
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}

function maybeText(value: unknown): string | null {
  return text(value) || null;
}

function number(value: unknown): number | null {
  return typeof value === "number" && Number.isFinite(value) ? value : null;
}

function flag(value: unknown): boolean | null {
  return typeof value === "boolean" ? value : null;
}

function strings(value: unknown): readonly string[] {
  return list(value).filter((each): each is string => typeof each === "string");
}

function words(value: unknown): Words {
  // A text that names no language is shown in every one.
  if (typeof value === "string") return value ? { uk: value, en: value } : {};
  return Object.fromEntries(Object.entries(loose(value)).filter((pair): pair is [string, string] => text(pair[1]) !== ""));
}

/** A time without an offset means another moment on every device, so it is no time at all. */
export function instant(value: unknown): Instant | null {
  if (typeof value !== "string" || !INSTANT.test(value)) return null;
  const at = Date.parse(value);
  return Number.isNaN(at) ? null : at;
}

function present<T>(value: T | null): value is T {
  return value !== null;
}

export function phase(value: unknown): Phase {
  return PHASES.find((known) => known === value) ?? "unknown";
}

function areaState(value: unknown): AreaState | null {
  const said = fields<"AreaState">(value);
  const area = text(said.area);
  if (!area) return null;
  return {
    area,
    phase: phase(said.phase),
    since: instant(said.since),
    threat: maybeText(said.threat),
    alert: text(said.alert),
    partly: strings(said.partly),
    texts: words(said.texts),
  };
}

export function boardCopy(value: unknown): BoardCopy | null {
  const said = fields<"BoardCopy">(value);
  const position = number(said.position);
  const generatedAt = instant(said.generated_at);
  const validUntil = instant(said.valid_until);
  if (position === null || generatedAt === null || validUntil === null || !Array.isArray(said.areas)) return null;
  return {
    realm: text(said.realm),
    position,
    generatedAt,
    validUntil,
    areas: said.areas.map(areaState).filter(present),
  };
}

export function alertFrame(value: unknown): AlertFrame | null {
  const said = loose(value);
  const position = number(said.position);
  if (position === null || !Array.isArray(said.states)) return null;
  return { realm: text(said.realm), position, states: said.states.map(areaState).filter(present) };
}

interface Feature {
  readonly properties: Loose;
  readonly geometry: Loose;
}

function features(value: unknown): readonly Feature[] {
  return list(loose(value).features).map((each) => ({
    properties: loose(loose(each).properties),
    geometry: loose(loose(each).geometry),
  }));
}

function lonLat(geometry: Loose): readonly [number, number] | null {
  const [lon, lat] = list(geometry.coordinates).map(number);
  return geometry.type === "Point" && lon != null && lat != null ? [lon, lat] : null;
}

export function geojson(value: unknown): GeoJSON.FeatureCollection {
  const found = list(loose(value).features).filter((each) => loose(each).geometry);
  return { type: "FeatureCollection", features: found as GeoJSON.Feature[] };
}

export function areas(value: unknown): Areas | null {
  const found = features(value)
    .map(({ properties }): Area => ({
      code: text(properties.code),
      level: text(properties.level),
      names: words(properties.names),
      parent: maybeText(properties.parent),
    }))
    .filter((area) => area.code);
  return found.length ? { list: found, geojson: geojson(value) } : null;
}

export function city(value: unknown): City | null {
  const said = fields<"CityFacts">(value);
  const [west, south, east, north] = list(said.bbox).map(number);
  const known = west != null && south != null && east != null && north != null;
  return {
    names: words(said.names),
    timeZone: text(said.time_zone),
    bbox: known ? [west, south, east, north] : null,
    generated: said.generated === true,
    licence: text(said.licence),
  };
}

const STATUSES: readonly ShelterStatus[] = ["open", "full", "closed"];

export function shelters(value: unknown): readonly Shelter[] {
  return features(value)
    .map(({ properties, geometry }): Shelter | null => {
      const at = lonLat(geometry);
      const id = text(properties.shelter);
      if (!at || !id) return null;
      return {
        id,
        names: words(properties.names),
        kind: text(properties.kind),
        capacity: number(properties.capacity),
        people: number(properties.people),
        status: STATUSES.find((known) => known === properties.status) ?? "unknown",
        stepFree: properties.step_free === true,
        area: text(properties.area),
        lon: at[0],
        lat: at[1],
      };
    })
    .filter(present);
}

function siren(value: unknown): Siren | null {
  const said = fields<"SirenLine">(value);
  const [lat, lon] = [number(said.lat), number(said.lon)];
  if (lat === null || lon === null) return null;
  return {
    id: text(said.siren),
    area: text(said.area),
    lat,
    lon,
    online: flag(said.online),
    sounding: flag(said.sounding),
    answer: maybeText(said.answer),
    unwanted: said.unwanted === true,
  };
}

export function sirens(value: unknown): Sirens | null {
  const said = fields<"SirenList">(value);
  const counted = fields<"Count">(said.count);
  const found = list(said.sirens).map(siren).filter(present);
  const count: SirenCount = {
    total: number(counted.total) ?? found.length,
    alert: number(counted.acknowledged_alert) ?? 0,
    clear: number(counted.acknowledged_clear) ?? 0,
    alertP50: number(fields<"Latency">(counted.alert_latency).p50),
    clearP50: number(fields<"Latency">(counted.clear_latency).p50),
  };
  return count.total > 0 ? { count, list: found } : null;
}

function worksite(value: unknown): Worksite | null {
  const said = fields<"WorksiteState">(value);
  const [lat, lon] = [number(said.lat), number(said.lon)];
  const id = text(said.id);
  if (lat === null || lon === null || !id) return null;
  const teams = list(said.teams).map((team) => fields<"TeamThere">(team));
  return {
    id,
    kind: text(said.kind),
    stage: text(said.stage),
    category: maybeText(said.category),
    scheme: maybeText(said.scheme),
    lat,
    lon,
    area: text(said.area),
    address: text(said.address),
    rescuedAlive: number(said.rescued_alive) ?? 0,
    recoveredDead: number(said.recovered_dead) ?? 0,
    missing: number(said.missing),
    teams: teams.length,
    teamsOnSite: teams.filter((team) => team.on_site === true).length,
    tasks: list(said.tasks)
      .map((task) => fields<"Task">(task))
      .map((task) => ({ operation: text(task.operation), finished: text(task.result) !== "" })),
  };
}

export function worksites(value: unknown): readonly Worksite[] {
  return list(fields<"WorksiteList">(value).worksites).map(worksite).filter(present);
}

export function attacks(value: unknown): readonly Attack[] {
  return list(fields<"AttackList">(value).attacks)
    .map((attack) => fields<"AttackState">(attack))
    .map((said) => ({
      attack: text(said.attack),
      names: words(said.names),
      start: instant(said.start),
      end: instant(said.end),
    }))
    .filter((attack) => attack.attack);
}

function figure(key: string, value: unknown): Figure | null {
  const said = fields<"FigureCopy">(value);
  const [low, best] = [number(said.low), number(said.best)];
  if (low === null || best === null) return null;
  return {
    key,
    low,
    best,
    high: number(said.high),
    status: text(said.status),
    phrase: words(said.phrases),
    source: words(said.source),
    asOf: instant(said.as_of),
    claims: list(said.claims).length,
    conflicts: list(said.conflicts)
      .map((conflict) => words(fields<"Conflict">(conflict).why))
      .filter((why) => Object.keys(why).length > 0),
  };
}

export function figures(value: unknown): Figures {
  const said = fields<"FiguresAnswer">(value);
  const found = Object.entries(loose(said.figures)).map(([key, each]) => figure(key, each));
  return { attack: text(said.attack), list: found.filter(present) };
}

function bulletin(value: unknown): Bulletin | null {
  const said = fields<"Published">(value);
  const content = fields<"Content">(said.content);
  const issue = number(said.number);
  if (issue === null) return null;
  return {
    attack: text(said.attack),
    number: issue,
    version: text(content.version),
    lead: words(content.lead),
    texts: words(content.texts),
    published: instant(said.published),
    withdrawn: instant(said.withdrawn),
    withdrawal: words(said.withdrawal),
  };
}

export function bulletins(value: unknown): readonly Bulletin[] {
  return list(fields<"BulletinList">(value).bulletins).map(bulletin).filter(present);
}

export function timeline(value: unknown): readonly Happening[] {
  return list(fields<"Events">(value).events)
    .map((line) => fields<"Line">(line))
    .map((said) => ({
      position: number(said.position) ?? 0,
      time: instant(said.time),
      kind: text(said.kind),
      subject: text(said.stream).replace(/^[^/]*\//, ""),
      areas: strings(said.areas),
      texts: words(said.text),
    }));
}

export function demoClock(value: unknown): DemoClock | null {
  const said = loose(value);
  const now = instant(said.now);
  if (now === null) return null;
  return {
    now,
    speed: number(said.speed),
    starts: instant(said.starts),
    ends: instant(said.ends),
    title: words(said.title),
  };
}

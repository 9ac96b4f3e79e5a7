/** Times and numbers for people: the city's clock, whatever zone the device is in. */

import type { Instant, Lang } from "./types";
import { VOCABULARIES } from "./words";

const LOCALES: Readonly<Record<Lang, string>> = { uk: "uk-UA", en: "en-GB" };
const SECOND = 1_000;
const MINUTE = 60;
const HOUR = 3_600;

const formats = new Map<string, Intl.DateTimeFormat>();

function format(lang: Lang, zone: string, name: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${lang} ${zone} ${name}`;
  let found = formats.get(key);
  if (found === undefined) {
    found = new Intl.DateTimeFormat(LOCALES[lang], { ...options, hourCycle: "h23", ...zoned(zone) });
    formats.set(key, found);
  }
  return found;
}

/** Zones that this browser may know under its old name only. */
const ALIASES: Readonly<Record<string, string>> = { "Europe/Kyiv": "Europe/Kiev" };

function zoned(zone: string): Intl.DateTimeFormatOptions {
  for (const timeZone of [zone, ALIASES[zone]]) {
    try {
      if (timeZone) return { timeZone: new Intl.DateTimeFormat("en", { timeZone }).resolvedOptions().timeZone };
    } catch {
      continue;
    }
  }
  return {};
}

export function clock(at: Instant, lang: Lang, zone: string): string {
  return format(lang, zone, "clock", { hour: "2-digit", minute: "2-digit" }).format(at);
}

export function clockSeconds(at: Instant, lang: Lang, zone: string): string {
  return format(lang, zone, "seconds", { hour: "2-digit", minute: "2-digit", second: "2-digit" }).format(at);
}

export function date(at: Instant, lang: Lang, zone: string): string {
  return format(lang, zone, "date", { day: "numeric", month: "long", year: "numeric" }).format(at);
}

export function shortDate(at: Instant, lang: Lang, zone: string): string {
  return format(lang, zone, "short", { day: "numeric", month: "short" }).format(at);
}

/** The time of day; with the date when that is not the day of `now`. */
export function moment(at: Instant, now: Instant, lang: Lang, zone: string): string {
  const time = clock(at, lang, zone);
  return date(at, lang, zone) === date(now, lang, zone) ? time : `${shortDate(at, lang, zone)}, ${time}`;
}

/** Hour of the day in the city, 0 to 23. */
export function hour(at: Instant, zone: string): number {
  return Number(format("en", zone, "hour", { hour: "2-digit" }).format(at)) % 24;
}

/** How long something lasts, in its two largest units: "1 год 12 хв". */
export function duration(milliseconds: number, lang: Lang): string {
  const t = VOCABULARIES[lang];
  const seconds = Math.max(0, Math.floor(milliseconds / SECOND));
  if (seconds < MINUTE) return `${seconds} ${t.s}`;
  const minutes = Math.floor(seconds / MINUTE) % 60;
  const hours = Math.floor(seconds / HOUR);
  if (hours === 0) return `${minutes} ${t.min}`;
  return minutes === 0 ? `${hours} ${t.h}` : `${hours} ${t.h} ${minutes} ${t.min}`;
}

export function number(value: number, lang: Lang, digits = 0): string {
  return value.toLocaleString(LOCALES[lang], { maximumFractionDigits: digits });
}

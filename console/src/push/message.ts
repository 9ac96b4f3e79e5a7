/**
 * What a push says, read with distrust. A phase that this worker does not know is unknown, and so is what is older than
 * it may be: never safe.
 */

import { instant, phase } from "../read";
import type { Instant, Lang, Phase } from "../types";

export interface PushMessage {
  readonly realm: string;
  readonly area: string;
  readonly phase: Phase;
  readonly position: number;
  readonly since: Instant | null;
  readonly tag: string;
  readonly lang: Lang;
  readonly title: string;
  readonly body: string;
  readonly url: string;
}

const UNKNOWN: Readonly<Record<Lang, readonly [string, string]>> = {
  uk: ["Стан невідомий", "Відкрийте сторінку, слухайте сирени й радіо. Поки не знаєте, будьте в укритті."],
  en: ["Status unknown", "Open the page, listen to the sirens and the radio. Until you know, be in shelter."],
};

export function pushMessage(value: unknown, now: Instant): PushMessage {
  const said = (typeof value === "object" && value !== null ? value : {}) as Readonly<Record<string, unknown>>;
  const text = (name: string): string => (typeof said[name] === "string" ? said[name] : "");
  const lang: Lang = said.lang === "en" ? "en" : "uk";
  const until = instant(said.valid_until);
  const told = until !== null && now < until ? phase(said.phase) : "unknown";
  const [title, body] = told === "unknown" ? UNKNOWN[lang] : [text("title"), text("body")];
  return {
    realm: text("realm"),
    area: text("area"),
    phase: told,
    position: typeof said.position === "number" ? said.position : 0,
    since: instant(said.since),
    tag: text("tag") || "tocsin",
    lang,
    title,
    body,
    // Made here: an address that a push brings is opened with one touch, and may be anybody's.
    url: `/?area=${encodeURIComponent(text("area"))}`,
  };
}

/** Which figures are shown, in which order and under which name. */

import { number } from "./format";
import type { Attack, Figure, Instant, Lang } from "./types";
import { inLang, VOCABULARIES } from "./words";

const DAY = 24 * 3_600_000;

/** `hospitalised:child@C-1` in its parts. */
export function parts(key: string): { measure: string; strata: string[]; where: string } {
  const at = key.indexOf("@");
  const [measure = "", ...strata] = (at < 0 ? key : key.slice(0, at)).split(":");
  return { measure, strata, where: at < 0 ? "" : key.slice(at + 1) };
}

/** "Госпіталізовані, діти". A key this page does not know is shown as it is, rather than not at all. */
export function title(key: string, lang: Lang): string {
  const t = VOCABULARIES[lang];
  const { measure, strata, where } = parts(key);
  const named = [t.measure[measure] ?? measure, ...strata.map((stratum) => t.stratum[stratum] ?? stratum)];
  return named.join(", ") + (where ? ` · ${where}` : "");
}

/** Those of the whole attack in the order of a bulletin; figures of single sites stand with their sites. */
export function shown(figures: readonly Figure[]): readonly Figure[] {
  const order = Object.keys(VOCABULARIES.uk.measure);
  const rank = (figure: Figure): number => {
    const { measure, strata } = parts(figure.key);
    const known = order.indexOf(measure);
    return (known < 0 ? order.length : known) * 10 + strata.length;
  };
  return figures.filter((figure) => parts(figure.key).where === "").sort((one, other) => rank(one) - rank(other));
}

/**
 * The attack that the page speaks of: the newest that has begun. `previous` if it was over, or a day old, by now:
 * its numbers must not be taken for tonight's.
 */
export function current(attacks: readonly Attack[], now: Instant): { attack: Attack; previous: boolean } | null {
  const begun = attacks.filter((attack) => attack.start !== null && attack.start <= now);
  const newest = begun.reduce<Attack | null>(
    (found, attack) => (found === null || (attack.start ?? 0) > (found.start ?? 0) ? attack : found),
    null,
  );
  if (newest === null) return null;
  return { attack: newest, previous: now - (newest.end ?? newest.start ?? now) > DAY };
}

/** Where low, best and high stand on a line from 0 to 1; while the range is open, its end is out of sight. */
export function scale(figure: Figure): { low: number; best: number; high: number } {
  if (figure.high === figure.low) return { low: 0.5, best: 0.5, high: 0.5 };
  const to = Math.max(figure.high ?? figure.best * 1.5, figure.best, figure.low + 1);
  const best = (Math.max(figure.best, figure.low) - figure.low) / (to - figure.low);
  return { low: 0, best, high: 1 };
}

const BOUNDS: readonly (readonly [RegExp, string])[] = [
  [/^more than \d/, ">"],
  [/^at least /, "≥"],
];

/**
 * What is written large. "More than 70" is shown as >70: its best figure, 71, is a bound that nobody counted. What is
 * neither a number nor one of these is shown in its own words.
 */
export function large(figure: Figure, lang: Lang): { text: string; words: boolean } {
  const phrase = figure.phrase.en ?? "";
  const sign = BOUNDS.find(([form]) => form.test(phrase))?.[1] ?? "";
  if (sign || phrase === "" || isNumber(phrase)) {
    return { text: sign + number(sign === ">" ? figure.best - 1 : figure.best, lang), words: false };
  }
  return { text: inLang(figure.phrase, lang), words: true };
}

/** "63", "1,204", "nine" or "none", and not "about 60" or "dozens": a word that stands for one number. */
function isNumber(phrase: string): boolean {
  return /^[\d,.]+$/.test(phrase) || SMALL.has(phrase);
}

const SMALL = new Set("none zero one two three four five six seven eight nine ten eleven twelve".split(" "));

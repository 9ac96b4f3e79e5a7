/** What the reader chose. Kept on this device only: the server never needs to know where anybody lives. */

import { hour } from "./format";
import { LANGS, type Lang } from "./types";

export const THEMES = ["auto", "dark", "light"] as const;
export type Theme = (typeof THEMES)[number];

const MORNING = 7;
const EVENING = 20;

function kept(name: string): string | null {
  try {
    return localStorage.getItem(`tocsin.${name}`);
  } catch {
    // Private windows of some browsers refuse; then nothing is kept.
    return null;
  }
}

function keep(name: string, value: string): void {
  try {
    localStorage.setItem(`tocsin.${name}`, value);
  } catch {
    return;
  }
}

class Settings {
  lang = $state<Lang>(LANGS.find((lang) => lang === kept("lang")) ?? "uk");
  theme = $state<Theme>(THEMES.find((theme) => theme === kept("theme")) ?? "auto");
  /** Code of the area the banner speaks of; empty: the city. */
  area = $state(kept("area") ?? "");
  sound = $state(kept("sound") === "on");

  /** Ways and doors without steps only. */
  stepFree = $state(kept("stepFree") === "on");

  setStepFree(on: boolean): void {
    this.stepFree = on;
    keep("stepFree", on ? "on" : "off");
  }

  setLang(lang: Lang): void {
    this.lang = lang;
    keep("lang", lang);
  }

  setTheme(theme: Theme): void {
    this.theme = theme;
    keep("theme", theme);
  }

  setArea(area: string): void {
    this.area = area;
    keep("area", area);
  }

  setSound(on: boolean): void {
    this.sound = on;
    keep("sound", on ? "on" : "off");
  }
}

export const settings = new Settings();

/** The language after this one, round and round. */
export function nextLang(lang: Lang): Lang {
  return LANGS[(LANGS.indexOf(lang) + 1) % LANGS.length] ?? lang;
}

/** Dark at night in the city, and for whoever asks their device for it. */
export function isDark(theme: Theme, zone: string, now: number, preferred: boolean): boolean {
  if (theme !== "auto") return theme === "dark";
  const at = hour(now, zone);
  return preferred || at < MORNING || at >= EVENING;
}

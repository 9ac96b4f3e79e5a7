/** What every page does to its document: language, theme, realm. */

import { live } from "./live.svelte";
import { isDark, settings } from "./settings.svelte";

const preferred = matchMedia("(prefers-color-scheme: dark)");

export function theme(): "dark" | "light" {
  return isDark(settings.theme, live.zone, Date.now(), preferred.matches) ? "dark" : "light";
}

/** To be called while a component is made. */
export function dress(): void {
  $effect(() => {
    const root = document.documentElement;
    root.lang = settings.lang;
    root.dataset.theme = theme();
    root.dataset.realm = live.realm;
  });
}

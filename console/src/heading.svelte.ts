/** The tab of a page that speaks of the state: its phase in words, and its sign. */

import { favicon } from "./favicon";
import { live } from "./live.svelte";
import { settings } from "./settings.svelte";
import { inLang, VOCABULARIES } from "./words";

/** To be called while a component is made. */
export function stateInTitle(): void {
  $effect(() => {
    const t = VOCABULARIES[settings.lang];
    const { phase } = live.told.state;
    const where = live.area ? inLang(live.area.names, settings.lang) : "";
    const word = live.told.lost ? t.phase.unknown : t.phase[phase];
    document.title = `${live.realm === "exercise" ? `${t.exercise} · ` : ""}${word}${where ? ` · ${where}` : ""}`;
    favicon(phase);
  });
}

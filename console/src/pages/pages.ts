/** The pages by the first step of their address. To add one: a line here, its name in `words.ts` and in `http/pages.py`. */

import type { Component } from "svelte";
import type { IconName } from "../components/icons";

interface Page {
  readonly icon: IconName;
  /** Fetched when the page is opened: nobody pays for the pages of others. */
  load(): Promise<{ default: Component }>;
}

export const PAGES: Readonly<Record<string, Page>> = {
  console: { icon: "siren", load: () => import("./console/Console.svelte") },
  rescue: { icon: "collapse", load: () => import("./rescue/Rescue.svelte") },
  casualties: { icon: "statement", load: () => import("./casualties/Casualties.svelte") },
  city: { icon: "whole", load: () => import("./city/City.svelte") },
};

/** "record" of `/record/kyiv-2025-04-24`. */
export function pageName(path: string): string {
  return path.split("/")[1] ?? "";
}

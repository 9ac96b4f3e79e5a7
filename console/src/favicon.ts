/** The tab's sign: the phase's shape and colour, for whoever keeps the page in the background. */

import type { Phase } from "./types";

const SIGNS: Readonly<Record<Phase, readonly [string, string]>> = {
  alert: ["#c3151b", "M16 2 31 30H1Z"],
  pre_alert: ["#f2c21b", "M16 1 31 16 16 31 1 16Z"],
  all_clear: ["#118a55", "M16 1a15 15 0 1 1 0 30 15 15 0 0 1 0-30Z"],
  correction: ["#2a69ae", "M3 3h26v26H3Z"],
  expired: ["#77828d", "M4 2h24L4 30h24Z"],
  unknown: ["#77828d", "M16 1a15 15 0 1 1 0 30 15 15 0 0 1 0-30Zm0 8a7 7 0 1 0 0 14 7 7 0 0 0 0-14Z"],
};

export function favicon(phase: Phase): void {
  const [color, path] = SIGNS[phase];
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><path fill="${color}" d="${path}"/></svg>`;
  let link = document.querySelector<HTMLLinkElement>('link[rel="icon"]');
  if (link === null) {
    link = document.createElement("link");
    link.rel = "icon";
    document.head.append(link);
  }
  link.href = `data:image/svg+xml,${encodeURIComponent(svg)}`;
}

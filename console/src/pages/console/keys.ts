/** What the keys of the console do. A key never does what must be held: it only goes there. */

import { session } from "../../desk/session.svelte";
import { THREATS, type Desk } from "./desk.svelte";

const TYPING = new Set(["INPUT", "TEXTAREA", "SELECT"]);

export function press(event: KeyboardEvent, desk: Desk, help: () => void): void {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target instanceof HTMLElement && TYPING.has(event.target.tagName)) return;
  const act = ACTS[event.key.toLowerCase()];
  const threat = THREATS[Number(event.key) - 1];
  if (event.key === "?") help();
  else if (threat !== undefined) desk.choose(threat);
  else if (act !== undefined) act(desk);
  else return;
  event.preventDefault();
}

const ACTS: Readonly<Record<string, (desk: Desk) => void>> = {
  n: () => focus("[data-area]"),
  h: () => focus(".send button"),
  j: (desk) => desk.mark(1),
  k: (desk) => desk.mark(-1),
  c: (desk) => {
    const { line } = desk;
    if (line !== null && line.unconfirmed_for !== null && line.raised_by !== session.me?.actor) void desk.give("alert.confirm", { alert: line.alert });
  },
  a: (desk) => focusAct(desk, "approve"),
  x: (desk) => focusAct(desk, "clear"),
  f: (desk) => focusAct(desk, "correct"),
  e: (desk) => void (desk.line !== null && session.may("alert.update") && desk.extend(desk.line)),
  escape: (desk) => desk.forget(),
};

function focus(selector: string): void {
  document.querySelector<HTMLElement>(selector)?.focus();
}

function focusAct(desk: Desk, act: string): void {
  if (desk.line !== null) focus(`[data-alert="${CSS.escape(desk.line.alert)}"] [data-act="${act}"] button`);
}

import { PHASES, type Phase } from "../types";

/** The tokens of theme.css that the map draws with. */
export interface Palette {
  readonly phase: Readonly<Record<Phase, string>>;
  readonly mark: Readonly<Record<Phase, string>>;
  readonly ground: string;
  readonly green: string;
  readonly water: string;
  readonly building: string;
  readonly street: string;
  readonly bridge: string;
  readonly shelter: string;
  readonly accent: string;
  readonly card: string;
  readonly line: string;
  readonly quiet: string;
  readonly text: string;
}

export function readPalette(): Palette {
  const style = getComputedStyle(document.documentElement);
  const token = (name: string): string => style.getPropertyValue(`--${name}`).trim();
  // An expired alert is not known to be over, and looks like everything that is not known.
  const each = (suffix: string): Record<Phase, string> =>
    Object.fromEntries(
      PHASES.map((phase) => [phase, token((phase === "expired" ? "unknown" : phase) + suffix)]),
    ) as Record<Phase, string>;
  return {
    phase: each(""),
    mark: each("-mark"),
    ground: token("ground"),
    green: token("green"),
    water: token("water"),
    building: token("building"),
    street: token("street"),
    bridge: token("bridge"),
    shelter: token("shelter"),
    accent: token("accent"),
    card: token("n1"),
    line: token("n4"),
    quiet: token("n5"),
    text: token("n7"),
  };
}

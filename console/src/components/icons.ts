/** Outlines on a 24 px square. Phases differ in shape, so that they can be told apart without colour. */
export const PATHS = {
  alert: "M12 2.5 22.5 21H1.5L12 2.5ZM12 9v6M12 17.6v.4",
  pre_alert: "M12 1.8 22.2 12 12 22.2 1.8 12 12 1.8ZM12 7.5v5.5M12 16v.4",
  all_clear: "M12 2a10 10 0 1 1 0 20 10 10 0 0 1 0-20ZM7.2 12.4l3.3 3.3 6.3-6.9",
  correction: "M3 3h18v18H3V3ZM8 8l8 8M16 8l-8 8",
  expired: "M6 2.5h12M6 21.5h12M7 2.5c0 5 5 6 5 9.5 0-3.5 5-4.5 5-9.5M7 21.5c0-5 5-6 5-9.5 0 3.5 5 4.5 5 9.5",
  unknown: "M12 2a10 10 0 1 1 0 20 10 10 0 0 1 0-20ZM9 9.3a3 3 0 1 1 4.3 2.7c-.9.45-1.3 1-1.3 2M12 17v.4",
  siren: "M5 20h14M7 20v-6a5 5 0 0 1 10 0v6M12 4.5V3M5.5 7 4.4 5.9M18.5 7l1.1-1.1",
  shelter: "M3 11 12 4l9 7M5.5 9.5V20h13V9.5M10 20v-5.5h4V20",
  metro: "M3 19 8 5l4 8 4-8 5 14M2 19h4M18 19h4",
  fire: "M12 21c-4 0-6.5-2.6-6.5-6 0-4 3.5-5.5 4-9.5C13 7 14 9 13.5 11.5c1-.3 1.7-1.2 2-2.3 2 1.7 3 3.7 3 5.8 0 3.4-2.5 6-6.5 6Z",
  collapse: "M3 21h18M5 21V9l5-3 1.5 4-2 2.5 3 2V21M15 21l4.5-7-3-2.5 1-3.5",
  debris: "M3 20h18M5 20l2.5-6 4 1.5L13 20M13.5 14.5 16 9l4.5 3-1 8",
  damage: "M5 21V4h14v17M9 8h2M14 8h1M9 12h6M12 21v-4l-2-1.5",
  bulletin: "M6 2.5h9l4 4V21.5H6V2.5ZM9 10h7M9 13.5h7M9 17h4",
  statement: "M4 5h16v11h-8l-4 4v-4H4V5ZM8 9h8M8 12.5h5",
  record: "M12 3a9 9 0 1 1 0 18 9 9 0 0 1 0-18ZM12 7v5.5l3.5 2",
  pause: "M8 5v14M16 5v14",
  play: "M7 4.5 19 12 7 19.5v-15Z",
  sound: "M4 9.5h3.5L12 5.5v13l-4.5-4H4v-5ZM15.5 9a4 4 0 0 1 0 6M18 6.5a8 8 0 0 1 0 11",
  mute: "M4 9.5h3.5L12 5.5v13l-4.5-4H4v-5ZM16 9.5l5 5M21 9.5l-5 5",
  dark: "M20 14.5A8.5 8.5 0 1 1 9.5 4a7 7 0 0 0 10.5 10.5Z",
  light: "M12 7.5a4.5 4.5 0 1 1 0 9 4.5 4.5 0 0 1 0-9ZM12 2v2M12 20v2M2 12h2M20 12h2M5 5l1.4 1.4M17.6 17.6 19 19M19 5l-1.4 1.4M6.4 17.6 5 19",
  auto: "M12 3a9 9 0 1 1 0 18 9 9 0 0 1 0-18ZM12 3v18M12 8l5-2.5M12 13l8.5-4M12 18l7-3.5",
  plus: "M12 5v14M5 12h14",
  minus: "M5 12h14",
  whole: "M4 9V4h5M20 9V4h-5M4 15v5h5M20 15v5h-5",
  close: "M6 6l12 12M18 6 6 18",
  step_free: "M11 4.5a1.5 1.5 0 1 1 0-.1M11 7v6h5l2.5 5.5M11 9.5h4M8 11.5a5 5 0 1 0 6.5 6",
  arrow: "M12 5v14M6 13l6 6 6-6",
} as const;

export type IconName = keyof typeof PATHS;

export function iconName(name: string, otherwise: IconName): IconName {
  return name in PATHS ? (name as IconName) : otherwise;
}

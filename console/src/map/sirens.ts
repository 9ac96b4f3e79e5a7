import type { Siren } from "../types";
import { EMPTY, point, type Layer } from "./layer";

export type SirenState = "sounding" | "unwanted" | "silent" | "offline" | "unknown";

export function sirenState(siren: Siren): SirenState {
  if (siren.unwanted) return "unwanted";
  // What a siren with a dead link does is not known, whatever it said last.
  if (siren.online === false) return "offline";
  if (siren.sounding === null) return "unknown";
  return siren.sounding ? "sounding" : "silent";
}

/** Sirens by what they do. */
export const sirens: Layer = {
  source: "sirens",
  touchable: ["sirens"],

  of: (scene) => [scene.sirens],

  add(map) {
    map.addSource(this.source, { type: "geojson", data: EMPTY });
    map.addLayer({
      id: "sirens",
      type: "symbol",
      source: this.source,
      layout: {
        "icon-image": ["concat", "siren-", ["get", "state"]],
        "icon-size": ["interpolate", ["linear"], ["zoom"], 9, 0.5, 11, 0.75, 14, 1.2],
        "icon-allow-overlap": true,
        "icon-ignore-placement": true,
      },
    });
  },

  data: (scene) => ({
    type: "FeatureCollection",
    features: scene.sirens.map((siren) => point(siren.lon, siren.lat, { id: siren.id, state: sirenState(siren) })),
  }),
};

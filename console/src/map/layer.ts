import type { Map as MapLibre } from "maplibre-gl";
import type { AreaState, Areas, Lang, Shelter, Siren, Worksite } from "../types";
import type { Palette } from "./palette";

/** All that the map shows. */
export interface Scene {
  readonly areas: Areas | null;
  readonly states: ReadonlyMap<string, AreaState>;
  readonly chosen: string;
  /** Areas that are marked beside the chosen one. */
  readonly marked?: ReadonlySet<string>;
  readonly water: GeoJSON.FeatureCollection | null;
  readonly shelters: readonly Shelter[];
  readonly sirens: readonly Siren[];
  readonly worksites: readonly Worksite[];
  /** Longitude and latitude of the way on foot, where one is shown. */
  readonly way?: readonly (readonly [number, number])[] | undefined;
  readonly lang: Lang;
}

/** One subject of the map: its source and its style layers. Drawn on the GPU, never in the DOM. */
export interface Layer {
  readonly source: string;
  /** Style layers that answer a click, topmost first. */
  readonly touchable: readonly string[];
  /** What of the scene it is made from: as long as that is the same, nothing is drawn anew. */
  of(scene: Scene): readonly unknown[];
  add(map: MapLibre, palette: Palette): void;
  data(scene: Scene): GeoJSON.FeatureCollection;
}

export const EMPTY: GeoJSON.FeatureCollection = { type: "FeatureCollection", features: [] };

/** The font that the style sheet brings; MapLibre draws its letters itself when a style names no glyphs. */
export const FONT = ["Inter Variable"];

export function point(lon: number, lat: number, properties: Record<string, unknown>): GeoJSON.Feature {
  return { type: "Feature", geometry: { type: "Point", coordinates: [lon, lat] }, properties };
}

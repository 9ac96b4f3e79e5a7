/** The base map: our own tiles, quiet under everything that matters. Without them the map still says all it has to. */

import type { ExpressionSpecification, Map as MapLibre } from "maplibre-gl";
import type { Lang } from "../types";
import { FONT } from "./layer";
import type { Palette } from "./palette";

const SOURCE = "base";
const DEEPEST = 15;

const kind: ExpressionSpecification = ["get", "kind"];

function wide(...stops: number[]): ExpressionSpecification {
  return ["interpolate", ["exponential", 1.5], ["zoom"], ...stops] as unknown as ExpressionSpecification;
}

/** Ground, water and buildings: what lies under the colours of the areas. */
export function addGround(map: MapLibre, palette: Palette): void {
  map.addSource(SOURCE, {
    type: "vector",
    // MapLibre fetches tiles in a worker, which knows no page to be relative to.
    tiles: [`${location.origin}/tiles/{z}/{x}/{y}.mvt`],
    minzoom: 6,
    maxzoom: DEEPEST,
  });
  const layer = { source: SOURCE } as const;
  map.addLayer({ ...layer, id: "base-green", "source-layer": "green", type: "fill", paint: { "fill-color": palette.green } });
  map.addLayer({
    ...layer,
    id: "base-water",
    "source-layer": "water",
    type: "fill",
    filter: ["==", ["geometry-type"], "Polygon"],
    paint: { "fill-color": palette.water },
  });
  map.addLayer({
    ...layer,
    id: "base-streams",
    "source-layer": "water",
    type: "line",
    filter: ["==", ["geometry-type"], "LineString"],
    paint: { "line-color": palette.water, "line-width": wide(9, 1, 15, 3) },
  });
  map.addLayer({
    ...layer,
    id: "base-buildings",
    "source-layer": "buildings",
    type: "fill",
    minzoom: 13,
    paint: { "fill-color": palette.building, "fill-outline-color": palette.street },
  });
}

/** Streets, above the colours of the areas: where one is must be readable while it is red. */
export function addStreets(map: MapLibre, palette: Palette): void {
  const layer = { source: SOURCE, "source-layer": "roads", type: "line" } as const;
  const layout = { "line-cap": "round", "line-join": "round" } as const;
  map.addLayer({
    ...layer,
    id: "base-paths",
    minzoom: 13,
    filter: ["match", kind, ["path", "service", "rail"], true, false],
    paint: {
      "line-color": palette.street,
      "line-opacity": 0.75,
      "line-width": wide(13, 0.5, 17, 2),
      "line-dasharray": [2, 1.5],
    },
  });
  map.addLayer({
    ...layer,
    id: "base-streets",
    layout,
    filter: ["==", kind, "minor"],
    paint: { "line-color": palette.street, "line-width": wide(11, 0.4, 14, 1.4, 17, 6) },
  });
  map.addLayer({
    ...layer,
    id: "base-roads",
    layout,
    filter: ["match", kind, ["motorway", "major"], true, false],
    paint: { "line-color": palette.street, "line-width": wide(8, 0.6, 12, 2, 17, 10) },
  });
}

/** Names of streets and places, in letters that MapLibre draws itself. */
export function addNames(map: MapLibre, palette: Palette, lang: Lang): void {
  const paint = { "text-color": palette.quiet, "text-halo-color": palette.ground, "text-halo-width": 1.4 } as const;
  map.addLayer({
    id: "base-street-names",
    type: "symbol",
    source: SOURCE,
    "source-layer": "roads",
    minzoom: 14,
    layout: { "symbol-placement": "line", "text-field": ["get", "name"], "text-font": FONT, "text-size": 11 },
    paint,
  });
  map.addLayer({
    id: "base-places",
    type: "symbol",
    source: SOURCE,
    "source-layer": "places",
    layout: {
      "text-field": ["coalesce", ["get", `name_${lang}`], ["get", "name"]],
      "text-font": FONT,
      "text-size": ["match", kind, ["city"], 17, ["town"], 15, 12],
      "text-max-width": 7,
    },
    paint: { ...paint, "text-color": palette.text },
  });
}

import { inLang } from "../words";
import { EMPTY, FONT, type Layer } from "./layer";

/** Areas by phase: colour, pattern and edge. An area with areas inside is drawn as an edge only. */
export const areas: Layer = {
  source: "areas",
  touchable: ["areas-fill"],

  of: (scene) => [scene.areas, scene.states, scene.chosen, scene.marked, scene.lang],

  add(map, palette) {
    const phase = ["get", "phase"] as const;
    const leaf = ["get", "leaf"] as const;
    const colors = Object.entries(palette.phase).flat() as [string, string];
    const marks = Object.entries(palette.mark).flat() as [string, string];
    map.addSource(this.source, { type: "geojson", data: EMPTY });
    map.addLayer({
      id: "areas-fill",
      type: "fill",
      source: this.source,
      filter: [...leaf],
      paint: {
        "fill-color": ["match", [...phase], ...colors, palette.phase.unknown],
        "fill-opacity": ["match", [...phase], "alert", 0.62, "pre_alert", 0.42, "all_clear", 0.38, 0.4],
      },
    });
    map.addLayer({
      id: "areas-pattern",
      type: "fill",
      source: this.source,
      filter: [...leaf],
      paint: { "fill-pattern": ["concat", "pattern-", [...phase]], "fill-opacity": 0.34 },
    });
    map.addLayer({
      id: "areas-edge",
      type: "line",
      source: this.source,
      layout: { "line-join": "round" },
      paint: {
        "line-color": ["match", [...phase], ...marks, palette.mark.unknown],
        "line-width": ["case", [...leaf], 1.4, 2.4],
      },
    });
    map.addLayer({
      id: "areas-chosen",
      type: "line",
      source: this.source,
      filter: ["get", "chosen"],
      layout: { "line-join": "round" },
      paint: { "line-color": palette.accent, "line-width": 3.5 },
    });
  },

  data(scene) {
    if (scene.areas === null) return EMPTY;
    const parents = new Set(scene.areas.list.map((area) => area.parent));
    const known = new Map(scene.areas.list.map((area) => [area.code, area]));
    const features = scene.areas.geojson.features.map((feature) => {
      const code = String(feature.properties?.code ?? "");
      const properties = {
        id: code,
        name: short(inLang(known.get(code)?.names ?? {}, scene.lang)),
        phase: scene.states.get(code)?.phase ?? "unknown",
        leaf: !parents.has(code),
        chosen: code === scene.chosen || scene.marked?.has(code) === true,
      };
      return { ...feature, properties };
    });
    return { type: "FeatureCollection", features };
  },
};

/** "Подільський" says on a map what "Подільський район" says in a list. */
function short(name: string): string {
  return name.replace(/ (район|raion)$/, "");
}

/** Names of the areas, above everything that would hide them. */
export const areaNames: Layer = {
  source: "area-names",
  touchable: [],

  of: areas.of,

  add(map, palette) {
    map.addSource(this.source, { type: "geojson", data: EMPTY });
    map.addLayer({
      id: "area-names",
      type: "symbol",
      source: this.source,
      filter: ["get", "leaf"],
      maxzoom: 12.5,
      layout: {
        "text-field": ["get", "name"],
        "text-font": FONT,
        "text-size": ["interpolate", ["linear"], ["zoom"], 9, 11, 12, 15],
        "text-variable-anchor": ["center", "top", "bottom"],
        "text-max-width": 7,
        "text-padding": 4,
      },
      paint: { "text-color": palette.text, "text-halo-color": palette.card, "text-halo-width": 1.6 },
    });
  },

  data: areas.data,
};

import { EMPTY, type Layer } from "./layer";

/** The river, and the bridges over it: what divides the city when people walk. */
export const water: Layer = {
  source: "water",
  touchable: [],

  of: (scene) => [scene.water],

  add(map, palette) {
    map.addSource(this.source, { type: "geojson", data: EMPTY });
    map.addLayer({
      id: "water-river",
      type: "fill",
      source: this.source,
      filter: ["==", ["geometry-type"], "Polygon"],
      paint: { "fill-color": palette.water },
    });
    map.addLayer({
      id: "water-bridges",
      type: "line",
      source: this.source,
      filter: ["==", ["geometry-type"], "LineString"],
      layout: { "line-cap": "butt" },
      paint: {
        "line-color": palette.bridge,
        "line-width": ["interpolate", ["linear"], ["zoom"], 9, 2, 13, 5],
      },
    });
  },

  data: (scene) => scene.water ?? EMPTY,
};

import { EMPTY, type Layer } from "./layer";

/** The way on foot to the shelter, above the streets and under what stands on them. */
export const way: Layer = {
  source: "way",
  touchable: [],

  of: (scene) => [scene.way],

  add(map, palette) {
    map.addSource(this.source, { type: "geojson", data: EMPTY });
    const layout = { "line-cap": "round", "line-join": "round" } as const;
    map.addLayer({ id: "way-edge", type: "line", source: this.source, layout, paint: { "line-color": palette.card, "line-width": 9 } });
    map.addLayer({ id: "way", type: "line", source: this.source, layout, paint: { "line-color": palette.accent, "line-width": 5 } });
  },

  data: ({ way: line }) =>
    line === undefined
      ? EMPTY
      : {
          type: "FeatureCollection",
          features: [{ type: "Feature", properties: {}, geometry: { type: "LineString", coordinates: line.map((each) => [...each]) } }],
        },
};

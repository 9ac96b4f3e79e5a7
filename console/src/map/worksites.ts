import { WORKSITE_SIGNS } from "./images";
import { EMPTY, FONT, point, type Layer } from "./layer";

/** Worksites: a sign for what happened there, with its id. */
export const worksites: Layer = {
  source: "worksites",
  touchable: ["worksites"],

  of: (scene) => [scene.worksites],

  add(map, palette) {
    map.addSource(this.source, { type: "geojson", data: EMPTY });
    map.addLayer({
      id: "worksites",
      type: "symbol",
      source: this.source,
      layout: {
        "icon-image": ["get", "sign"],
        "icon-allow-overlap": true,
        "text-field": ["get", "id"],
        "text-font": FONT,
        "text-size": 12,
        "text-anchor": "left",
        "text-offset": [1.4, 0],
        "text-optional": true,
      },
      paint: { "text-color": palette.text, "text-halo-color": palette.card, "text-halo-width": 1.8 },
    });
  },

  data: (scene) => ({
    type: "FeatureCollection",
    features: scene.worksites.map((site) => {
      const kind = WORKSITE_SIGNS.has(site.kind) ? site.kind : "damage";
      return point(site.lon, site.lat, { id: site.id, sign: `worksite-${kind}${site.stage === "closed" ? "-closed" : ""}` });
    }),
  }),
};

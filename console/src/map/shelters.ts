import { EMPTY, point, type Layer } from "./layer";

/** Shelters as dots: filled when open, a ring when full, faint when closed. Metro stations are larger. */
export const shelters: Layer = {
  source: "shelters",
  touchable: ["shelters-metro", "shelters-other"],

  of: (scene) => [scene.shelters],

  add(map, palette) {
    const color = ["match", ["get", "status"], "closed", palette.quiet, palette.shelter] as const;
    const paint = {
      "circle-color": ["case", ["==", ["get", "status"], "open"], palette.shelter, palette.card] as never,
      "circle-stroke-color": color as never,
      "circle-opacity": ["match", ["get", "status"], "open", 1, "full", 0.9, 0.3] as never,
    };
    map.addSource(this.source, { type: "geojson", data: EMPTY });
    map.addLayer({
      id: "shelters-other",
      type: "circle",
      source: this.source,
      minzoom: 9,
      filter: ["!", ["get", "metro"]],
      paint: {
        ...paint,
        "circle-stroke-width": ["interpolate", ["linear"], ["zoom"], 9.5, 0.5, 12, 1.5],
        "circle-radius": ["interpolate", ["linear"], ["zoom"], 9, 1.2, 11, 2.4, 14, 6],
      },
    });
    map.addLayer({
      id: "shelters-metro",
      type: "circle",
      source: this.source,
      filter: ["get", "metro"],
      paint: {
        ...paint,
        "circle-stroke-width": 1.5,
        "circle-radius": ["interpolate", ["linear"], ["zoom"], 9, 3.4, 11, 5.5, 14, 10],
      },
    });
  },

  data: (scene) => ({
    type: "FeatureCollection",
    features: scene.shelters.map((shelter) =>
      point(shelter.lon, shelter.lat, { id: shelter.id, status: shelter.status, metro: shelter.kind === "metro" }),
    ),
  }),
};

/** The map. Loaded after the state is shown, and never needed to understand it. */

import * as maplibregl from "maplibre-gl";
import workerUrl from "maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url";
import "maplibre-gl/dist/maplibre-gl.css";
import type { Lang } from "../types";
import { areaNames, areas } from "./areas";
import { addGround, addNames, addStreets } from "./base";
import { addImages } from "./images";
import type { Layer, Scene } from "./layer";
import { readPalette } from "./palette";
import { shelters } from "./shelters";
import { sirens } from "./sirens";
import { water } from "./water";
import { way } from "./way";
import { worksites } from "./worksites";

maplibregl.setWorkerUrl(workerUrl);

/** From the ground up: between the base map's ground and its streets, and above the streets. */
const COLOURED: readonly Layer[] = [areas, water];
const STANDING: readonly Layer[] = [way, shelters, sirens, areaNames, worksites];
const LAYERS: readonly Layer[] = [...COLOURED, ...STANDING];

/** What was touched: the source's name and the thing's id. */
export interface Pick {
  readonly source: string;
  readonly id: string;
}

export interface CityMap {
  show(scene: Scene): void;
  zoom(by: number): void;
  whole(): void;
  /** Show all of a line. */
  fit(line: readonly (readonly [number, number])[]): void;
  close(): void;
}

export interface Options {
  readonly container: HTMLElement;
  readonly bbox: readonly [number, number, number, number] | null;
  /** What to say when a page is scrolled over the map. */
  readonly locale: Record<string, string>;
  readonly lang: Lang;
  pick(pick: Pick | null): void;
}

export async function openMap(options: Options): Promise<CityMap> {
  const palette = readPalette();
  const map = new maplibregl.Map({
    container: options.container,
    style: {
      version: 8,
      sources: {},
      layers: [{ id: "ground", type: "background", paint: { "background-color": palette.ground } }],
    },
    attributionControl: false,
    dragRotate: false,
    pitchWithRotate: false,
    touchPitch: false,
    cooperativeGestures: true,
    fadeDuration: 0,
    minZoom: 7,
    maxZoom: 17,
    locale: options.locale,
  });
  map.touchZoomRotate.disableRotation();
  const { bbox } = options;
  const whole = (animate: boolean): void => {
    if (bbox !== null) map.fitBounds([...bbox], { padding: 16, animate });
  };
  whole(false);
  // A label drawn before its font has come would stay in another one.
  await Promise.all([map.once("load"), document.fonts.load('16px "Inter Variable"', "Київ Kyiv")]);
  addImages(map, palette);
  addGround(map, palette);
  for (const layer of COLOURED) layer.add(map, palette);
  addStreets(map, palette);
  addNames(map, palette, options.lang);
  for (const layer of STANDING) layer.add(map, palette);
  listen(map, options.pick);
  const drawn = new Map<Layer, readonly unknown[]>();
  return {
    show: (scene) => {
      for (const layer of LAYERS) draw(map, layer, scene, drawn);
    },
    zoom: (by) => void map.easeTo({ zoom: map.getZoom() + by, duration: 200 }),
    whole: () => whole(true),
    fit: (line) => {
      const bounds = line.reduce((box, [lon, lat]) => box.extend([lon, lat]), new maplibregl.LngLatBounds());
      map.fitBounds(bounds, { padding: 48, maxZoom: 16, animate: false });
    },
    close: () => map.remove(),
  };
}

function draw(map: maplibregl.Map, layer: Layer, scene: Scene, drawn: Map<Layer, readonly unknown[]>): void {
  const parts = layer.of(scene);
  const before = drawn.get(layer);
  if (before?.every((part, index) => part === parts[index])) return;
  drawn.set(layer, parts);
  map.getSource<maplibregl.GeoJSONSource>(layer.source)?.setData(layer.data(scene));
}

const REACH = 8;

function listen(map: maplibregl.Map, pick: (pick: Pick | null) => void): void {
  const layers = LAYERS.toReversed().flatMap((layer) => layer.touchable);
  const under = (at: maplibregl.Point, reach: number): maplibregl.MapGeoJSONFeature | undefined => {
    const near: [maplibregl.PointLike, maplibregl.PointLike] = [
      [at.x - reach, at.y - reach],
      [at.x + reach, at.y + reach],
    ];
    return map.queryRenderedFeatures(near, { layers })[0];
  };
  map.on("click", (event) => {
    // A finger is wider than a dot.
    const found = under(event.point, REACH);
    pick(found === undefined ? null : { source: found.source, id: String(found.properties.id) });
  });
  map.on("mousemove", (event) => {
    map.getCanvas().style.cursor = under(event.point, 2) === undefined ? "" : "pointer";
  });
}

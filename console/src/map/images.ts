/** Patterns and signs, drawn here so that the map needs no files from anywhere. */

import type { Map as MapLibre } from "maplibre-gl";
import type { Palette } from "./palette";

const RATIO = 2;

type Draw = (context: CanvasRenderingContext2D, size: number) => void;

function image(map: MapLibre, name: string, size: number, draw: Draw): void {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = size * RATIO;
  const context = canvas.getContext("2d");
  if (context === null) return;
  context.scale(RATIO, RATIO);
  context.lineCap = context.lineJoin = "round";
  draw(context, size);
  map.addImage(name, context.getImageData(0, 0, size * RATIO, size * RATIO), { pixelRatio: RATIO });
}

function stripes(color: string, width: number): Draw {
  return (context, size) => {
    context.strokeStyle = color;
    context.lineWidth = width;
    context.lineCap = "butt";
    for (const shift of [-size, 0, size]) {
      context.beginPath();
      context.moveTo(shift - 2, size + 2);
      context.lineTo(shift + size + 2, -2);
      context.stroke();
    }
  };
}

function dots(color: string): Draw {
  return (context, size) => {
    context.fillStyle = color;
    context.beginPath();
    context.arc(size / 2, size / 2, 1.3, 0, 7);
    context.fill();
  };
}

function bars(color: string): Draw {
  return (context, size) => {
    context.fillStyle = color;
    context.fillRect(0, size / 2 - 1, size, 2);
  };
}

function disc(context: CanvasRenderingContext2D, size: number, radius: number): void {
  context.beginPath();
  context.arc(size / 2, size / 2, radius, 0, 7);
}

function siren(fill: string | null, line: string, cross: string | null, halo: string | null): Draw {
  return (context, size) => {
    if (halo !== null) {
      context.strokeStyle = halo;
      context.lineWidth = 2;
      disc(context, size, 9);
      context.stroke();
    }
    disc(context, size, 5);
    if (fill !== null) {
      context.fillStyle = fill;
      context.fill();
    }
    context.strokeStyle = line;
    context.lineWidth = 2;
    context.stroke();
    if (cross === null) return;
    context.strokeStyle = cross;
    context.beginPath();
    context.moveTo(size / 2 - 6, size / 2 + 6);
    context.lineTo(size / 2 + 6, size / 2 - 6);
    context.stroke();
  };
}

/** A white-edged square on its point with a sign in it, as fire brigades mark sites on their maps. */
function worksite(palette: Palette, path: string, closed: boolean): Draw {
  return (context, size) => {
    const half = size / 2;
    context.beginPath();
    context.moveTo(half, 1.5);
    for (const [x, y] of [[size - 1.5, half], [half, size - 1.5], [1.5, half]] as const) context.lineTo(x, y);
    context.closePath();
    context.fillStyle = closed ? palette.card : palette.text;
    context.fill();
    context.strokeStyle = closed ? palette.quiet : palette.card;
    context.lineWidth = 2;
    context.stroke();
    context.translate(half - 7, half - 7);
    context.scale(14 / 24, 14 / 24);
    context.strokeStyle = closed ? palette.quiet : palette.card;
    context.lineWidth = 2.6;
    context.stroke(new Path2D(path));
  };
}

const SIGNS: Readonly<Record<string, string>> = {
  fire: "M12 21c-4 0-6.5-2.6-6.5-6 0-4 3.5-5.5 4-9.5C13 7 14 9 13.5 11.5c1-.3 1.7-1.2 2-2.3 2 1.7 3 3.7 3 5.8 0 3.4-2.5 6-6.5 6Z",
  collapse: "M2 21h20M4 21V8l6-4 1.5 6-2.5 3 4 2V21M15 21l5-8-4-3 1-5",
  debris: "M2 20h20M4 20l3-8 5 2L14 20M14 13 16.5 6l5 4-1 10",
  damage: "M5 21V3h14v18M9 8h.1M15 8h.1M12 21v-5",
};

/** Draw every image the layers name. */
export function addImages(map: MapLibre, palette: Palette): void {
  image(map, "pattern-unknown", 10, stripes(palette.mark.unknown, 1.6));
  image(map, "pattern-expired", 10, stripes(palette.mark.unknown, 1.6));
  image(map, "pattern-alert", 12, stripes(palette.mark.alert, 3));
  image(map, "pattern-pre_alert", 8, stripes(palette.mark.pre_alert, 2.4));
  image(map, "pattern-all_clear", 9, dots(palette.mark.all_clear));
  image(map, "pattern-correction", 8, bars(palette.mark.correction));
  image(map, "siren-sounding", 22, siren(palette.mark.alert, palette.card, null, palette.mark.alert));
  image(map, "siren-unwanted", 22, siren(palette.mark.pre_alert, palette.card, palette.card, palette.mark.pre_alert));
  image(map, "siren-silent", 22, siren(palette.card, palette.text, null, null));
  image(map, "siren-offline", 22, siren(palette.card, palette.quiet, palette.text, null));
  image(map, "siren-unknown", 22, siren(null, palette.quiet, null, null));
  for (const [kind, path] of Object.entries(SIGNS)) {
    image(map, `worksite-${kind}`, 30, worksite(palette, path, false));
    image(map, `worksite-${kind}-closed`, 30, worksite(palette, path, true));
  }
}

export const WORKSITE_SIGNS: ReadonlySet<string> = new Set(Object.keys(SIGNS));

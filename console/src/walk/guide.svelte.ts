/**
 * Where to go from where I am. The place is known to this device alone: the server hands out streets by the cell of
 * some five kilometres, and the way is found here.
 */

import { get } from "../poll";
import type { Shelter } from "../types";
import { cellsAround, type Place } from "./graph";
import type { Way } from "./nearest";
import { cell } from "./read";
import type { Question } from "./walk.worker";

/** Metres in a second; `city/pace.py` says whose, and docs/shelters.md from where. */
const PACE = { onFoot: 1.3, stepFree: 0.69 } as const;

export interface Guided {
  readonly shelter: Shelter;
  readonly metres: number;
  readonly minutes: number;
  readonly line: Way["line"];
}

type Trouble = "no_position" | "no_streets" | "no_way";

export class Guide {
  place = $state.raw<Place | null>(null);
  found = $state.raw<Guided | null>(null);
  trouble = $state<Trouble | null>(null);
  busy = $state(false);

  private worker: Worker | null = null;
  private cells = "";
  private turn = 0;

  /** Ask the phone where it is. */
  async locate(): Promise<void> {
    this.busy = true;
    this.trouble = null;
    try {
      const { coords } = await new Promise<GeolocationPosition>((resolve, reject) => {
        navigator.geolocation.getCurrentPosition(resolve, reject, { enableHighAccuracy: true, timeout: 15_000, maximumAge: 60_000 });
      });
      this.place = { lat: coords.latitude, lon: coords.longitude };
    } catch {
      this.trouble = "no_position";
    } finally {
      this.busy = false;
    }
  }

  /** Find the nearest of the shelters that are open and have room. */
  async find(shelters: readonly Shelter[], stepFree: boolean): Promise<void> {
    const { place } = this;
    if (place === null || shelters.length === 0) return;
    const mine = ++this.turn;
    const goals = shelters.filter((each) => each.status === "open" && (!stepFree || each.stepFree));
    const question: Question = { place, stepFree, goals: goals.map(({ id, lat, lon }) => ({ id, lat, lon })) };
    const way = await this.ask(await this.withStreets(question));
    // An answer that was overtaken speaks of another place, or of doors as they were.
    if (mine !== this.turn) return;
    const shelter = goals.find((each) => each.id === way?.shelter);
    this.trouble = way === null ? (this.cells ? "no_way" : "no_streets") : null;
    this.found =
      way === null || shelter === undefined
        ? null
        : { shelter, metres: way.metres, minutes: way.metres / PACE[stepFree ? "stepFree" : "onFoot"] / 60, line: way.line };
  }

  close(): void {
    this.turn += 1;
    this.worker?.terminate();
    this.worker = null;
  }

  private async withStreets(question: Question): Promise<Question> {
    const names = cellsAround(question.place);
    if (names.join() === this.cells) return question;
    const answers = await Promise.all(names.map((name) => get(`/v1/network/${name}`)));
    // With a neighbour missing there may be a nearer door than the one we find; without our own there is no way at all.
    this.cells = answers.every((each) => each !== null) ? names.join() : "";
    return { ...question, cells: answers.map(cell) };
  }

  private ask(question: Question): Promise<Way | null> {
    this.worker ??= new Worker(new URL("./walk.worker.ts", import.meta.url), { type: "module" });
    const worker = this.worker;
    return new Promise((resolve) => {
      worker.onmessage = ({ data }: MessageEvent<Way | null>) => resolve(data);
      worker.onerror = () => resolve(null);
      worker.postMessage(question);
    });
  }
}

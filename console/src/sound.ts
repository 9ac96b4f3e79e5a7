/** What a change of state sounds and feels like. Off until the reader turns it on: browsers want a gesture first. */

export type Signal = "danger" | "caution" | "clear";

interface Tone {
  readonly at: number;
  readonly lasts: number;
  readonly from: number;
  readonly to: number;
}

/** Seconds and hertz. Danger wails, caution calls twice, clear is one steady tone, as with sirens. */
const TONES: Readonly<Record<Signal, readonly Tone[]>> = {
  danger: [0, 1.4, 2.8].flatMap((at) => [
    { at, lasts: 0.7, from: 420, to: 840 },
    { at: at + 0.7, lasts: 0.7, from: 840, to: 420 },
  ]),
  caution: [0, 0.5].map((at) => ({ at, lasts: 0.3, from: 620, to: 620 })),
  clear: [{ at: 0, lasts: 2.5, from: 420, to: 420 }],
};
const VIBRATIONS: Readonly<Record<Signal, number[]>> = {
  danger: [800, 200, 800, 200, 800],
  caution: [300, 200, 300],
  clear: [1500],
};
const LOUDNESS = 0.25;

let context: AudioContext | null = null;

/** To be called in a click: makes later signals audible. */
export function allow(): void {
  try {
    context ??= new AudioContext();
    void context.resume();
  } catch {
    context = null;
  }
}

/** A sound that was turned on yesterday needs a gesture today: the next touch is one. Returns what stops waiting. */
export function allowOnTouch(): () => void {
  addEventListener("pointerdown", allow, { once: true });
  return () => removeEventListener("pointerdown", allow);
}

export function play(signal: Signal): void {
  if ("vibrate" in navigator) navigator.vibrate(VIBRATIONS[signal]);
  if (context?.state !== "running") return;
  for (const tone of TONES[signal]) ring(context, tone);
}

function ring(audio: AudioContext, tone: Tone): void {
  const [oscillator, gain] = [audio.createOscillator(), audio.createGain()];
  const start = audio.currentTime + tone.at;
  oscillator.type = "triangle";
  oscillator.frequency.setValueAtTime(tone.from, start);
  oscillator.frequency.linearRampToValueAtTime(tone.to, start + tone.lasts);
  gain.gain.setValueAtTime(0, start);
  gain.gain.linearRampToValueAtTime(LOUDNESS, start + 0.03);
  gain.gain.setValueAtTime(LOUDNESS, start + tone.lasts - 0.03);
  gain.gain.linearRampToValueAtTime(0, start + tone.lasts);
  oscillator.connect(gain).connect(audio.destination);
  oscillator.start(start);
  oscillator.stop(start + tone.lasts);
}

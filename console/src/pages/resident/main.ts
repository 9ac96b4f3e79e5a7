import { mount } from "svelte";
import "../../theme.css";
import { settings } from "../../settings.svelte";
import Resident from "./Resident.svelte";

/** Milliseconds after which the state that came with the document gives way, whether we have heard anything or not. */
const GIVE_WAY = 2_500;

const served = document.getElementById("page");
if (served === null) throw new Error("there is no place for the page");

const asked = new URLSearchParams(location.search).get("area");
if (asked !== null) settings.setArea(asked);

// Beside it and out of sight, so that a red page does not turn grey for the moment it takes to hear the state anew.
const life = document.createElement("div");
life.hidden = true;
served.after(life);
const takeOver = (): void => {
  served.remove();
  life.hidden = false;
};
mount(Resident, { target: life, props: { heard: takeOver } });
setTimeout(takeOver, GIVE_WAY);

if ("serviceWorker" in navigator) addEventListener("load", () => void navigator.serviceWorker.register("/sw.js"));

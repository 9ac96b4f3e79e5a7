import { mount } from "svelte";
import "../../src/theme.css";
import Components from "./Components.svelte";

const target = document.getElementById("page");
if (target !== null) mount(Components, { target });

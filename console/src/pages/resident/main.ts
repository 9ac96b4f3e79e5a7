import { mount } from "svelte";
import "../../theme.css";
import Resident from "./Resident.svelte";

const target = document.getElementById("page");
if (target === null) throw new Error("there is no place for the page");
target.replaceChildren();
mount(Resident, { target });

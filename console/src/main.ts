import { mount } from "svelte";
import Page from "./Page.svelte";
import "./theme.css";

const target = document.getElementById("page");
if (target === null) throw new Error("there is no place for the page");
target.replaceChildren();
mount(Page, { target });

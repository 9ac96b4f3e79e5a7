/** Every page but the resident's: one document, and the code of the page that its address names. */

import { mount } from "svelte";
import Missing from "./pages/Missing.svelte";
import { PAGES, pageName } from "./pages/pages";
import "./theme.css";

async function open(): Promise<void> {
  const target = document.getElementById("page");
  if (target === null) throw new Error("there is no place for the page");
  const page = PAGES[pageName(location.pathname)];
  const component = page === undefined ? Missing : (await page.load()).default;
  target.replaceChildren();
  mount(component, { target });
}

void open();

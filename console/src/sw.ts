/// <reference lib="webworker" />
/**
 * The page when there is no network, and the bell when there is no page.
 *
 * What an alert is true of is never kept: the state comes from the server, or is unknown. Kept are the page itself,
 * where the shelters are, and the streets around, so that the way to one can be found without anybody's help.
 */

import { pushMessage } from "./push/message";

declare const self: ServiceWorkerGlobalScope & { __WB_MANIFEST: readonly { url: string }[] };

/** The assets that are fetched late; the build puts their names here. */
const LATE = self.__WB_MANIFEST.map(({ url }) => `/${url}`);
const PAGE = "tocsin-page";
const PLACE = "tocsin-place";
/** The resident's document without a state in it. */
const SHELL = "/shell";
/** Milliseconds after which a kept answer is better than waiting on. */
const PATIENCE = 4_000;
const FRESH_IF_POSSIBLE = /^\/v1\/(city|city\/water|areas|shelters|bulletins)$/;
const KEPT_IF_THERE = /^\/(v1\/network|tiles)\//;

self.addEventListener("install", (event) => {
  event.waitUntil(keepPage());
});

self.addEventListener("activate", (event) => {
  event.waitUntil(Promise.all([self.clients.claim(), forgetOld()]));
});

self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== "GET" || url.origin !== self.location.origin) return;
  if (event.request.mode === "navigate") {
    if (url.pathname === "/") event.respondWith(fetch(event.request).catch(async () => (await caches.match(SHELL)) ?? Response.error()));
  } else if (url.pathname.startsWith("/assets/")) event.respondWith(kept(event.request, PAGE));
  else if (KEPT_IF_THERE.test(url.pathname)) event.respondWith(kept(event.request, PLACE));
  else if (FRESH_IF_POSSIBLE.test(url.pathname) && url.search === "") event.respondWith(fresh(event.request));
});

self.addEventListener("push", (event) => {
  event.waitUntil(show(readPush(event.data)));
});

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(openPage((event.notification.data as { url: string }).url));
});

async function keepPage(): Promise<void> {
  const answer = await fetch(SHELL, { cache: "no-store" });
  if (!answer.ok) throw new Error(`the page was answered with ${answer.status}`);
  const cache = await caches.open(PAGE);
  const named = [...(await answer.clone().text()).matchAll(/"(\/assets\/[^"]+)"/g)].map((match) => match[1] ?? "");
  await cache.put(SHELL, answer);
  await cache.addAll(new Set([...named, ...LATE]));
  await self.skipWaiting();
}

/** Assets that the page of today no longer names; a name has the hash of what is in it. */
async function forgetOld(): Promise<void> {
  const cache = await caches.open(PAGE);
  const shell = (await (await cache.match(SHELL))?.text()) ?? "";
  for (const request of await cache.keys()) {
    const { pathname } = new URL(request.url);
    if (pathname !== SHELL && !LATE.includes(pathname) && !shell.includes(pathname)) await cache.delete(request);
  }
}

async function kept(request: Request, name: string): Promise<Response> {
  const held = await caches.match(request);
  if (held !== undefined) return held;
  const answer = await fetch(request);
  if (answer.status === 200) await (await caches.open(name)).put(request, answer.clone());
  return answer;
}

async function fresh(request: Request): Promise<Response> {
  const cache = await caches.open(PLACE);
  const asked = fetch(request).then(async (answer) => {
    if (answer.status === 200) await cache.put(request, answer.clone());
    return answer;
  });
  const held = await cache.match(request);
  if (held === undefined) return asked;
  const patience = new Promise<Response>((resolve) => setTimeout(() => resolve(held), PATIENCE));
  return Promise.race([asked.then((answer) => (answer.ok ? answer : held)).catch(() => held), patience]);
}

function readPush(data: PushMessageData | null): unknown {
  try {
    return data?.json();
  } catch {
    return null;
  }
}

async function show(said: unknown): Promise<void> {
  const message = pushMessage(said, Date.now());
  const shown = (await self.registration.getNotifications({ tag: message.tag }))[0];
  // Pushes overtake each other. What is older than what is shown must not take its place.
  if (shown !== undefined && (shown.data as { position: number }).position > message.position) return;
  const vibrate = message.phase === "all_clear" || message.phase === "correction" ? [1500] : [800, 200, 800, 200, 800];
  const options = { body: message.body, tag: message.tag, renotify: true, requireInteraction: message.phase === "alert", lang: message.lang, icon: "/icons/192.png", badge: "/icons/192.png", vibrate, data: { url: message.url, position: message.position } };
  await self.registration.showNotification(message.title, options);
}

async function openPage(url: string): Promise<void> {
  const pages = await self.clients.matchAll({ type: "window" });
  const open = pages.find((page) => new URL(page.url).pathname === "/");
  if (open === undefined) await self.clients.openWindow(url);
  else await (await open.focus()).navigate(url);
}

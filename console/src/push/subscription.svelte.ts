/** Being woken by the browser: asked for, changed and taken back, without an account. */

import { get } from "../poll";
import type { Lang } from "../types";

const SUBSCRIPTIONS = "/v1/push/subscriptions";
const KEPT = "tocsin.push";

type Standing = "unsupported" | "off" | "on" | "refused" | "failed";

class Push {
  standing = $state<Standing>("off");
  busy = $state(false);

  /** Ask at every visit: a subscription that the service has ended wakes nobody (docs/http.md). */
  async look(): Promise<void> {
    if (!("serviceWorker" in navigator && "PushManager" in window)) this.standing = "unsupported";
    else if ((await get("/v1/push/key")) === null) this.standing = "unsupported";
    else if (Notification.permission === "denied") this.standing = "refused";
    else {
      const id = localStorage.getItem(KEPT);
      this.standing = id !== null && (await get(`${SUBSCRIPTIONS}/${id}`)) !== null ? "on" : "off";
    }
  }

  /** Also to be called when the area or the language has changed: the same browser is then woken for others. */
  async subscribe(areas: readonly string[], language: Lang): Promise<void> {
    this.busy = true;
    try {
      if ((await Notification.requestPermission()) !== "granted") {
        this.standing = "refused";
        return;
      }
      const key = (await get("/v1/push/key")) as { key: string } | null;
      if (key === null) throw new Error("the server has no key for pushes");
      const worker = await navigator.serviceWorker.ready;
      const held = (await worker.pushManager.getSubscription()) ?? (await worker.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key.key }));
      const body = JSON.stringify({ ...held.toJSON(), areas, language });
      const answer = await fetch(SUBSCRIPTIONS, { method: "POST", body, headers: { "Content-Type": "application/json" } });
      if (!answer.ok) throw new Error(`the subscription was answered with ${answer.status}`);
      localStorage.setItem(KEPT, ((await answer.json()) as { id: string }).id);
      this.standing = "on";
    } catch (error) {
      console.error("pushes could not be asked for", error);
      this.standing = "failed";
    } finally {
      this.busy = false;
    }
  }

  async unsubscribe(): Promise<void> {
    const id = localStorage.getItem(KEPT);
    if (id !== null) await fetch(`${SUBSCRIPTIONS}/${id}`, { method: "DELETE" });
    localStorage.removeItem(KEPT);
    await (await (await navigator.serviceWorker.ready).pushManager.getSubscription())?.unsubscribe();
    this.standing = "off";
  }
}

export const push = new Push();

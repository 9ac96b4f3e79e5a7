/** Who is signed in: the only place that knows how. A bearer token, kept as long as the tab is open. */

import type { components } from "../api.gen";

export type Me = components["schemas"]["Me"];

const KEPT = "tocsin.token";

function kept(): string {
  try {
    return sessionStorage.getItem(KEPT) ?? "";
  } catch {
    return "";
  }
}

function keep(token: string): void {
  try {
    if (token) sessionStorage.setItem(KEPT, token);
    else sessionStorage.removeItem(KEPT);
  } catch {
    return;
  }
}

export type SignedIn = "yes" | "refused" | "unreachable";

class Session {
  me = $state.raw<Me | null>(null);
  private token = kept();

  get isKept(): boolean {
    return this.token !== "";
  }

  headers(): Record<string, string> {
    return this.token ? { Authorization: `Bearer ${this.token}` } : {};
  }

  async signIn(token = this.token): Promise<SignedIn> {
    try {
      const headers = { Accept: "application/json", Authorization: `Bearer ${token}` };
      const response = await fetch("/v1/me", { headers, signal: AbortSignal.timeout(10_000) });
      if (response.status === 401 || response.status === 403) return "refused";
      if (!response.ok) return "unreachable";
      this.me = (await response.json()) as Me;
    } catch {
      return "unreachable";
    }
    this.token = token;
    keep(token);
    return "yes";
  }

  signOut(): void {
    this.me = null;
    this.token = "";
    keep("");
  }

  /** Whether the role may give a kind of command. The server asks again: this only spares a vain press. */
  may(kind: string): boolean {
    return (this.me?.may ?? []).some((pattern) => pattern === "*" || pattern === kind || (pattern.endsWith(".*") && kind.startsWith(pattern.slice(0, -1))));
  }
}

export const session = new Session();

/** Same key, same request: what is kept of an idempotency key and of a body, to tell repeats apart. */

import { hash } from "node:crypto";
import { blindIndex } from "#db/vault/blind-index.ts";

/** The same words give the same bytes, whatever order the fields came in. */
export function hashBody(form: Record<string, unknown>): Buffer {
  const { key: _key, c: _c, ...said } = form;
  const sorted = Object.entries(said).filter(([, value]) => value !== undefined);
  sorted.sort(([a], [b]) => (a < b ? -1 : 1));
  return blindIndex("body", hash("sha256", JSON.stringify(sorted)));
}

/** What is kept of an idempotency key. Each kind of request has keys of its own. */
export const keyIndex = (kind: "consultation" | "download" | "message", key: string | undefined): Buffer | null =>
  key === undefined ? null : blindIndex("key", `${kind}\0${key}`);

/** Keyed hashes of idempotency keys and bodies, by which a repeated request is recognised. */

import { hash } from "node:crypto";
import { blindIndex } from "#db/vault/blind-index.ts";

/** Keyed hash of a form, independent of the order of its fields. Key, click token and the version of the consent are left out: a repeat may differ in them. */
export function hashBody(form: Record<string, unknown>): Buffer {
  const { key: _key, c: _c, consent_text: _version, ...answers } = form;
  const sorted = Object.entries(answers).filter(([, value]) => value !== undefined);
  sorted.sort(([a], [b]) => (a < b ? -1 : 1));
  return blindIndex("body", hash("sha256", JSON.stringify(sorted)));
}

/** Keyed hash of an idempotency key; the same key of another kind of request is another key. Null without a key. */
export const keyIndex = (
  kind: "consultation" | "download" | "message" | "kept",
  key: string | undefined,
): Buffer | null => (key === undefined ? null : blindIndex("key", `${kind}\0${key}`));

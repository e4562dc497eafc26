/** Which forms hold something that somebody typed, and would miss. */

import { expect, test } from "vitest";
import { hasWords } from "#api/drafts/unsent.ts";

const note = { channel: "note", from_party: "staff", to_party: "staff", happened_at: "2026-11-27T10:00" };
const call = { ...note, channel: "phone", to_party: "family", outcome: "no_answer", next_who: "somebody" };
const reply = { latest: "", held_by: "nobody", shown_at: "2026-11-27T01:00:00.000Z", take: "true" };

test.each<[string, Record<string, unknown>]>([
  ["a note", { ...note, what: "" }],
  ["a note of blanks", { ...note, what: "  \n" }],
  ["the record of a call with what was chosen", { ...call, what: "", who: "", whom: "", next_what: "", next_on: "" }],
  ["a record that is ticked for peers", { ...call, for_peers: "true" }],
  ["a reply", { ...reply, reply: "" }],
  ["taking over", { from: "somebody" }],
  ["the decision to send an issue", { version: "3", when: "later", at: "2026-12-01T10:00", web: "true" }],
  ["a decision about a message", { delivery: "01900000-0000-7000-8000-000000000001" }],
])("%s, as its page fills it in, was not typed", (_, values) => {
  expect(hasWords(values)).toBe(false);
});

test.each<[string, Record<string, unknown>]>([
  ["a note", { ...note, what: "妹さんのこと" }],
  ["a call with a name", { ...call, what: "", who: "担任の先生" }],
  ["a call with a next day", { ...call, what: "", next_on: "2026-12-01" }],
  ["a reply", { ...reply, reply: "こんにちは" }],
  ["a brief", { brief: "申し送り", seen: "" }],
])("%s with a word was", (_, values) => {
  expect(hasWords(values)).toBe(true);
});

/** `erase` from a terminal: a family by its reference, or whatever is kept under a mail address. */

import { createInterface } from "node:readline";
import { formatDateTime } from "#db/calendar/days.ts";
import { NotFound } from "#db/errors.ts";
import type { NotDone } from "#db/rewrite-tables.ts";
import { eraseFamily, eraseKept, findKept, type Kept } from "./erase.ts";

interface Answer {
  value: unknown;
  lines: string[];
  failed?: boolean;
}

/**
 * Erases at once what a reference names. Of an address it lists what is kept under it and asks about each on
 * stderr, answers coming from stdin; `yes` answers for all of it, and with `json` nothing is asked: without `yes` it
 * lists and fails. Throws NotFound where nothing is kept.
 */
export async function eraseCommand(typed: string, { json, yes }: { json: boolean; yes: boolean }): Promise<Answer> {
  if (!typed.normalize("NFKC").includes("@")) return eraseReference(typed);
  const found = await findKept(typed);
  if (found.length === 0) throw new NotFound("nothing under this address");
  if (json && !yes) {
    const error = "Nothing was erased: this is what is kept under the address; --yes erases all of it.";
    return { value: { error, found, erased: [] }, lines: [], failed: true };
  }
  const chosen = yes ? found : await confirmed(found);
  const notDone = chosen.length > 0 ? await eraseKept(chosen, { reason: "request", by: null, now: new Date() }) : [];
  const lines = chosen.map((kept) => `erased: ${lineOf(kept)}`);
  if (chosen.length === 0) lines.push("nothing was erased");
  return {
    value: { found, erased: chosen, not_done: notDone },
    lines: [...lines, ...notDone.map(sentenceOf)],
    failed: chosen.length === 0,
  };
}

async function eraseReference(typed: string): Promise<Answer> {
  const { notDone, ...erased } = await eraseFamily(typed);
  return {
    value: { ...erased, not_done: notDone },
    lines: [`erased: ${erased.reference}`, ...notDone.map(sentenceOf)],
  };
}

/** What somebody said y to, all of it listed before the first question. The end of the input is a no. */
async function confirmed(found: readonly Kept[]): Promise<Kept[]> {
  process.stderr.write(`${found.map(lineOf).join("\n")}\n\n`);
  const reader = createInterface({ input: process.stdin });
  const answers = reader[Symbol.asyncIterator]();
  const chosen: Kept[] = [];
  for (const kept of found) {
    process.stderr.write(`erase ${lineOf(kept)}? [y/N] `);
    const { value, done } = await answers.next();
    if (!done && /^y(?:es)?$/iu.test(value.trim())) chosen.push(kept);
  }
  reader.close();
  return chosen;
}

const labels = { case: "case", grant: "guide request", subscriber: "newsletter reader" };

const lineOf = ({ what, name, since }: Kept) =>
  [labels[what], name, `since ${formatDateTime(since)}`].filter((part) => part !== null).join(" ");

/** The rows are erased all the same; what they said may still stand in the database's files. */
const sentenceOf = ({ step, why }: NotDone) =>
  why === "not_allowed"
    ? `not done: ${step} (the database's owner has to do it)`
    : `not done: ${step} (somebody was in the way; the next erasure does it too)`;

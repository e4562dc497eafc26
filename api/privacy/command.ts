/** Erasing from a terminal: a family by its reference, or everything kept under a mail address. */

import { createInterface } from "node:readline";
import { formatDateTime } from "#db/calendar/days.ts";
import type { CommandAnswer, Commands } from "#db/command.ts";
import { NotFound } from "#db/errors.ts";
import type { NotDone } from "#db/rewrite-tables.ts";
import { eraseFamily, eraseKept, findKept, type Kept } from "./erase.ts";

export const privacyCommands: Commands = {
  erase: {
    makesNone: true,
    usage: "erase REFERENCE|ADDRESS [--yes]   (of an address each thing is asked about, unless --yes)",
    words: [1, 1],
    options: { yes: { type: "boolean" } },
    run: ([input = ""], _, flags) => erase(input, { json: flags.has("json"), yes: flags.has("yes") }),
  },
};

/**
 * Erases the family of a reference at once. For a mail address it lists what is kept under it and asks about each
 * on stderr, reading the answers from stdin; with `yes` it erases all without asking. With `json` it never asks:
 * without `yes` it lists and fails. Throws NotFound where nothing is kept.
 */
async function erase(input: string, { json, yes }: { json: boolean; yes: boolean }): Promise<CommandAnswer> {
  if (!input.normalize("NFKC").includes("@")) return eraseReference(input);
  const found = await findKept(input);
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
    lines: [...lines, ...notDone.map(lineOfNotDone)],
    failed: chosen.length === 0,
  };
}

async function eraseReference(input: string): Promise<CommandAnswer> {
  const { notDone, ...erased } = await eraseFamily(input);
  return {
    value: { ...erased, not_done: notDone },
    lines: [`erased: ${erased.reference}`, ...notDone.map(lineOfNotDone)],
  };
}

/** Asks about each on stderr, all listed first, and returns those answered with y. The end of stdin counts as no. */
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

/** The rows are erased all the same; their old bytes may still stand in the database's files. */
const lineOfNotDone = ({ step, why }: NotDone) =>
  why === "not_allowed"
    ? `not done: ${step} (the database's owner has to do it)`
    : `not done: ${step} (somebody was in the way; the next erasure does it too)`;

/** Imports as managers and analysts see them: all of them, or one with what undoing it would change. */

import { type ImportLine, listImports } from "#analytics/spend/imports.ts";
import { allow, type Staff } from "#db/actor.ts";
import { firstOrNotFound } from "#db/errors.ts";
import { type ImportedFile, type PlainChanges, plainChanges, plainOf } from "./plain.ts";
import { previewUndo } from "./undo.ts";

/** All imports, newest first, with those that were undone. */
export async function importsForStaff(staff: Staff): Promise<ImportLine[]> {
  allow(staff, "manager", "analyst");
  return listImports({ withUndone: true });
}

/** Rows of an import up to which its page tries by itself what undoing it would change: about half a second. */
const fewRows = 20_000;

/** One import, and what undoing it would change. */
export interface OpenImport {
  line: ImportLine;
  plain: ImportedFile;
  /** unasked: it has so many rows that trying takes a while; busy: an import is under way; absent: it is undone. */
  undo?: PlainChanges | "unasked" | "busy";
}

/** Throws NotFound. `wantsChanges`: also where trying out what undoing it would change takes a while. */
export async function openImport(staff: Staff, id: string, wantsChanges = false): Promise<OpenImport> {
  const line = firstOrNotFound((await importsForStaff(staff)).filter((one) => one.id === id));
  const plain = plainOf({ ...line });
  if (line.undoneAt) return { line, plain };
  if (line.rows > fewRows && !wantsChanges) return { line, plain, undo: "unasked" };
  const tried = await previewUndo(staff, id);
  return { line, plain, undo: tried ? plainChanges(tried.changes, line.currency) : "busy" };
}

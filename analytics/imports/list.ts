/** Imports as managers and analysts see them: all of them, or one with what undoing it would change. */

import { type ImportLine, listImports } from "#analytics/spend/imports.ts";
import { allow, type Staff } from "#db/actor.ts";
import { firstOrNotFound } from "#db/errors.ts";
import { type ImportedFile, type PlainChange, plainChanges, plainOf } from "./plain.ts";
import { previewUndo } from "./undo.ts";

/** All imports, newest first, with those that were undone. */
export async function importsForStaff(staff: Staff): Promise<ImportLine[]> {
  allow(staff, "manager", "analyst");
  return listImports({ withUndone: true });
}

/** One import; `undo` says what undoing it would change, and is absent where that was done. Throws NotFound. */
export async function openImport(
  staff: Staff,
  id: string,
): Promise<{ line: ImportLine; plain: ImportedFile; undo?: PlainChange[] }> {
  const line = firstOrNotFound((await importsForStaff(staff)).filter((one) => one.id === id));
  const plain = plainOf({ ...line });
  if (line.undoneAt) return { line, plain };
  const { changes } = await previewUndo(staff, id);
  return { line, plain, undo: plainChanges(changes, line.currency) };
}

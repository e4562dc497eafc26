/** Exports from a terminal. Importing one stands in api/restore, since erasures are repeated after it. */

import { audit } from "#db/actor.ts";
import { db } from "#db/client.ts";
import type { CommandAnswer, Commands } from "#db/command.ts";
import { Refused } from "#db/errors.ts";
import { writeExport } from "./export.ts";
import { folderSink } from "./folder.ts";
import { rowsByTable } from "./manifest.ts";

export const portableCommands: Commands = {
  export: {
    makesNone: true,
    usage:
      "export DIR [--open --yes]   (all rows and files, sealed as they are; --open: a readable copy, opened with the key)",
    words: [1, 1],
    options: { open: { type: "boolean" }, yes: { type: "boolean" } },
    run: ([directory = ""], _options, flags) => exportTo(directory, flags.has("open"), flags.has("yes")),
  },
};

const warning = `
  WARNING: an open copy holds everything that families ever wrote, their names, addresses and telephone numbers, as plain text.
  Whoever gets hold of one file of it reads them all. Keep it on an encrypted disk, hand it to nobody, and delete it soon.
`;

async function exportTo(directory: string, isOpen: boolean, isConfirmed: boolean): Promise<CommandAnswer> {
  if (isOpen) process.stderr.write(`${warning}\n`);
  if (isOpen && !isConfirmed)
    throw new Refused("Nothing was written. When you do want an open copy, run it again with --yes.");
  const onFile = (name: string, rows?: number) =>
    void process.stderr.write(rows === undefined ? `  ${name}\n` : `  ${name}: ${rows}\n`);
  const sink = await folderSink(directory);
  if (isOpen) await audit(db, null, "export_open", "installation", null);
  const manifest = await writeExport(sink, { isOpen, onFile });
  const { leftOut, files, vaultKeys } = manifest;
  const tables = rowsByTable(manifest);
  const rows = Object.values(tables).reduce((sum, count) => sum + count, 0);
  const closing = isOpen
    ? "It is open: everybody who reads it reads the families' words. It cannot be imported."
    : `It is sealed: it opens with the vault's key ${vaultKeys.join(", ")} alone, which is not in it.`;
  return {
    value: { directory, isOpen, rows, files: Object.keys(files).length, tables, leftOut, vaultKeys },
    lines: [
      `export: ${directory}`,
      `rows: ${rows} in ${Object.keys(tables).length} tables, files: ${Object.keys(files).length}`,
      closing,
    ],
  };
}

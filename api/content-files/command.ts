/** Exporting and importing entries from a terminal. */

import { readFile, writeFile } from "node:fs/promises";
import type { Commands } from "#db/command.ts";
import { exportContent, importContent } from "./transfer.ts";

export const contentCommands: Commands = {
  "content export": {
    makesNone: true,
    usage: "content export FILE   (every entry with its texts and pictures)",
    words: [1, 1],
    run: async ([file = ""]) => {
      const text = await exportContent(null);
      await writeFile(file, text, { mode: 0o600 });
      const value = { file, entries: (JSON.parse(text) as { entries: unknown[] }).entries.length };
      return { value, lines: [`entries exported to ${file}: ${value.entries}`] };
    },
  },
  "content import": {
    usage: "content import FILE   (adds entries; those of a known name stay as they are)",
    words: [1, 1],
    run: async ([file = ""]) => {
      const { added, known } = await importContent(null, await readFile(file, "utf8"));
      return { value: { file, added, known }, lines: [`added: ${added}, already there: ${known}`] };
    },
  },
};

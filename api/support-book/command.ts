/** Printing the support book from a terminal. */

import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Commands } from "#db/command.ts";
import { ownValues, printOwn } from "./print-own.ts";

export const supportBookCommands: Commands = {
  "support-book": {
    usage: "support-book DIR   (three editions, each to type into and to write on by hand)",
    words: [1, 1],
    run: async ([folder = ""]) => {
      await mkdir(folder, { recursive: true });
      const value: { file: string; bytes: number }[] = [];
      for (const [name, content] of await printOwn(ownValues())) {
        if (!name.endsWith(".pdf")) continue;
        const file = join(folder, name);
        await writeFile(file, content);
        value.push({ file, bytes: content.length });
      }
      return { value, lines: value.map(({ file, bytes }) => `${file}: ${bytes} bytes`) };
    },
  },
};

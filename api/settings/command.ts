/** Exporting and importing the settings from a terminal. */

import { readFile, writeFile } from "node:fs/promises";
import type { Commands } from "#db/command.ts";
import { exportSettings, givenSettings, importSettings } from "./transfer.ts";

export const settingsCommands: Commands = {
  "settings export": {
    makesNone: true,
    usage: "settings export FILE",
    words: [1, 1],
    run: async ([file = ""]) => {
      await writeFile(file, await exportSettings(), { mode: 0o600 });
      const value = { file, settings: Object.keys(await givenSettings()).length };
      return { value, lines: [`settings exported to ${file}: ${value.settings}`] };
    },
  },
  "settings import": {
    usage: "settings import FILE   (all of it or nothing; refused by key)",
    words: [1, 1],
    run: async ([file = ""]) => {
      const changed = await importSettings(null, await readFile(file, "utf8"));
      return { value: { file, changed }, lines: [`changed: ${changed.join(", ") || "nothing"}`] };
    },
  },
};

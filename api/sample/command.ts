/** Loading the sample from a terminal. */

import type { Commands } from "#db/command.ts";
import { loadSample } from "./sample.ts";

export const sampleCommands: Commands = {
  sample: {
    usage: "sample",
    words: [0, 0],
    run: async () => {
      const value = await loadSample();
      return { value, lines: Object.entries(value).map(([noun, count]) => `${noun}: ${count}`) };
    },
  },
};

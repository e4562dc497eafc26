/** Rotating the vault's key from a terminal. */

import type { Commands } from "#db/command.ts";
import { rotateKey } from "./rotate-key.ts";

export const vaultCommands: Commands = {
  "rotate-key": {
    usage: "rotate-key [--key-is-stored]   (with VAULT_KEY: the new key first in it, the old one after a comma)",
    words: [0, 0],
    options: { "key-is-stored": { type: "boolean" } },
    run: async (_words, _options, flags) => {
      const print = (sentence: string) => void process.stderr.write(`${sentence}\n`);
      const value = await rotateKey({ isStored: flags.has("key-is-stored"), print });
      const continued = value.continued ? ["went on with the rotation begun before; for another key run it again"] : [];
      return { value, lines: [`rewrapped: ${value.rewrapped}`, `key: ${value.key}`, ...continued] };
    },
  },
};

/** Sending a newsletter from a terminal. */

import type { Commands } from "#db/command.ts";
import { sendNewsletterCommand } from "./send.ts";

export const newsletterCommands: Commands = {
  "newsletter send": {
    usage: "newsletter send ID",
    words: [1, 1],
    run: async ([id = ""]) => {
      const value = await sendNewsletterCommand(id);
      return { value, lines: [`queued for ${value.audience} subscribers`] };
    },
  },
};

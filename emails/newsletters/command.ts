/** Sending a newsletter from a terminal. */

import type { Commands } from "#db/command.ts";
import { sendNewsletterCommand } from "./send.ts";

export const newsletterCommands: Commands = {
  "newsletter send": {
    makesNone: true,
    usage: "newsletter send ID",
    words: [1, 1],
    run: async ([id = ""]) => {
      const value = await sendNewsletterCommand(id);
      const web = value.web
        ? "its copy appears on the web with the first mail"
        : "its list is not public, so nothing appears on the web";
      return { value, lines: [`queued for ${value.audience} subscribers; ${web}`] };
    },
  },
};

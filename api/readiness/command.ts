/** What is still the sample's or set wrongly, from a terminal. */

import { db } from "#db/client.ts";
import type { Commands } from "#db/command.ts";
import { readinessWords } from "#db/words/staff/readiness.ts";
import { missingForReal } from "./missing.ts";
import { isReal, wasUpgraded } from "./readiness.ts";

export const readinessCommands: Commands = {
  doctor: {
    usage: "doctor   (what is still the sample's, what is missing or set wrongly; exit 1 while anything is)",
    words: [0, 0],
    run: async () => {
      const missing = await missingForReal(db);
      const isUnfinished = (await wasUpgraded()) && missing.some(({ code }) => /^(?:missing|sample)\./u.test(code));
      const lines = missing.map(({ code, sentence }) => `${code}: ${sentence}`);
      return {
        value: { real: await isReal(), missing: missing.map(({ code, sentence }) => ({ code, sentence })) },
        lines:
          missing.length === 0
            ? [readinessWords.nothingMissing]
            : [...(isUnfinished ? [`!! ${readinessWords.upgraded}`] : []), ...lines],
        failed: missing.length > 0,
      };
    },
  },
};

/** What is still the sample's or set wrongly, from a terminal. */

import { db } from "#db/client.ts";
import type { Commands } from "#db/command.ts";
import { variableOf } from "#db/settings/environment.ts";
import { settingKeys } from "#db/settings/keys.ts";
import { readinessWords as say } from "#db/words/staff/readiness.ts";
import { missingForReal } from "./missing.ts";
import { isReal, wasUpgraded } from "./readiness.ts";

export const readinessCommands: Commands = {
  doctor: {
    usage: "doctor   (what is still the sample's, what is missing or set wrongly; exit 1 while anything is)",
    words: [0, 0],
    run: async () => {
      const missing = (await missingForReal(db)).map(({ code, sentence }) => ({ code, sentence }));
      const isUnfinished = (await wasUpgraded()) && missing.some(({ code }) => /^(?:missing|sample)\./u.test(code));
      const decided = settingKeys.flatMap((key) => (variableOf(key) === undefined ? [] : [[key, variableOf(key)]]));
      const environment = Object.fromEntries(decided) as Record<string, string>;
      const lines = [
        ...(isUnfinished ? [`!! ${say.upgraded}`] : []),
        ...missing.map(({ code, sentence }) => `${code}: ${sentence}`),
        ...Object.entries(environment).map(([key, variable]) => `(${key}: ${say.byVariable(variable)})`),
        ...(missing.length === 0 ? [say.nothingMissing] : []),
      ];
      return { value: { real: await isReal(), missing, environment }, lines, failed: missing.length > 0 };
    },
  },
};

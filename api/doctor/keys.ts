/** Whether both keys are here, are two, and stand on paper. */

import { readRows } from "#api/settings/changes.ts";
import { backupKeys } from "#db/backup/keys.ts";
import { db } from "#db/client.ts";
import { adminMessage } from "#db/errors.ts";
import { storedKeys } from "#db/vault/stored-keys.ts";
import { doctorWords } from "#db/words/staff/doctor.ts";
import { type Check, ok, todo } from "./check.ts";

const say = doctorWords.keys;

/** Whether somebody has said that the written form of each key is kept. */
export type KeysNoted = () => Promise<{ vault: boolean; backup: boolean }>;

/** One confirmation for both, as the list of the settings asks. */
export const keysNoted: KeysNoted = async () => {
  const isNoted = (await readRows(db)).get("confirmed.vault_key") === true;
  return { vault: isNoted, backup: isNoted };
};

/** `missing`: codes of what `missingForReal` says already. */
export async function keyChecks(missing: readonly string[], noted: KeysNoted = keysNoted): Promise<Check[]> {
  return [...twoKeys(), ...(await onPaper(missing, noted))];
}

function twoKeys(): Check[] {
  try {
    const [vault, backup] = [storedKeys(), backupKeys()];
    if (backup.length === 0) return [todo("keys", say.noBackupKey, say.noBackupKeyAdvice)];
    const isSame = backup.some((key) => vault.some((other) => key.equals(other)));
    return [isSame ? todo("keys", say.same, say.sameAdvice) : ok("keys", say.separate)];
  } catch (error) {
    return [todo("keys", say.unusable(adminMessage(error)), say.unusableAdvice)];
  }
}

async function onPaper(missing: readonly string[], noted: KeysNoted): Promise<Check[]> {
  const answers = await noted();
  const left = (["vault", "backup"] as const).filter((name) => !answers[name]);
  if (left.length === 0) return [ok("keys.noted", say.noted)];
  const unsaid = left.filter((name) => !missing.includes(`${name}_key`));
  return unsaid.map((name) => todo(`keys.noted.${name}`, say.notNoted[name], say.notNotedAdvice));
}

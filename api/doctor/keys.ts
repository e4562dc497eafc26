/** Whether both keys are here, are two, and stand on paper. */

import { readKeysNoted } from "#api/keys/noted.ts";
import { adminMessage } from "#db/errors.ts";
import { backupKeyStore, vaultKeyStore } from "#db/vault/stored-keys.ts";
import { doctorWords } from "#db/words/staff/doctor.ts";
import { type Check, ok, todo } from "./check.ts";

const say = doctorWords.keys;

/** `missing`: codes of what `missingForReal` says already. */
export async function keyChecks(missing: readonly string[], noted = readKeysNoted): Promise<Check[]> {
  try {
    return [twoKeys(), ...(await onPaper(missing, noted))];
  } catch (error) {
    return [todo("keys", say.unusable(adminMessage(error)), say.unusableAdvice)];
  }
}

function twoKeys(): Check {
  const [vault, backup] = [vaultKeyStore.keys(), backupKeyStore.keys()];
  if (backup.length === 0) return todo("keys", say.noBackupKey, say.noBackupKeyAdvice);
  const isSame = backup.some((key) => vault.some((other) => key.equals(other)));
  return isSame ? todo("keys", say.same, say.sameAdvice) : ok("keys", say.separate);
}

async function onPaper(missing: readonly string[], noted: typeof readKeysNoted): Promise<Check[]> {
  const answers = await noted();
  const left = (["vault", "backup"] as const).filter((name) => !answers[name]);
  if (left.length === 0) return [ok("keys.noted", say.noted)];
  const unsaid = left.filter((name) => !missing.includes(`${name}_key`));
  return unsaid.map((name) => todo(`keys.noted.${name}`, say.notNoted[name], say.notNotedAdvice));
}

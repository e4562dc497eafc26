/** TEMPORARY until the keys branch is merged. */
import { randomBytes } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { bech32 } from "@scure/base";
import { identityToRecipient } from "age-encryption";
import { env } from "#db/env.ts";

const path = () => join(env.DATA_DIR, "backup.key");
export function createBackupKeyFile(): boolean {
  if (existsSync(path())) return false;
  writeFileSync(path(), `${randomBytes(32).toString("base64")}\n`, { mode: 0o600 });
  return true;
}
export function backupKeys(): Buffer[] {
  const text = env.BACKUP_KEY ?? (existsSync(path()) ? readFileSync(path(), "utf8") : "");
  return text
    .trim()
    .split(/[\s,]+/u)
    .filter(Boolean)
    .map((part) => Buffer.from(part, "base64"));
}
export const backupIdentity = (key: Buffer): string => bech32.encodeFromBytes("age-secret-key-", key).toUpperCase();
export const backupRecipient = (key: Buffer): Promise<string> => identityToRecipient(backupIdentity(key));

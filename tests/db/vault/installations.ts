/** For tests of key rotation: installations with a database and a DATA_DIR of their own, and `rotate-key` as a process. */

import { randomBytes } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { eq, sql } from "drizzle-orm";
import { afterAll, inject } from "vitest";
import { ConsultationForm } from "#api/intake/forms.ts";
import { receiveConsultation } from "#api/intake/receive.ts";
import { connect, connectAsOwner, type Db, db, disconnect } from "#db/client.ts";
import { env } from "#db/env.ts";
import { cases } from "#db/schema/cases.ts";
import { consultations } from "#db/schema/consultations.ts";
import { rotateKey } from "#db/vault/rotate-key.ts";
import { openVault, unseal, unwrap } from "#db/vault/vault.ts";
import { startCommand } from "../../command.ts";
import { createDatabase, dropDatabase } from "../../database.ts";

const root = mkdtempSync(join(tmpdir(), "komichi-rotation-"));
/** A key as VAULT_KEY holds it. */
export const makeKey = () => randomBytes(32).toString("base64");

export interface Installation {
  url: string;
  /** Its DATA_DIR. */
  data: string;
  /** Rights of the database's owner, to lock rows with. */
  owner: Db;
  /** Every word of a family that was answered as received. */
  accepted: string[];
}

const databases: { name: string; owner: Db }[] = [];

export async function installation(): Promise<Installation> {
  const name = `rotation_${randomBytes(6).toString("hex")}`;
  const url = await createDatabase(name);
  const owner = connectAsOwner(url);
  databases.push({ name, owner });
  return { url, data: join(root, name), owner, accepted: [] };
}

afterAll(async () => {
  await disconnect();
  for (const { name, owner } of databases) {
    await disconnect(owner);
    await dropDatabase(name);
  }
  connect(inject("clusterUrl")); // what the tests' own setup ends
  rmSync(root, { recursive: true, force: true });
});

/** What a process of this installation is started with; no key: it lives on vault.key. */
export const variablesOf = ({ url, data }: Installation, key = "") => ({
  DATABASE_URL: url,
  DATA_DIR: data,
  VAULT_KEY: key,
  INTAKE_PER_MINUTE: "100000",
});

/** Lets this process itself be one of this installation's, with its vault still closed. */
export async function become(place: Installation, key = ""): Promise<void> {
  await disconnect();
  connect(place.url);
  Object.assign(env, { DATA_DIR: place.data, VAULT_KEY: key === "" ? undefined : key });
}

/** Families write to this process, once it has become one of this installation's and opened the vault. */
export async function receive({ accepted }: Installation, count: number): Promise<void> {
  for (let n = 0; n < count; n++) {
    const message = `鍵をかえても読めます ${accepted.length}`;
    const form = ConsultationForm.parse({ message, reply_by: "none", consent: true });
    await receiveConsultation(form, { channel: "form", network: `10.0.0.${n}`, key: undefined, now: new Date() });
    accepted.push(message);
  }
}

/** As after a stop: families have written, and nothing runs. */
export async function stopped(place: Installation, key = "", count = 3): Promise<void> {
  await become(place, key);
  await openVault();
  await receive(place, count);
}

/** Rotates in this process, as if it were the command. */
export async function rotateHere(place: Installation, key = "", isStored = false) {
  await become(place, key);
  await openVault();
  return rotateKey({ isStored });
}

const startRotation = (place: Installation, key = "", flags: string[] = []) =>
  startCommand(["rotate-key", "--json", ...flags], { variables: { LOG: "off", ...variablesOf(place, key) } });

/** Runs `rotate-key` in a process of its own. */
export async function rotated(place: Installation, key = "", flags: string[] = []) {
  const { code, out, err } = await (await startRotation(place, key, flags)).ended;
  return { code, err, value: JSON.parse(out) as { rewrapped: number; key: string; continued: boolean; error: string } };
}

/** Runs it, and kills it without warning once it waits for rows that this statement locks. Returns its stderr. */
export async function killedAt(place: Installation, statement: string, key = "", flags: string[] = []) {
  const other = connectAsOwner(place.url);
  const waiting = sql`from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
  let err = "";
  await place.owner.transaction(async (tx) => {
    await tx.execute(statement);
    const { child, ended } = await startRotation(place, key, flags);
    while ((await other.execute(sql`select ${waiting}`)).length === 0) await sleep(10);
    child.kill("SIGKILL");
    ({ err } = await ended);
    // The server would still carry out what its client no longer waits for; it has ended before the lock is let go.
    await other.execute(sql`select pg_terminate_backend(pid, 10000) ${waiting}`);
  });
  await disconnect(other);
  return err;
}

export const beforeTheFirstRow = "select from vault_keys for update";
export const inTheMiddle = "select from cases order by id desc limit 1 for update";

/** Keys in vault.key. */
export const stored = ({ data }: Installation) => readFileSync(join(data, "vault.key"), "utf8").trim().split("\n");

/** What the families wrote, read with these keys alone, as the next start would; in the order of `accepted`. */
export async function readWith(place: Installation, ...keys: string[]): Promise<string[]> {
  const { DATA_DIR } = env;
  await become({ ...place, data: join(place.data, "nothing-else") }, keys.join(","));
  await openVault();
  const words = await readHere(place);
  env.DATA_DIR = DATA_DIR;
  return words;
}

/** What the families wrote, read with what this process knows now; in the order of `accepted`. */
export async function readHere(place: Installation): Promise<string[]> {
  const rows = await db.select().from(consultations).innerJoin(cases, eq(consultations.caseId, cases.id));
  const words = rows.map(({ cases: { id, wrappedKey }, consultations: row }) =>
    unseal(unwrap(wrappedKey, "cases.wrapped_key", id), row.message, "consultations.message", row.id),
  );
  return words.toSorted((a, b) => place.accepted.indexOf(a) - place.accepted.indexOf(b));
}

/** How many cases lie under another key than this installation's own secrets. */
export async function behind({ owner }: Installation): Promise<number> {
  const [row] = await owner.execute<{ count: number }>(
    sql`select count(*)::int as count from cases, vault_keys
      where name = 'index' and substring(wrapped_key from 2 for 4) <> substring(wrapped from 2 for 4)`,
  );
  return row?.count ?? -1;
}

/** A new key for the vault: where it comes from, when the command refuses, and that it goes on. The command is a process of its own. */

import { copyFileSync, existsSync, mkdirSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { sql } from "drizzle-orm";
import { afterEach, describe, expect, test } from "vitest";
import { keyIdIn } from "#db/vault/cipher.ts";
import { registerProcess, runningProcesses } from "#db/vault/processes.ts";
import { newDataKey, openVault, unwrap } from "#db/vault/vault.ts";
import {
  become,
  behind,
  inTheMiddle,
  type Installation,
  installation,
  killedAt,
  makeKey,
  readHere,
  readWith,
  receive,
  rotated,
  rotateHere,
  stopped,
  stored,
} from "./installations.ts";

let unregister: (() => Promise<void>) | undefined;

/** Lets this process be a running one of this installation. */
async function run(place: Installation, key = ""): Promise<void> {
  await become(place, key);
  ({ unregister } = await registerProcess("web"));
}

afterEach(async () => {
  await unregister?.();
  unregister = undefined;
});

const me = (source: string) => `web, ${hostname()}, pid ${process.pid}, keys from ${source}`;
const vaultKey = ({ data }: Installation) => join(data, "vault.key");

describe("with vault.key", () => {
  test("the first key is made for its owner alone, and so is each new one", async () => {
    const place = await installation();
    await stopped(place);
    const [old = ""] = stored(place);
    expect([Buffer.from(old, "base64").length, statSync(vaultKey(place)).mode & 0o777]).toEqual([32, 0o600]);
    writeFileSync(`${vaultKey(place)}.new`, "left behind by a killed command", { mode: 0o644 });
    expect(await rotated(place)).toMatchObject({ code: 0, value: { continued: false } });
    const [fresh = "", ...others] = stored(place);
    expect([others, statSync(vaultKey(place)).mode & 0o777]).toEqual([[old], 0o600]);
    expect(await readWith(place, fresh)).toEqual(place.accepted);
  });

  test("a running process wraps with the new key at once, and reads what lies under either", async () => {
    const place = await installation();
    await run(place);
    await receive(place, 3);
    expect(await rotated(place)).toMatchObject({ code: 0, value: { continued: false } });
    await receive(place, 3);
    expect(await behind(place)).toBe(0);
    expect(await readWith(place, stored(place)[0] ?? "")).toEqual(place.accepted);
  });

  test("a process that missed the news reads the file again when it meets an unknown key", async () => {
    const place = await installation();
    await stopped(place);
    expect((await rotated(place)).code).toBe(0); // this process is not listed and hears of nothing
    expect(await readHere(place)).toEqual(place.accepted);
    await receive(place, 1);
    expect(await behind(place)).toBe(1); // under the old key, which stays in the file
    await openVault();
    expect(await readWith(place, ...stored(place))).toEqual(place.accepted);
    expect(await rotateHere(place)).toMatchObject({ rewrapped: 1, continued: true });
    expect(stored(place)).toHaveLength(2);
    expect(await rotateHere(place)).toMatchObject({ continued: false });
    expect(stored(place)).toHaveLength(3);
  });

  test("a file that is a link stays one, and the key goes where the link leads", async () => {
    const place = await installation();
    const real = join(place.data, "elsewhere", "key");
    mkdirSync(join(place.data, "elsewhere"), { recursive: true });
    writeFileSync(real, makeKey(), { mode: 0o600 });
    symlinkSync(real, vaultKey(place));
    await stopped(place);
    await rotateHere(place);
    expect(statSync(real).size).toBeGreaterThan(64);
    expect(await readWith(place, stored(place)[0] ?? "")).toEqual(place.accepted);
  });

  test("a shell's VAULT_KEY brings no new key into it, whether it runs or not", async () => {
    const place = await installation();
    await run(place);
    await receive(place, 3);
    const [old = ""] = stored(place);
    const mixed = `${makeKey()},${old}`;
    const { code, value } = await rotated(place, mixed, ["--key-is-stored"]);
    expect([code, value.error]).toEqual([1, expect.stringContaining("Run the command without VAULT_KEY")]);
    await unregister?.();
    await expect(rotateHere(place, mixed, true)).rejects.toThrow("Run the command without VAULT_KEY");
    expect(stored(place)).toEqual([old]);
    expect(await readWith(place, old)).toEqual(place.accepted);
    await become(place);
  });

  test("in another folder, a shell's VAULT_KEY brings none either, and what it seals is sealed with the old one", async () => {
    const place = await installation();
    await run(place);
    await receive(place, 2);
    const [old = ""] = stored(place);
    const elsewhere = { ...place, data: `${place.data}-shell` };
    const mixed = `${makeKey()},${old}`;
    const { code, value } = await rotated(elsewhere, mixed);
    expect([code, value.error]).toEqual([1, expect.stringContaining(me("vault.key"))]);
    await stopped(elsewhere, mixed, 2);
    expect(await readWith(place, old)).toEqual(place.accepted);
  });
});

describe("a table that nobody thought of", () => {
  test("is wrapped again as well, since the columns are found in the database", async () => {
    const place = await installation();
    await stopped(place);
    await place.owner.execute(sql`create table later_things (code text primary key, wrapped_thing bytea)`);
    const column = "later_things.wrapped_thing" as "cases.wrapped_key"; // as if the list had it
    const { wrapped } = newDataKey(column, "one");
    await place.owner.execute(
      sql`insert into later_things values ('one', decode(${wrapped.toString("hex")}, 'hex')), ('erased', null)`,
    );
    const { rewrapped, key } = await rotateHere(place);
    expect(rewrapped).toBe(place.accepted.length + 3 + 1);
    const [row] = await place.owner.execute<{ now: Buffer }>(
      sql`select wrapped_thing as now from later_things where code = 'one'`,
    );
    expect(row && keyIdIn(row.now)).toBe(key);
    expect(await readWith(place, stored(place)[0] ?? "")).toEqual(place.accepted);
    expect(() => unwrap(row?.now ?? null, column, "one")).not.toThrow();
  });

  test("but has no primary key of one column stops the rotation before any row has changed", async () => {
    const place = await installation();
    await stopped(place);
    const [old = ""] = stored(place);
    await place.owner.execute(sql`create table later_things (a text, b text, wrapped_key bytea, primary key (a, b))`);
    await expect(rotateHere(place)).rejects.toThrow("later_things holds wrapped keys without a primary key");
    expect(await readWith(place, old)).toEqual(place.accepted);
  });
});

describe("with VAULT_KEY", () => {
  const [old, fresh] = [makeKey(), makeKey()];
  const both = `${fresh},${old}`;

  test("it is refused while a running process, which it names, does not know the new key", async () => {
    const place = await installation();
    await run(place, old);
    await receive(place, 2);
    const { code, value } = await rotated(place, both, ["--key-is-stored"]);
    expect([code, value.error]).toEqual([1, expect.stringContaining(me("VAULT_KEY"))]);
    await unregister?.();
    expect(await readWith(place, old)).toEqual(place.accepted);
    await run(place, both);
    await receive(place, 2);
    expect(await readWith(place, old)).toEqual(place.accepted); // no new key before everybody knows it
    await become(place, both);
    expect(await rotated(place, both)).toMatchObject({ code: 0, value: { continued: false } });
    expect(await readWith(place, fresh)).toEqual(place.accepted);
  });

  test("with nothing running it is refused, unless somebody vouches that the key is stored", async () => {
    const place = await installation();
    await stopped(place, old);
    await expect(rotateHere(place, both)).rejects.toThrow("No process is running that would show");
    expect(await readWith(place, old)).toEqual(place.accepted);
    await rotateHere(place, both, true);
    expect(await readWith(place, fresh)).toEqual(place.accepted);
  });

  test("killed in the middle, it goes on when it is run again", async () => {
    const place = await installation();
    await stopped(place, old);
    await killedAt(place, inTheMiddle, both, ["--key-is-stored"]);
    expect(await behind(place)).toBe(3);
    expect(await readWith(place, fresh, old)).toEqual(place.accepted);
    await expect(readWith(place, old)).rejects.toThrow("VAULT_KEY does not hold the key");
    expect(await rotateHere(place, both)).toMatchObject({ rewrapped: 3, continued: true });
    expect(await readWith(place, fresh)).toEqual(place.accepted);
  });

  test("a file brings it no new key", async () => {
    const place = await installation();
    await run(place, old);
    await receive(place, 2);
    const none = await rotated(place);
    expect([none.code, none.value.error]).toEqual([1, expect.stringContaining("There is no vault key here")]);
    mkdirSync(place.data, { recursive: true });
    writeFileSync(vaultKey(place), old);
    const copy = await rotated(place);
    expect([copy.code, copy.value.error]).toEqual([1, expect.stringContaining(me("VAULT_KEY"))]);
    expect(stored(place)).toEqual([old]);
    const other = await installation();
    await stopped(other);
    copyFileSync(vaultKey(other), vaultKey(place));
    await expect(rotateHere(place)).rejects.toThrow("vault.key does not hold the key"); // it is somebody else's
    rmSync(vaultKey(place));
    expect(await readWith(place, old)).toEqual(place.accepted);
    await become(place, old);
  });
});

test("a killed process counts as running for half a minute by the database's clock, and no longer", async () => {
  const place = await installation();
  const [old, fresh] = [makeKey(), makeKey()];
  await stopped(place, old);
  await place.owner.execute(sql`insert into processes (id, host, pid, role, key_ids, key_source, seen_at)
    values (uuidv7(), 'elsewhere', 7, 'worker', '{}', 'VAULT_KEY', clock_timestamp() - interval '20 seconds')`);
  expect(await runningProcesses()).toMatchObject([{ host: "elsewhere", pid: 7, role: "worker" }]);
  await place.owner.execute(sql`update processes set seen_at = clock_timestamp() - interval '31 seconds'`);
  expect(await runningProcesses()).toEqual([]);
  await rotateHere(place, `${fresh},${old}`, true);
  expect(await readWith(place, fresh)).toEqual(place.accepted);
});

test("a process is listed while it runs, and not when it has stopped or could not start", async () => {
  const place = await installation();
  const count = async () => (await place.owner.execute(sql`select 1 from processes`)).length;
  await run(place);
  expect(await count()).toBe(1);
  await unregister?.();
  expect(await count()).toBe(0);
  await become({ ...place, data: `${place.data}-else` }, makeKey());
  await expect(registerProcess("web")).rejects.toThrow("VAULT_KEY does not hold the key");
  expect([await count(), existsSync(join(`${place.data}-else`, "vault.key"))]).toEqual([0, false]);
  await become(place);
  await openVault();
  unregister = undefined;
});

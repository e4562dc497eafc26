/** A new key for the vault, as an operator makes one beside the running product, which is killed or restarted meanwhile. */

import { existsSync, readdirSync, statSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test, vi } from "vitest";
import { freePort } from "#db/cluster/address.ts";
import {
  beforeTheFirstRow,
  behind,
  inTheMiddle,
  type Installation,
  installation,
  killedAt,
  makeKey,
  readWith,
  rotated,
  stored,
  variablesOf,
} from "../db/vault/installations.ts";
import { type Running, startProduct, stopProduct } from "../process.ts";

// Several starts of the whole product in each, on machines that may be busy.
vi.setConfig({ testTimeout: 240_000 });

const running = new Set<Running>();

async function start(place: Installation, key = ""): Promise<Running> {
  const product = await startProduct({ ...variablesOf(place, key), PORT: String(await freePort()) });
  running.add(product);
  return product;
}

async function stop(product: Running): Promise<void> {
  await stopProduct(product);
  running.delete(product);
}

/** Families write; each answered request is noted. */
async function write(place: Installation, { port }: Running, count: number): Promise<void> {
  for (let n = 0; n < count; n++) {
    const message = `鍵をかえても読めます ${port} ${place.accepted.length}`;
    const answer = await fetch(`http://localhost:${port}/api/consultations`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      // One address is sent three receipts an hour.
      body: JSON.stringify({
        message,
        email: `hana-${crypto.randomUUID()}@example.jp`,
        reply_by: "email",
        consent: true,
      }),
    });
    expect(answer.status).toBe(201);
    place.accepted.push(message);
  }
}

afterEach(async () => {
  for (const product of running) await stop(product);
});

test("with vault.key: two running processes take up the new key, and nothing received meanwhile is lost", async () => {
  const place = await installation();
  const [one, two] = [await start(place), await start(place)];
  const [old = ""] = stored(place);
  await write(place, one, 20);
  let isOver = false;
  const asking = [one, two].map(async (product) => {
    while (!isOver) await write(place, product, 1);
  });
  const { code, err, value } = await rotated(place);
  isOver = true;
  await Promise.all(asking);
  expect([code, value.continued, value.rewrapped >= 20]).toEqual([0, false, true]);
  expect(err).toContain("IMPORTANT: a new vault key was made");
  expect(err).toContain(join(place.data, "vault.key"));
  const [fresh = "", ...others] = stored(place);
  expect([others, statSync(join(place.data, "vault.key")).mode & 0o777]).toEqual([[old], 0o600]);
  await write(place, one, 1);
  await write(place, two, 1);
  expect(await behind(place)).toBe(0);
  expect(await readWith(place, fresh)).toEqual(place.accepted);
  // Their mails leave: the running processes open what lies under the new key.
  const mails = () => readdirSync(join(place.data, "outbox")).filter((name) => name.endsWith(".eml")).length;
  await expect.poll(mails, { timeout: 50_000 }).toBe(place.accepted.length * 2);
  await stop(one);
  await write(place, await start(place), 1);
});

test.each([
  ["before the first row has changed", beforeTheFirstRow],
  ["in the middle", inTheMiddle],
])("with vault.key: killed %s, it goes on with the same key when it is run again", async (_, statement) => {
  const place = await installation();
  const product = await start(place);
  await write(place, product, 5);
  expect(await killedAt(place, statement)).toContain("IMPORTANT: a new vault key was made");
  const keys = stored(place);
  expect(keys).toHaveLength(2);
  await write(place, product, 2);
  await stop(product);
  await write(place, await start(place), 2);
  expect(await readWith(place, ...keys)).toEqual(place.accepted);
  expect(await rotated(place)).toMatchObject({ code: 0, value: { continued: true } });
  expect(stored(place)).toEqual(keys);
  expect(await behind(place)).toBe(0);
  expect(await readWith(place, keys[0] ?? "")).toEqual(place.accepted);
});

test("with VAULT_KEY: refused, naming the processes, until each running one knows both keys", async () => {
  const place = await installation();
  const [old, fresh] = [makeKey(), makeKey()];
  const [one, two] = [await start(place, old), await start(place, old)];
  await write(place, one, 3);
  const named = ({ process: { pid } }: Running) => `all, ${hostname()}, pid ${pid}, keys from VAULT_KEY`;
  const neither = await rotated(place, `${fresh},${old}`);
  expect([neither.code, neither.value.error.includes(named(one)), neither.value.error.includes(named(two))]).toEqual([
    1,
    true,
    true,
  ]);
  await stop(one);
  const again = await start(place, `${fresh},${old}`);
  await write(place, again, 2); // and what it takes in, the other one can still read
  const oneOfTwo = await rotated(place, `${fresh},${old}`);
  expect([
    oneOfTwo.code,
    oneOfTwo.value.error.includes(named(two)),
    oneOfTwo.value.error.includes(named(again)),
  ]).toEqual([1, true, false]);
  expect(await readWith(place, old)).toEqual(place.accepted);
  await stop(two);
  expect(await rotated(place, `${fresh},${old}`)).toMatchObject({ code: 0, value: { continued: false } });
  await write(place, again, 2);
  await stop(again);
  await write(place, await start(place, fresh), 1);
  expect(await readWith(place, fresh)).toEqual(place.accepted);
  expect(existsSync(join(place.data, "vault.key"))).toBe(false);
});

/** A replaced text in several processes: each shows it, also after a start without a database. */

import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { nodeEnvironment } from "#api/process/node-options.mjs";
import { addStaff } from "#api/staff/add.ts";
import { saveText } from "#api/words/change.ts";
import { db } from "#db/client.ts";
import { freePort } from "#db/cluster/address.ts";
import { firstOrNotFound } from "#db/errors.ts";
import { staff } from "#db/schema/staff.ts";
import { testDatabaseUrl } from "../database.ts";

const folder = mkdtempSync(join(tmpdir(), "komichi-texts-"));
const running: ChildProcess[] = [];

afterAll(async () => {
  for (const child of running) await stop(child);
  rmSync(folder, { recursive: true, force: true });
});

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGTERM");
  await gone;
}

/** Starts a web process with a folder of its own, and returns what its path shows now. */
async function start(name: string, url: string) {
  const port = await freePort();
  const variables = { ROLE: "web", DATABASE_URL: url, DATA_DIR: join(folder, name), PORT: String(port), LOG: "off" };
  const child = spawn(process.execPath, ["api/main.ts"], {
    env: { ...nodeEnvironment, ...process.env, ...variables, PUBLIC_ORIGIN: `http://localhost:${port}` },
    stdio: ["ignore", "ignore", "inherit"],
  });
  running.push(child);
  const read = (path: string) =>
    fetch(`http://127.0.0.1:${port}${path}`).then(
      async (answer) => (await answer.text()).replaceAll("<wbr>", ""),
      () => "",
    );
  await expect.poll(() => read("/"), { timeout: 60_000 }).toContain("</h1>");
  return { child, read };
}

const headline = "髙﨑の家では、夜でも読みます。";

test("two processes show it within two seconds, and a start without a database shows it too", async () => {
  await addStaff({ email: "manager@example.jp", name: "見本", role: "manager", password: "long enough to be one" });
  const manager = firstOrNotFound(await db.select().from(staff));
  const url = await testDatabaseUrl();
  const [one, other] = await Promise.all([start("one", url), start("other", url)]);
  expect([await one.read("/"), await other.read("/en")].join("")).not.toContain(headline);
  await saveText(manager, { section: "landing-headline", locale: "ja", version: 0 }, headline);
  await Promise.all(
    [one, other].map(({ read }) => expect.poll(() => read("/"), { timeout: 2000, interval: 50 }).toContain(headline)),
  );
  await stop(one.child);
  // The stored pages too: what is shown is rendered from the copy of the settings alone.
  rmSync(join(folder, "one", "pages"), { recursive: true, force: true });
  const nobody = `postgres://nobody@127.0.0.1:${await freePort()}/none`;
  const again = await start("one", nobody);
  expect(await again.read("/")).toContain(headline);
}, 180_000);

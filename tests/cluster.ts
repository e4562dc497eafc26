/** Once per run: a real PostgreSQL in a temporary folder, with a migrated database to clone. */

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { connectAsOwner, disconnect } from "#db/client.ts";
import { joinCluster, siblingUrl } from "#db/cluster/cluster.ts";
import { migrate } from "#db/migrate.ts";
import { unpackBrowser } from "./browser.ts";

declare module "vitest" {
  interface ProvidedContext {
    clusterUrl: string;
  }
}

export default async function start({ provide }: TestProject) {
  const folder = mkdtempSync(join(tmpdir(), "komichi-test-"));
  const cluster = await joinCluster(folder);
  const owner = connectAsOwner(siblingUrl(cluster.url, "postgres"));
  await owner.execute("create database komichi_template");
  await disconnect(owner);
  await migrate(siblingUrl(cluster.url, "komichi_template"));
  await unpackBrowser();
  provide("clusterUrl", cluster.url);
  return async () => {
    await cluster.leave();
    rmSync(folder, { recursive: true, force: true });
  };
}

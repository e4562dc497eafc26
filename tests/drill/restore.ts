/** The machine is lost while families write: processes killed, data directory gone. A backup outside of it brings everything back. */

import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import type { BackupManifest } from "#api/backup/sets.ts";
import type { RestoreResult } from "#api/restore/restore.ts";
import { canary, consult, nextRun } from "../api/restore/installation.ts";
import { askUntil, keepBackups, openMessage, storedReferences } from "./frame/backups.ts";
import type { Drill, How, Outcome } from "./frame/drill.ts";
import { drain, endLeases } from "./frame/ledger.ts";
import { type Stage, staged } from "./frame/stage.ts";

export const restore: Drill = {
  about: "processes killed and the data directory gone while families write; restored from a folder",
  sizes: { cases: 20_000, seconds: 60 },
  short: { cases: 0, seconds: 3 },
  run: (how) => staged((stage) => run(stage, how)),
};

/** Promised: what was answered longer ago than this is in the backup, and a restore takes no longer than that. Seconds. */
const promised = { loss: 60, restore: 900 };

async function run(stage: Stage, how: How): Promise<Outcome> {
  keepBackups(stage);
  stage.startMailServer();
  await grow(stage, how);
  let product = await stage.start();
  how.say("taking a base backup …");
  const backedUp = performance.now();
  const base = await stage.cli<BackupManifest>("backup");
  const backupSeconds = seconds(backedUp);
  let isOver = false;
  const asking = askUntil(product.port, () => isOver);
  const before = await consult(product, "before@example.jp");
  const moment = new Date().toISOString();
  await sleep(how.size("seconds") * 1000);
  const after = await consult(product, "after@example.jp");
  await nextRun(product, "ship_wal");
  // Not shipped any more: a family is erased, and others write.
  const erased = [...(await storedReferences(stage))].find((one) => one !== before && one !== after) ?? "";
  await stage.cli("erase", erased);
  how.say("everything is lost …");
  const lostAt = Date.now();
  await stage.destroy();
  isOver = true;
  const answered = await asking;
  await stage.cli("restore", "--at", moment);
  const then = await lookInto(stage, before);
  const restored = await stage.cli<RestoreResult>("restore", "--replace");
  const { stored, message } = await lookInto(stage, after);
  const missing = answered.filter(({ reference }) => !stored.has(reference));
  const oldest = missing.length === 0 ? 0 : (lostAt - Math.min(...missing.map(({ at }) => at))) / 1000;
  product = await stage.start();
  if (how.isShort) await endLeases(stage);
  await drain(stage, how);
  const twice = await mailedTwice(stage);
  const opened = await stage.withDatabase(async (owner) => {
    const [row] = await owner.execute<{ count: number }>(`
      select count(*)::int as count from cases k join consultations c on c.case_id = k.id join leads l on l.id = c.lead_id
      where k.wrapped_key is not null and l.reference = '${erased}'`);
    return row?.count ?? 0;
  });
  return {
    counts: {
      "cases restored": restored.counts.rows["cases"] ?? 0,
      "answered while the backup went on": answered.length,
      "lost, answered within the last seconds": missing.length,
      "seconds of the loss": oldest.toFixed(1),
      "seconds of the base backup": backupSeconds,
      "MB of the database": mb(base.bytes),
      "MB of the sealed backup": mb(base.sealedBytes),
      "seconds of the restore": restored.seconds,
      "mails known to be sent": restored.counts.accepted,
      "erased again": restored.counts.erased,
      "mails that came twice": twice.length,
    },
    losses: [
      ...(oldest > promised.loss ? [`a request answered ${oldest.toFixed(0)} s before the loss is gone`] : []),
      ...(restored.seconds > promised.restore ? [`the restore took ${restored.seconds} s`] : []),
      ...(then.message !== canary.message || message !== canary.message ? ["a family's words do not open"] : []),
      ...(then.stored.has(after) ? ["what was written after the moment came back with it"] : []),
      ...(opened > 0 ? ["a family that was erased came back"] : []),
      ...(twice.length > 0 ? [`${twice.length} mails came twice and are not marked as repeated`] : []),
      ...(answered.length === 0 ? ["nobody was answered"] : []),
    ],
  };
}

/** The sample, and years of closed cases beside it. */
async function grow(stage: Stage, how: How): Promise<void> {
  const cases = how.size("cases");
  if (cases === 0) return;
  how.say(`growing ${cases} cases …`);
  await stage.cli("sample");
  const program = ["tests/bench/grow-cases.ts", String(cases), String(cases * 5)];
  const grown = spawnSync(process.execPath, program, { env: { ...process.env, ...stage.variables }, stdio: "ignore" });
  if (grown.status !== 0) throw new Error("the cases could not be grown");
}

/** The references in the restored database, which no process serves yet, and the words of one of them. */
async function lookInto(stage: Stage, reference: string) {
  const product = await stage.start({ ROLE: "web", BACKUP_DAYS: "0" });
  const found = { stored: await storedReferences(stage), message: await openMessage(stage, reference) };
  product.process.kill("SIGTERM");
  await new Promise((resolve) => product.process.once("exit", resolve));
  return found;
}

/** Message-IDs that arrived more than once, of messages that are not marked as repeated. */
async function mailedTwice(stage: Stage): Promise<string[]> {
  const ids = readFileSync(stage.mailLog, "utf8")
    .trim()
    .split("\n")
    .map((line) => line.split(" ")[0] ?? "");
  const twice = [...Map.groupBy(ids, (id) => id)].filter(([, times]) => times.length > 1).map(([id]) => id);
  const marked = await stage.withDatabase((owner) =>
    owner.execute<{ id: string }>("select message_id as id from deliveries where repeated"),
  );
  return twice.filter((id) => !marked.some((row) => row.id === id));
}

const seconds = (since: number) => ((performance.now() - since) / 1000).toFixed(1);
const mb = (bytes: number) => (bytes / 1024 / 1024).toFixed(1);

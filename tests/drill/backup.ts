/** The process that takes a backup is killed in the middle, again and again, while families write. */

import { setTimeout as sleep } from "node:timers/promises";
import type { Verified } from "#api/restore/verify.ts";
import { seededRandom } from "#db/random/seeded.ts";
import { askUntil, keepBackups, storedReferences } from "./frame/backups.ts";
import type { Drill, How, Outcome } from "./frame/drill.ts";
import { kill, type Stage, staged } from "./frame/stage.ts";

export const backup: Drill = {
  about: "the process that takes a backup is killed in the middle; the next one is whole",
  sizes: { kills: 20, seed: 7 },
  short: { kills: 2 },
  run: (how) => staged((stage) => run(stage, how)),
};

async function run(stage: Stage, how: How): Promise<Outcome> {
  keepBackups(stage);
  stage.startMailServer();
  const product = await stage.start();
  const random = seededRandom(how.size("seed"));
  let isOver = false;
  const asking = askUntil(product.port, () => isOver);
  let unfinished = 0;
  for (let n = 0; n < how.size("kills"); n++) {
    const { child, ended } = stage.startCli("backup");
    await sleep(random.between(300, 2500));
    await kill(child);
    if ((await ended).code !== 0) unfinished++;
  }
  await stage.cli("backup");
  isOver = true;
  const answered = await asking;
  const stored = await storedReferences(stage);
  const verified = await stage.cli<Verified>("backup", "verify");
  const lost = answered.filter(({ reference }) => !stored.has(reference)).length;
  return {
    counts: {
      "killed before the end": unfinished,
      "answered meanwhile": answered.length,
      stored: stored.size,
      "cases in the backup": verified.rows["cases"] ?? 0,
      "characters of the case that was opened": verified.openedCharacters ?? 0,
    },
    losses: [
      ...(lost > 0 ? [`${lost} requests answered with 201 are not stored`] : []),
      ...((verified.openedCharacters ?? 0) === 0 ? ["no case of the backup could be opened"] : []),
      ...(unfinished === 0 ? ["no backup was killed before its end"] : []),
    ],
  };
}

/** Which processes run, and whether their timed work is done in time. */

import { formatDateTime } from "#db/calendar/days.ts";
import { db } from "#db/client.ts";
import { jobRuns } from "#db/schema/jobs.ts";
import { type RunningProcess, runningProcesses, vaultKeySource } from "#db/vault/processes.ts";
import { doctorWords } from "#db/words/staff/doctor.ts";
import packageJson from "#package.json" with { type: "json" };
import { type Check, ok, type Outside, skipped, todo, whenReal } from "./check.ts";

/** When each job runs: by name, its next time after a moment (api/jobs.ts). */
export type Schedules = Readonly<Record<string, (after: Date) => Date | null>>;

export async function processChecks(isReal: boolean, schedules: Schedules, { now }: Outside): Promise<Check[]> {
  const running = await runningProcesses();
  const [first] = running;
  if (!first) {
    const say = doctorWords.processes;
    return [whenReal(isReal)("processes", say.none, say.noneAdvice), skipped("jobs", doctorWords.jobs.skipped)];
  }
  return [...together(running), ...(await jobChecks(schedules, first.startedAt, now()))];
}

/** Whether they are of one version and of this one, do all there is to do, and live with the same key as this terminal. */
function together(running: readonly RunningProcess[]): Check[] {
  const say = doctorWords.processes;
  const versions = [...new Set(running.map(({ version }) => version ?? "?"))].toSorted();
  const [version = ""] = versions;
  const own = vaultKeySource();
  const strange = running.find(({ keySource }) => keySource !== own);
  const found = [
    ...(["web", "worker"] as const)
      .filter((wanted) => !running.some(({ role }) => role === wanted || role === "all"))
      .map((role) => todo(`processes.${role}`, say.no[role], say.noAdvice(role))),
    ...(versions.length > 1 ? [todo("processes.version", say.mixed(versions), say.versionAdvice)] : []),
    ...(versions.length === 1 && version !== packageJson.version
      ? [todo("processes.version", say.older(version, packageJson.version), say.versionAdvice)]
      : []),
    ...(strange ? [todo("processes.keys", say.otherKeys(strange.keySource), say.otherKeysAdvice)] : []),
  ];
  return found.length === 0 ? [ok("processes", say.ok(running.length, version))] : found;
}

/** A run that lasts, or waits for others, is not late yet. */
const graceMs = 10 * 60_000;

/** A job is late when after its last success it was due twice. */
async function jobChecks(schedules: Schedules, runningSince: Date, now: Date): Promise<Check[]> {
  const say = doctorWords.jobs;
  const runs = new Map((await db.select().from(jobRuns)).map((run) => [run.name, run]));
  const late = Object.entries(schedules).flatMap(([name, next]): Check[] => {
    const run = runs.get(name);
    const succeededAt = run?.succeededAt ?? undefined;
    // While nothing ran, nothing could be done.
    const since = succeededAt === undefined || succeededAt < runningSince ? runningSince : succeededAt;
    const due = next(next(since) ?? since) ?? since;
    if (now.getTime() < due.getTime() + graceMs) return [];
    const sentence = succeededAt === undefined ? say.never(name) : say.late(name, formatDateTime(succeededAt));
    return [todo(`jobs.${name}`, sentence, say.lateAdvice(run?.error ?? ""))];
  });
  return late.length === 0 ? [ok("jobs", say.ok(Object.keys(schedules).length))] : late;
}

/** `doctor`: what is still the sample's, missing or set wrongly, from the keys to the disk. Each line is ok, or says what to do. */

import { type Missing, missingForReal } from "#api/readiness/missing.ts";
import { isReal, wasUpgraded } from "#api/readiness/readiness.ts";
import { db } from "#db/client.ts";
import type { CommandAnswer, Commands } from "#db/command.ts";
import { env } from "#db/env.ts";
import { adminMessage } from "#db/errors.ts";
import { variableOf } from "#db/settings/environment.ts";
import { settingKeys } from "#db/settings/keys.ts";
import { settings } from "#db/settings/settings.ts";
import { KeyMissing } from "#db/vault/vault.ts";
import { doctorWords as say } from "#db/words/staff/doctor.ts";
import { readinessWords } from "#db/words/staff/readiness.ts";
import { asideChecks, backupChecks } from "./backups.ts";
import { type Check, type Outside, outside, todo } from "./check.ts";
import { clockChecks } from "./clock.ts";
import { diskChecks } from "./disk.ts";
import { environmentChecks } from "./environment.ts";
import { keyChecks } from "./keys.ts";
import { mailServerChecks, senderRecordChecks } from "./mail.ts";
import { originChecks } from "./origin.ts";
import { permissionChecks } from "./permissions.ts";
import { postgresChecks } from "./postgres.ts";
import { processChecks, type Schedules } from "./processes.ts";

/** `world`: what lies outside this process and its database. */
export const doctorCommands = (schedules: () => Promise<Schedules>, world = outside): Commands => ({
  doctor: {
    makesNone: true,
    usage: "doctor   (each line is ok, or says what to do; exit 1 while something must be done)",
    words: [0, 0],
    run: async () => {
      const real = await isReal();
      const missing = await missingForReal(db);
      const codes = missing.map(({ code }) => code);
      const sender = settings().values["mail_from.address"];
      const isOurs = !codes.some((code) => code.endsWith(".mail_from.address"));
      const checks = await examine({
        ...withoutDatabase(real, world),
        clock: () => clockChecks(world),
        origin: () => originChecks(world),
        records: () => senderRecordChecks(isOurs ? sender : undefined, world),
        backup: () => backupChecks(real, world),
        postgres: () => postgresChecks(),
        processes: async () => processChecks(real, await schedules(), world),
        keys: () => keyChecks(codes),
      });
      const isUnfinished = (await wasUpgraded()) && codes.some((code) => /^(?:missing|sample)\./u.test(code));
      return answer({ real, missing, checks }, isUnfinished ? [`!! ${readinessWords.upgraded}`] : []);
    },
    /** The reason may be among what needs no database: a full disk, a lost file. */
    withoutDatabase: async (reason) => {
      const why = adminMessage(reason);
      const advice = reason instanceof KeyMissing ? say.keys.missingAdvice : say.notOpenAdvice;
      const database = todo("database", say.notOpen(why), advice);
      const checks = [database, ...(await examine(withoutDatabase(true, world)))];
      return answer({ real: null, missing: [], checks, error: why });
    },
  },
});

type Examinations = Record<string, () => Check[] | Promise<Check[]>>;

const withoutDatabase = (real: boolean, world: Outside): Examinations => ({
  environment: () => environmentChecks(settings().values["mail_from.address"]),
  permissions: () => permissionChecks(),
  disk: () => diskChecks(world),
  aside: () => asideChecks(world),
  mail: () => mailServerChecks(real),
});

/** All side by side: several wait for somebody's answer. One that fails says so, and is something to do. */
async function examine(examinations: Examinations): Promise<Check[]> {
  const found = Object.entries(examinations).map(async ([code, look]) => {
    try {
      return await look();
    } catch (error) {
      return [todo(code, say.failed(adminMessage(error)), say.failedAdvice)];
    }
  });
  return (await Promise.all(found)).flat();
}

interface Found {
  /** Null where the database does not tell. */
  real: boolean | null;
  missing: readonly Missing[];
  checks: readonly Check[];
  /** Why the database could not be opened. */
  error?: string;
}

function answer({ real, missing, checks, ...error }: Found, first: readonly string[] = []): CommandAnswer {
  const decided = settingKeys.flatMap((key) => (variableOf(key) === undefined ? [] : [[key, variableOf(key)]]));
  const environment = Object.fromEntries(decided) as Record<string, string>;
  const left = missing.length + checks.filter(({ state }) => state === "todo").length;
  const lines = [
    ...first,
    ...missing.map(({ code, sentence }) => `${say.mark.todo} ${code}: ${sentence}`),
    ...(missing.length > 0 ? [`       ${say.toDo(say.missingAdvice(env.PUBLIC_ORIGIN))}`] : []),
    ...checks.flatMap(linesOf),
    ...Object.entries(environment).map(([key, variable]) => `(${key}: ${readinessWords.byVariable(variable)})`),
    say.end(left),
  ];
  const listed = missing.map(({ code, sentence }) => ({ code, sentence }));
  return { value: { real, missing: listed, checks, environment, ...error }, lines, failed: left > 0 };
}

const linesOf = ({ code, state, sentence, todo: what }: Check): string[] => [
  `${say.mark[state]} ${code}: ${sentence}`,
  ...(what === undefined ? [] : [`       ${say.toDo(what)}`]),
];

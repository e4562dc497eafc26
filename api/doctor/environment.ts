/** Variables of the environment that contradict each other, or that nobody reads. A value of a wrong form stops the start already (db/env.ts). */

import { env, isLoopback, givenVariables, variableNames } from "#db/env.ts";
import { doctorWords } from "#db/words/staff/doctor.ts";
import { dkimFromEnv } from "#emails/smtp/dkim.ts";
import { type Check, ok, todo, warn } from "./check.ts";

const say = doctorWords.environment;

type Name = keyof typeof env;
/** Those that are set all or not at all. */
const together = {
  dkim: ["DKIM_DOMAIN", "DKIM_SELECTOR", "DKIM_KEY_FILE"],
  bucket: ["BACKUP_S3_ENDPOINT", "BACKUP_S3_BUCKET", "BACKUP_S3_ACCESS_KEY_ID", "BACKUP_S3_SECRET_ACCESS_KEY"],
} as const satisfies Record<string, readonly Name[]>;

/** `sender`: the address that mail comes from. */
export function environmentChecks(sender: string, given = givenVariables()): Check[] {
  const found = [
    ...Object.entries(together).flatMap(([what, names]) => partlyGiven(what, names)),
    ...dkim(sender),
    ...ports(),
    ...(env.BACKUP_S3_BUCKET !== undefined && given.includes("BACKUP_DIR")
      ? [warn("environment.BACKUP_DIR", say.bothStores, say.bothStoresAdvice)]
      : []),
    ...(env.LOG === "off" ? [warn("environment.LOG", say.noLog, say.noLogAdvice)] : []),
    ...unknownNames(given),
  ];
  return found.length === 0 ? [ok("environment", say.ok)] : found;
}

function partlyGiven(what: string, names: readonly Name[]): Check[] {
  const [given, absent] = [names.filter((name) => env[name]), names.filter((name) => !env[name])];
  if (given.length === 0 || absent.length === 0) return [];
  return [todo(`environment.${what}`, say.partly(given, absent), say.partlyAdvice(names))];
}

function dkim(sender: string): Check[] {
  const { DKIM_DOMAIN: domain, DKIM_KEY_FILE: file } = env;
  if (domain === undefined || file === undefined || env.DKIM_SELECTOR === undefined) return [];
  try {
    dkimFromEnv();
  } catch {
    return [todo("environment.DKIM_KEY_FILE", say.dkimKey(file), say.dkimKeyAdvice)];
  }
  // Relaxed alignment (RFC 7489, 3.1.1): the signing domain is the sender's or one above it.
  const from = sender.slice(sender.lastIndexOf("@") + 1).toLowerCase();
  const isAligned = from === domain.toLowerCase() || from.endsWith(`.${domain.toLowerCase()}`);
  return isAligned ? [] : [todo("environment.DKIM_DOMAIN", say.dkimDomain(domain, from), say.dkimDomainAdvice)];
}

/** An address of this machine is reached without a proxy, so its port is the one that is listened on. */
function ports(): Check[] {
  const { port, protocol } = new URL(env.PUBLIC_ORIGIN);
  const isHere = protocol === "http:" && isLoopback(env.PUBLIC_ORIGIN);
  if (!isHere || Number(port || 80) === env.PORT) return [];
  return [todo("environment.PORT", say.port(env.PUBLIC_ORIGIN, env.PORT), say.portAdvice)];
}

const letters = (name: string) => name.replaceAll("_", "").toUpperCase();
/** Beginnings that names of ours have, such as "SMTP_"; few other programs use them. */
const beginnings = [
  ...new Set(variableNames.filter((name) => name.includes("_")).map((name) => /^[A-Z]+_/u.exec(name)?.[0] ?? "")),
];

/** Names that nobody reads and that look like ours: by their beginning, or by all but two of their letters. */
function unknownNames(given: readonly string[]): Check[] {
  return given
    .filter((name) => !variableNames.includes(name))
    .flatMap((name) => {
      const meant = variableNames.find((known) => isNear(letters(known), letters(name)));
      const isOurs = [...beginnings, "KOMICHI_", "INBOUND_"].some((start) => name.toUpperCase().startsWith(start));
      return meant !== undefined || isOurs
        ? [warn(`environment.${name}`, say.unknown(name), say.unknownAdvice(meant))]
        : [];
    });
}

/** Whether two names differ in at most two letters (Levenshtein), and are long enough for that to be no accident. */
function isNear(a: string, b: string): boolean {
  if (Math.min(a.length, b.length) < 7 || Math.abs(a.length - b.length) > 2) return a === b;
  let before = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const changed = (before[j - 1] ?? 0) + Number(a[i - 1] !== b[j - 1]);
      row.push(Math.min(changed, (before[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1));
    }
    before = row;
  }
  return (before[b.length] ?? 0) <= 2;
}

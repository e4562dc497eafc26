/** The comparison at the end of every drill: answered 201 = stored once = mailed, and what was mailed twice is marked so. */

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { sql } from "drizzle-orm";
import type { Counts, Outcome } from "./drill.ts";
import type { Stage } from "./stage.ts";

/** Everything that the comparison looks at. */
export interface Facts {
  /** References that clients were given with a 201. */
  answered: string[];
  /** References of what is stored, one for each request. */
  stored: string[];
  /** Rows that belong to one request each. */
  rows: { consultations: number; cases: number; traces: number; promises: number };
  messages: { id: string; state: string; repeated: boolean }[];
  /** Message-IDs as they arrived, repeats included. */
  arrived: string[];
}

/** Mails of one request: the receipt, and the notice to staff. */
const mailsEach = 2;

/** A sentence for each thing that is not as it was promised. */
export function lossesOf({ answered, stored, rows, messages, arrived }: Facts): string[] {
  const references = new Set(stored);
  const ids = new Set(arrived);
  const known = new Set(messages.map(({ id }) => id));
  const times = Map.groupBy(arrived, (id) => id);
  const found: [number, string][] = [
    [answered.length - new Set(answered).size, "references were given to two requests"],
    [answered.filter((reference) => !references.has(reference)).length, "requests answered with 201 are not stored"],
    [stored.length - answered.length, "more are stored than were answered"],
    ...Object.entries(rows).map(([name, count]): [number, string] => [
      count - answered.length,
      `${name} too many or (-) too few`,
    ]),
    [messages.length - answered.length * mailsEach, "mails in the ledger too many or (-) too few"],
    [messages.filter(({ state }) => state !== "accepted").length, "mails ended otherwise than accepted"],
    [messages.filter(({ id }) => !ids.has(id)).length, "mails never arrived"],
    [[...ids].filter((id) => !known.has(id)).length, "mails arrived that the ledger does not know"],
    [
      messages.filter(({ id, repeated }) => !repeated && (times.get(id)?.length ?? 0) > 1).length,
      "mails came twice and are not marked as repeated",
    ],
  ];
  return found.filter(([count]) => count !== 0).map(([count, sentence]) => `${count} ${sentence}`);
}

/** Reads the database and what arrived. `references` in the form of the answers. */
export async function gather(stage: Stage, references: Iterable<string>): Promise<Facts> {
  return stage.withDatabase(async (owner) => {
    const [rows] = await owner.execute<Facts["rows"] & Record<string, number>>(sql`
      select (select count(*) from consultations)::int as consultations, (select count(*) from cases)::int as cases,
             (select count(*) from audit_events where action = 'receive')::int as traces,
             (select count(*) from promises)::int as promises`);
    if (!rows) throw new Error("the database answered nothing");
    const stored = await owner.execute<{ reference: string }>(sql`select reference from leads`);
    const messages = await owner.execute<Facts["messages"][number] & Record<string, unknown>>(
      sql`select message_id as id, state, repeated from deliveries`,
    );
    return {
      answered: [...references].map(plain),
      stored: stored.map(({ reference }) => plain(reference)),
      rows: { ...rows },
      messages: [...messages],
      arrived: [...arrivals(stage)],
    };
  });
}

const plain = (reference: string) => reference.replaceAll("-", "");

/** Message-IDs from the mail server's log, and from the files of an installation without a mail server. */
function arrivals(stage: Stage): string[] {
  const lines = existsSync(stage.mailLog) ? readFileSync(stage.mailLog, "utf8").trim().split("\n") : [];
  const outbox = join(stage.dataDir, "outbox");
  const files = existsSync(outbox) ? readdirSync(outbox).filter((name) => name.endsWith(".eml")) : [];
  const idOf = (name: string) =>
    /^Message-ID: (\S+)/imu.exec(readFileSync(join(outbox, name), "latin1"))?.[1] ?? `none: ${name}`;
  return [...lines.filter(Boolean).map((line) => line.split(" ")[0] ?? ""), ...files.map(idOf)];
}

/** The outcome of a drill: its own counts and losses, then those of the comparison. Waits for nothing: call it when all mails have gone. */
export async function examine(
  stage: Stage,
  references: Iterable<string>,
  own: { counts: Counts; losses?: string[]; mostRepeats?: number },
): Promise<Outcome & { repeats: number }> {
  const facts = await gather(stage, references);
  const repeats = facts.arrived.length - new Set(facts.arrived).size;
  const share = Math.round((repeats / Math.max(1, facts.arrived.length)) * 1e5) / 1e3;
  const counts = {
    ...own.counts,
    "answered with 201": facts.answered.length,
    stored: facts.stored.length,
    ...facts.rows,
    "mails in the ledger": facts.messages.length,
    "mails arrived": new Set(facts.arrived).size,
    "repeats, each with its first's Message-ID": `${repeats} (${share} %)`,
    "marked as repeated": facts.messages.filter(({ repeated }) => repeated).length,
  };
  const tooMany =
    repeats > (own.mostRepeats ?? repeats)
      ? [`${repeats} mails came twice, and no more than ${own.mostRepeats} could`]
      : [];
  return { counts, repeats, losses: [...(own.losses ?? []), ...lossesOf(facts), ...tooMany] };
}

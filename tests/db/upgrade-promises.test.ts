/** What is owed to families after the upgrade of a database from before promises were rows. */

import { sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { connectAsOwner, disconnect } from "#db/client.ts";
import { migrate } from "#db/migrate.ts";
import { newId } from "#db/random/ids.ts";
import { type OlderRelease, openOlderRelease } from "./older-release.ts";

let release: OlderRelease;
const staffId = newId();

beforeAll(async () => {
  release = await openOlderRelease("20261127171610_job_runs_and_spam_score");
  await release.owner.execute(
    sql`insert into staff (id, name, email, role) values (${staffId}, '見本', 'a@example.jp', 'manager')`,
  );
});

afterAll(() => release.drop());

/** "added" by the family, a "reply" that nobody opened, one that the family has "read", an "entry" staff → family, or the notice of the last reply in a state. */
type Step = "added" | "reply" | "read" | "entry" | `notice ${string}`;

interface Old {
  replyBy: "email" | "phone" | "none";
  state: "new" | "open" | "waiting" | "closed";
  isErased?: boolean;
  steps: Step[];
}

/** A case of the release before; the request was promised an answer by the 19th, the nth addition by the (20 + n)th. */
async function oldCase({ replyBy, state, isErased = false, steps }: Old): Promise<string> {
  const { owner } = release;
  const [id, leadId, consultationId] = [newId(), newId(), newId()];
  const key = isErased ? null : Buffer.from("key");
  await owner.execute(sql`insert into cases (id, state, wrapped_key) values (${id}, ${state}, ${key})`);
  await owner.execute(
    sql`insert into leads (id, kind, channel, received_at) values (${leadId}, 'consultation', 'form', '2026-11-16')`,
  );
  await owner.execute(sql`insert into consultations (id, lead_id, case_id, reply_by, reply_by_date, contact, message, consent)
    values (${consultationId}, ${leadId}, ${id}, ${replyBy}, '2026-11-19', '', '', '')`);
  let [added, lastReply] = [0, ""];
  for (const step of steps) {
    const messageId = newId();
    if (step === "added")
      await owner.execute(sql`insert into messages (id, case_id, consultation_id, body, reply_by_date)
        values (${messageId}, ${id}, ${consultationId}, '', ${`2026-11-${20 + ++added}`})`);
    else if (step === "entry")
      await owner.execute(sql`insert into entries (id, case_id, author_id, happened_at, channel, from_party, to_party, body)
        values (${newId()}, ${id}, ${staffId}, now(), 'phone', 'staff', 'family', '')`);
    else if (step.startsWith("notice "))
      await owner.execute(sql`insert into deliveries (id, kind, lane, message_id, lead_id, about_message_id, state)
        values (${newId()}, 'reply_notice', 'transactional', ${newId()}, ${leadId}, ${lastReply}, ${step.slice(7)})`);
    else {
      lastReply = messageId;
      await owner.execute(sql`insert into messages (id, case_id, consultation_id, staff_id, body, read_at)
        values (${messageId}, ${id}, ${consultationId}, ${staffId}, '', case when ${step === "read"} then now() end)`);
    }
  }
  return id;
}

/** Each with the days that are owed after the upgrade, the number of promises kept, and the state of its case. */
const olds: [Old, owed: string[], kept: number, state: string][] = [
  [{ replyBy: "email", state: "new", steps: [] }, ["2026-11-19"], 0, "new"],
  [{ replyBy: "none", state: "new", steps: [] }, [], 0, "new"],
  [{ replyBy: "email", state: "open", steps: ["entry"] }, ["2026-11-19"], 0, "open"],
  [{ replyBy: "email", state: "waiting", steps: ["reply", "notice accepted"] }, [], 1, "waiting"],
  [{ replyBy: "email", state: "waiting", steps: ["reply", "notice queued"] }, [], 1, "waiting"],
  [{ replyBy: "email", state: "waiting", steps: ["reply", "notice failed"] }, ["2026-11-19"], 0, "open"],
  [{ replyBy: "email", state: "waiting", steps: ["read", "notice failed"] }, [], 1, "waiting"],
  [{ replyBy: "phone", state: "waiting", steps: ["reply"] }, ["2026-11-19"], 0, "open"],
  [{ replyBy: "phone", state: "waiting", steps: ["read"] }, [], 1, "waiting"],
  [{ replyBy: "phone", state: "waiting", steps: [] }, ["2026-11-19"], 0, "open"],
  [{ replyBy: "none", state: "waiting", steps: ["added", "reply"] }, [], 1, "waiting"],
  [
    { replyBy: "email", state: "open", steps: ["added", "reply", "notice accepted", "added"] },
    ["2026-11-22"],
    2,
    "open",
  ],
  [
    { replyBy: "email", state: "open", steps: ["added", "added"] },
    ["2026-11-19", "2026-11-21", "2026-11-22"],
    0,
    "open",
  ],
  [{ replyBy: "email", state: "closed", steps: ["added"] }, [], 0, "closed"],
  [{ replyBy: "email", state: "open", isErased: true, steps: ["added"] }, [], 0, "open"],
];

test("cases in work owe what the stricter rule says, with the day promised then; closed and erased ones nothing", async () => {
  const ids: string[] = [];
  for (const [old] of olds) ids.push(await oldCase(old));
  await disconnect(release.owner);

  await migrate(release.url);

  release.owner = connectAsOwner(release.url);
  const found: typeof olds = [];
  for (const [at, [old]] of olds.entries()) {
    const rows = await release.owner.execute<{ day: string; isKept: boolean; keptBy: string | null }>(
      sql`select due_day::text as day, kept_at is not null as "isKept", kept_by as "keptBy"
        from promises where case_id = ${ids[at]} order by due_day`,
    );
    const [row] = await release.owner.execute<{ state: string }>(sql`select state from cases where id = ${ids[at]}`);
    const kept = rows.filter(({ isKept, keptBy }) => isKept && keptBy === staffId);
    const owed = rows.filter(({ isKept }) => !isKept).map(({ day }) => day);
    found.push([old, owed, kept.length, row?.state ?? ""]);
  }
  expect(found).toEqual(olds);
});

test("a reply of before is known to have shown the newest message of its time", async () => {
  const rows = await release.owner.execute<{ isRight: boolean }>(sql`
    select shown_message_id is not distinct from (
      select id from messages m where m.case_id = r.case_id and m.id < r.id order by id desc limit 1) as "isRight"
    from messages r where staff_id is not null`);
  expect([rows.length, rows.every(({ isRight }) => isRight)]).toEqual([8, true]);
});

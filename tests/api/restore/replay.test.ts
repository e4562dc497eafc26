/** What a restored database is told before anything is served: hand-made logs, and the database as the backup knew it. */

import { rmSync } from "node:fs";
import { join } from "node:path";
import { sql } from "drizzle-orm";
import { beforeEach, describe, expect, test } from "vitest";
import { findKept } from "#api/privacy/erase.ts";
import { replayLogs } from "#api/restore/replay.ts";
import { openFolder } from "#db/backup/folder.ts";
import { appendAcceptance, appendTombstone, copyLogs, type Tombstone } from "#db/backup/logs.ts";
import { db } from "#db/client.ts";
import { env } from "#db/env.ts";
import { newId } from "#db/random/ids.ts";
import { sendNewsletterCommand } from "#emails/newsletters/send.ts";
import {
  deleteReaders,
  enqueueNow,
  makeConsultation,
  makeGrant,
  makeIssue,
  makeStaff,
  makeSubscriber,
} from "../../emails/fixtures.ts";
import { added } from "../content/typed.ts";

const store = openFolder(env.BACKUP_DIR);
const logs = join(env.DATA_DIR, "logs");
const now = () => new Date().toISOString();

const replay = (unknownUntil?: Date) =>
  replayLogs([store], { backup: "a/1", restoredTo: new Date(), requestedAt: undefined, unknownUntil, gap: undefined });

const states = async () =>
  (
    await db.execute<{ id: string; state: string; reply: string | null }>(sql`select id, state, reply from deliveries`)
  ).map(({ id, state }) => ({ id, state }));

beforeEach(async () => {
  for (const path of [logs, env.BACKUP_DIR]) rmSync(path, { recursive: true, force: true });
  await deleteReaders();
});

describe("what was erased stays erased", () => {
  test("a family, a guide request, a reader and an entry, named by the copy of the log beside the backups alone", async () => {
    const { caseId } = await makeConsultation("family@example.jp");
    const { grantId } = await makeGrant("teacher@example.jp");
    const { subscriberId } = await makeSubscriber("reader@example.jp");
    const manager = await makeStaff("manager");
    const contentId = await added(manager, "voice", { "ja.words": "鳴子さんの声" });
    for (const what of [{ case: caseId }, { grant: grantId }, { subscriber: subscriberId }, { content: contentId }])
      appendTombstone({ at: now(), ...what });
    await copyLogs(store);
    rmSync(logs, { recursive: true });
    expect(await replay()).toMatchObject({ erased: 4 });
    for (const address of ["family@example.jp", "teacher@example.jp", "reader@example.jp"])
      expect(await findKept(address)).toEqual([]);
    expect((await db.execute(sql`select 1 from content where id = ${contentId}`)).length).toBe(0);
    expect(await replay()).toMatchObject({ erased: 0 });
  });

  test("its reason and its day are those of then", async () => {
    const { caseId } = await makeConsultation("family@example.jp");
    appendTombstone({ at: "2026-11-03T02:00:00.000Z", case: caseId, reason: "retention" });
    await replay();
    const [row] = await db.execute<{ reason: string; at: string }>(
      sql`select reason, erased_at::text as at from erasures where what_id = ${caseId}`,
    );
    expect(row).toEqual({ reason: "retention", at: "2026-11-03 02:00:00+00" });
  });

  test("for a reason that only a later version knows, is erased all the same", async () => {
    const { caseId } = await makeConsultation("family@example.jp");
    appendTombstone({ at: now(), case: caseId, reason: "a reason of tomorrow" });
    expect(await replay()).toMatchObject({ erased: 1 });
    expect(await findKept("family@example.jp")).toHaveLength(0);
  });

  test("lines of other installations, and broken ones, change nothing", async () => {
    const { caseId } = await makeConsultation("family@example.jp");
    const rows = [
      { at: now(), case: newId() },
      { at: "yesterday", case: caseId },
      { at: now(), case: "x" },
      { at: now() },
    ];
    for (const row of rows satisfies Tombstone[]) appendTombstone(row);
    expect(await replay()).toMatchObject({ erased: 0 });
    expect(await findKept("family@example.jp")).toHaveLength(1);
  });
});

describe("who left", () => {
  const isReading = async (id: string) =>
    (await db.execute(sql`select 1 from subscriptions where subscriber_id = ${id} and state = 'confirmed'`)).length > 0;

  test("is not written to again", async () => {
    const { subscriberId } = await makeSubscriber("reader@example.jp");
    appendTombstone({ at: new Date(Date.now() + 1000).toISOString(), left: subscriberId });
    expect(await replay()).toMatchObject({ erased: 1 });
    expect(await isReading(subscriberId)).toBe(false);
  });

  test("and came back afterwards, stays a reader", async () => {
    const { subscriberId } = await makeSubscriber("reader@example.jp");
    appendTombstone({ at: new Date(Date.now() - 3_600_000).toISOString(), left: subscriberId });
    expect(await replay()).toMatchObject({ erased: 0 });
    expect(await isReading(subscriberId)).toBe(true);
  });
});

describe("nothing is mailed twice", () => {
  const noteAccepted = (id: string, more: { newsletter?: string; subscriber?: string } = {}) =>
    appendAcceptance({ at: now(), id, ...more });

  test("what the log names is accepted; the rest goes out as it would have", async () => {
    const { leadId } = await makeConsultation("family@example.jp");
    const sent = await enqueueNow({ kind: "receipt", leadId });
    const waiting = await enqueueNow({ kind: "staff_notice", leadId });
    await noteAccepted(sent);
    expect(await replay()).toMatchObject({ accepted: 1, skipped: 0, uncertain: 0 });
    expect(await states()).toEqual(
      expect.arrayContaining([
        { id: sent, state: "accepted" },
        { id: waiting, state: "queued" },
      ]),
    );
    expect(await replay()).toMatchObject({ accepted: 0 });
  });

  test("mails of requests that are lost are counted apart: those accepted after the moment that came back", async () => {
    const { leadId } = await makeConsultation("family@example.jp");
    await noteAccepted(await enqueueNow({ kind: "receipt", leadId }));
    const sent = async (minutes: number, id = newId()) => {
      await appendAcceptance({ at: new Date(Date.now() + minutes * 60_000).toISOString(), id });
      return id;
    };
    await sent(3, await sent(1)); // one of two processes was killed, and the other sent it again
    await sent(2);
    await sent(-60); // of before: it was deleted since, with the sample
    expect(await replay()).toMatchObject({ accepted: 1, lost: 2 });
  });

  test("where the log ends before the loss, what was due by then is for a person to decide, and later mail is not", async () => {
    const { leadId } = await makeConsultation("family@example.jp");
    const due = await enqueueNow({ kind: "receipt", leadId });
    const later = await enqueueNow({ kind: "reply_notice", leadId, dueAt: new Date(Date.now() + 7_200_000) });
    expect(await replay(new Date(Date.now() + 120_000))).toMatchObject({ accepted: 0, uncertain: 1 });
    expect(await states()).toEqual(
      expect.arrayContaining([
        { id: due, state: "uncertain" },
        { id: later, state: "queued" },
      ]),
    );
  });

  test("an issue that had gone out in part after the moment restored to reaches only the others when it is sent again", async () => {
    const author = await makeStaff("fundraiser");
    const issue = await makeIssue(author);
    const [one, two] = [await makeSubscriber("one@example.jp"), await makeSubscriber("two@example.jp")];
    await noteAccepted(newId(), { newsletter: issue, subscriber: one.subscriberId });
    await noteAccepted(newId(), { newsletter: newId(), subscriber: two.subscriberId });
    expect(await replay()).toMatchObject({ skipped: 1 });
    expect(await sendNewsletterCommand(issue)).toMatchObject({ audience: 2 });
    const rows = await db.execute<{ subscriber: string; state: string }>(
      sql`select subscriber_id as subscriber, state from deliveries where newsletter_id = ${issue} order by state`,
    );
    expect([...rows]).toEqual([
      { subscriber: one.subscriberId, state: "accepted" },
      { subscriber: two.subscriberId, state: "queued" },
    ]);
  });
});

test("numbers given out after the backup are not given out again", async () => {
  const next = async () =>
    (await db.execute<{ n: string }>(sql`select nextval('audit_events_id_seq') as n`))[0]?.n ?? "0";
  const before = Number(await next());
  await replay();
  expect(Number(await next())).toBeGreaterThan(before + 99_000);
});

test("everybody is signed out, and what was restored is written down", async () => {
  const { id } = await makeStaff("manager");
  await db.execute(sql`
    insert into staff_sessions (id, user_id, token, expires_at, created_at, updated_at)
    values (${newId()}, ${id}, 'x', now() + interval '1 day', now(), now())`);
  const counts = await replay();
  expect((await db.execute(sql`select 1 from staff_sessions`)).length).toBe(0);
  const [row] = await db.execute<{ backup: string; counts: object }>(
    sql`select backup, counts from restores order by restored_at desc limit 1`,
  );
  expect(row).toEqual({ backup: "a/1", counts });
});

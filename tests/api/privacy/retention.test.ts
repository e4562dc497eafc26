/** What the privacy page promises to forget, and when. */

import { eq } from "drizzle-orm";
import { expect, test } from "vitest";
import { openCase } from "#api/cases/case.ts";
import { close, reopen } from "#api/cases/close.ts";
import { applyRetention } from "#api/privacy/retention.ts";
import { db } from "#db/client.ts";
import { cases, closures } from "#db/schema/cases.ts";
import { consultations } from "#db/schema/consultations.ts";
import { downloadGrants } from "#db/schema/guides.ts";
import { leads } from "#db/schema/leads.ts";
import { member, postForm, receive, trailOf } from "../requests.ts";

const manager = await member("manager");

/** A family whose support ended at this moment. */
async function ended(at: string): Promise<string> {
  const { caseId } = await receive({ message: "三年前の相談です。", reply_by: "email", email: "old@example.jp" });
  await close(manager, caseId, { reason: "settled", version: 1, owed: "not_needed" });
  await db
    .update(closures)
    .set({ closedAt: new Date(at) })
    .where(eq(closures.caseId, caseId));
  return caseId;
}

const isErased = async (id: string) => (await openCase(manager, id)).isErased;

test("a family is erased three years after the support ended, not a minute before", async () => {
  const id = await ended("2023-11-20T03:00:00Z");
  expect(await applyRetention(new Date("2026-11-20T02:59:00Z"))).toEqual({
    families: 0,
    requests: 0,
    readers: 0,
    consents: 0,
  });
  expect(await isErased(id)).toBe(false);
  expect(await applyRetention(new Date("2026-11-20T03:01:00Z"))).toEqual({
    families: 1,
    requests: 0,
    readers: 0,
    consents: 0,
  });
  expect(await isErased(id)).toBe(true);
  const [row] = await db.select().from(consultations).where(eq(consultations.caseId, id));
  expect([row?.emailIndex, row?.receiptCodeHash, row?.receiptCode]).toEqual([null, null, null]);
  expect((await trailOf(id)).find(({ action }) => action === "erase")).toMatchObject({ staffId: null });
  expect(await applyRetention(new Date("2026-11-20T03:02:00Z"))).toEqual({
    families: 0,
    requests: 0,
    readers: 0,
    consents: 0,
  });
});

test("a case that goes on, or was taken up again, is kept however old it is", async () => {
  const open = await receive();
  const again = await ended("2020-04-01T00:00:00Z");
  await reopen(manager, again);
  await db
    .update(cases)
    .set({ openedAt: new Date("2019-04-01T00:00:00Z") })
    .where(eq(cases.id, open.caseId));
  await applyRetention(new Date("2026-11-20T03:00:00Z"));
  expect([await isErased(open.caseId), await isErased(again)]).toEqual([false, false]);
});

test("a mail address given for a guide is forgotten after a year", async () => {
  await postForm("/guides/learning-in-hospital", { email: "guide@example.jp", key: "retention-1" });
  const [grant] = await db.select().from(downloadGrants);
  const given = (at: string) =>
    db
      .update(leads)
      .set({ receivedAt: new Date(at) })
      .where(eq(leads.id, grant?.leadId ?? ""));
  await given("2025-11-20T03:00:00Z");
  expect(await applyRetention(new Date("2026-11-20T02:59:00Z"))).toMatchObject({ requests: 0 });
  expect(await applyRetention(new Date("2026-11-20T03:01:00Z"))).toMatchObject({ requests: 1 });
  const [left] = await db.select().from(downloadGrants);
  expect([left?.wrappedKey, left?.email, left?.emailIndex]).toEqual([null, null, null]);
});

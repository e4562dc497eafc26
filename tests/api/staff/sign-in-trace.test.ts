/** Who signed in, who was refused, and what a stranger cannot make grow. */

import { and, desc, eq } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { deleteExpired } from "#api/privacy/retention.ts";
import { confirmFailure } from "#api/sign-in/attempts.ts";
import { countRefusal } from "#api/sign-in/trace.ts";
import { addStaff } from "#api/staff/add.ts";
import { disableStaff } from "#api/staff/disable.ts";
import { db, transaction } from "#db/client.ts";
import { newId } from "#db/random/ids.ts";
import { deliveries } from "#db/schema/mail.ts";
import { auditEvents, staff, staffRefusals } from "#db/schema/staff.ts";
import { compose } from "#emails/outbox/compose.ts";
import { claimBatch } from "#emails/outbox/outbox.ts";
import { cookiesOf, freshCode, get, type Member, member, password, postForm, signIn, trailOf } from "../requests.ts";

const wrong = "not the password at all";
let who: Member;
// The clock stands still: no hour ends and no delay runs out in the middle of a test.
beforeAll(() => void vi.useFakeTimers({ toFake: ["Date"], now: Date.now() }));
afterAll(() => void vi.useRealTimers());

beforeEach(async () => {
  who = await member("coordinator");
});

const halfway = async () => cookiesOf(await postForm("/staff/sign-in", { email: who.email, password }));
const fail = async (email = who.email, times = 1, from?: string) => {
  for (let i = 0; i < times; i++)
    await postForm("/staff/sign-in", { email, password: wrong }, from === undefined ? {} : { from });
};
/** Actions in the trail about this person, without how they came to be there. */
const actions = async () =>
  (await trailOf(who.id)).filter(({ action }) => action !== "add").map(({ action, staffId }) => [action, staffId]);
const counts = async () => {
  const rows = await db.select().from(staffRefusals).where(eq(staffRefusals.staffId, who.id));
  return Object.fromEntries(rows.map(({ kind, count }) => [kind, count]));
};

describe("the trail", () => {
  test("has a row for each time somebody signs in and out, and none for half a sign-in", async () => {
    await halfway();
    expect(await actions()).toEqual([]);
    const cookie = await signIn(who);
    await postForm("/staff/sign-out", {}, { cookie });
    await postForm("/staff/sign-out", {}, { cookie });
    expect(await actions()).toEqual([
      ["sign_in", who.id],
      ["sign_out", who.id],
    ]);
  });

  test("has one row an hour for wrong passwords, however many; the count says how many", async () => {
    await fail(who.email, 7);
    expect(await actions()).toEqual([["sign_in_failed", null]]);
    expect(await counts()).toEqual({ sign_in_failed: 7 });
  });

  test("has wrong codes and attempts that came too early, folded alike", async () => {
    for (let i = 0; i < 3; i++) await postForm("/staff/sign-in/code", { code: "000000" }, { cookie: await halfway() });
    await fail(who.email, 9, "198.51.100.77");
    expect(await actions()).toEqual([
      ["code_failed", null],
      ["sign_in_failed", null],
      ["sign_in_delayed", null],
    ]);
    expect(await counts()).toEqual({ code_failed: 3, sign_in_failed: 5, sign_in_delayed: 4 });
  });

  test("has a code that was used before", async () => {
    const [one, other] = [await halfway(), await halfway()];
    const code = await freshCode(who);
    for (const cookie of [one, other]) await postForm("/staff/sign-in/code", { code }, { cookie });
    expect(await counts()).toEqual({ code_failed: 1 });
  });

  test("has doors that were closed to somebody's role, folded, pages and forms alike", async () => {
    const cookie = await signIn(who);
    for (let i = 0; i < 3; i++) {
      expect((await get("/staff/people", { cookie, headers: { accept: "text/html" } })).status).toBe(403);
      expect((await postForm("/staff/people/disable", { email: "x@example.jp" }, { cookie })).status).toBe(403);
      expect((await get("/staff/keywords.csv", { cookie })).status).toBe(403);
    }
    expect((await get("/staff", { cookie, headers: { accept: "text/html" } })).status).toBe(200);
    expect(await actions()).toEqual([
      ["sign_in", who.id],
      ["forbidden", who.id],
    ]);
    expect(await counts()).toEqual({ forbidden: 9 });
  });

  test("begins a new row with each hour", async () => {
    for (const at of ["2026-11-27T03:00:00Z", "2026-11-27T03:59:59Z", "2026-11-27T04:00:00Z"])
      await transaction((tx) => countRefusal(tx, { email: who.email }, "sign_in_failed", new Date(at)));
    expect(await actions()).toHaveLength(2);
    const rows = await db
      .select()
      .from(staffRefusals)
      .where(eq(staffRefusals.staffId, who.id))
      .orderBy(staffRefusals.hour);
    expect(rows.map(({ hour, count }) => [hour.toISOString(), count])).toEqual([
      ["2026-11-27T03:00:00.000Z", 2],
      ["2026-11-27T04:00:00.000Z", 1],
    ]);
  });

  test("keeps nothing of an address that nobody has", async () => {
    const before = [await db.$count(auditEvents), await db.$count(staffRefusals), await db.$count(deliveries)];
    await fail("no-such-person@example.jp", 12);
    await fail("no-such-person@example.jp", 8, "198.51.100.78");
    const after = [await db.$count(auditEvents), await db.$count(staffRefusals), await db.$count(deliveries)];
    expect(after).toEqual(before);
  });

  test("of somebody stopped has no sign-in, whatever they know", async () => {
    const started = await halfway();
    await disableStaff(who.email);
    await postForm("/staff/sign-in/code", { code: await freshCode(who) }, { cookie: started });
    expect((await postForm("/staff/sign-in", { email: who.email, password })).status).toBe(422);
    expect((await actions()).map(([action]) => action)).not.toContain("sign_in");
  });

  test("its counts are forgotten after 30 days", async () => {
    await fail();
    await deleteExpired(new Date(Date.now() + 29 * 86_400_000));
    expect(await counts()).toEqual({ sign_in_failed: 1 });
    await deleteExpired(new Date(Date.now() + 31 * 86_400_000));
    expect(await counts()).toEqual({});
  });
});

describe("the notice of failed sign-ins", () => {
  let manager: Member;
  beforeAll(async () => {
    manager = await member("manager");
    // Somebody of the sample, who cannot sign in and whose address is invented.
    await db.insert(staff).values({ id: newId(), name: "見本", email: "sample-manager@example.jp", role: "manager" });
    const gone = await addStaff({ email: "gone-manager@example.jp", name: "見本", role: "manager", password });
    await db.update(staff).set({ disabledAt: new Date() }).where(eq(staff.id, gone.id));
  });

  const notices = () =>
    db
      .select()
      .from(deliveries)
      .where(and(eq(deliveries.kind, "sign_in_notice"), eq(deliveries.staffId, who.id)))
      .orderBy(desc(deliveries.id));
  const failAt = async (at: string, times: number) => {
    for (let i = 0; i < times; i++)
      await confirmFailure({ kind: "password", email: who.email, network: "192.0.2.1" }, new Date(at));
  };

  test("is queued at the tenth failure, once, and goes to the person and the managers", async () => {
    await fail(who.email, 9);
    expect(await notices()).toEqual([]);
    await fail(who.email, 4);
    expect(await notices()).toHaveLength(1);
    await db.delete(deliveries).where(eq(deliveries.kind, "invitation"));
    const [claimed] = await claimBatch("transactional", 1);
    const mail = claimed && (await compose(claimed));
    if (typeof mail !== "object") throw new Error(String(mail));
    expect(mail.to.map(({ address }) => address).toSorted()).toEqual([who.email, manager.email].toSorted());
    expect(mail.subject).toBe("【ほしのこみち】ログインの失敗が続いています");
    for (const form of [mail.text, mail.html]) {
      expect(form).toContain("13回");
      expect(form).not.toContain("http");
      expect(form).not.toContain(wrong);
    }
  });

  test("comes at most once a day, and again while it goes on", async () => {
    await failAt("2026-11-27T03:00:00Z", 30);
    await failAt("2026-11-28T02:00:00Z", 30);
    expect(await notices()).toHaveLength(1);
    await failAt("2026-11-28T03:30:00Z", 1);
    expect(await notices()).toHaveLength(2);
  });

  test("does not add up the mistakes of different days", async () => {
    await failAt("2026-11-26T03:00:00Z", 9);
    await failAt("2026-11-27T06:00:00Z", 9);
    expect(await notices()).toEqual([]);
  });

  test("is queued once for failures at the same moment", async () => {
    await failAt("2026-11-27T03:00:00Z", 9);
    await Promise.all([1, 2, 3, 4].map(() => failAt("2026-11-27T03:10:00Z", 1)));
    expect(await notices()).toHaveLength(1);
  });

  test("is not sent of somebody who was stopped", async () => {
    await failAt("2026-11-27T03:00:00Z", 12);
    const [queued] = await notices();
    await disableStaff(who.email);
    const rest = { lane: "transactional", messageId: "x", attempts: 1, repeated: false } as const;
    expect(await compose({ ...rest, id: queued?.id ?? "", kind: "sign_in_notice", staffId: who.id })).toBe("cancelled");
    await failAt("2026-11-29T03:00:00Z", 12);
    expect(await notices()).toHaveLength(1);
  });
});

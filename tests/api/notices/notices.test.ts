/** Mails to single members of staff about their cases: gathered, without content, each to be switched off. */

import { and, eq } from "drizzle-orm";
import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { enterAbsence } from "#api/absences/absences.ts";
import { assign, claim } from "#api/cases/assign.ts";
import { sendReply } from "#api/correspondence/reply.ts";
import { handOver } from "#api/handovers/hand-over.ts";
import { takeOver } from "#api/handovers/take-over.ts";
import { notifyHolder } from "#api/notices/notify.ts";
import { sendNotices } from "#api/notices/send.ts";
import { chooseNotices, noticesOf } from "#api/notices/settings.ts";
import { eraseFamily } from "#api/privacy/erase.ts";
import { disableStaff } from "#api/staff/disable.ts";
import { dayOf } from "#db/calendar/days.ts";
import { db, transaction } from "#db/client.ts";
import { env } from "#db/env.ts";
import { deliveries } from "#db/schema/mail.ts";
import { staffNotices } from "#db/schema/notices.ts";
import { promises } from "#db/schema/promises.ts";
import { codes } from "#db/terms/codes.ts";
import { noticeKind } from "#db/terms/notices.ts";
import { compose } from "#emails/outbox/compose.ts";
import { claimBatch as claimMails } from "#emails/outbox/outbox.ts";
import { finishOne } from "../../emails/fixtures.ts";
import { elements } from "../../site/html.ts";
import { family, passOf, write } from "../correspondence/families.ts";
import { asProgram, get, member, postForm, receive, signIn, type Member } from "../requests.ts";

let manager: Member;
beforeAll(async () => void (manager = await member("manager")));
beforeEach(async () => {
  await db.delete(staffNotices);
  await db.delete(deliveries);
});

const start = Date.now();
const at = (minutes: number) => new Date(start + minutes * 60_000);

/** Mails to this person, as they would leave now. */
async function mailsTo({ id }: Member) {
  const rows = await db
    .select()
    .from(deliveries)
    .where(and(eq(deliveries.kind, "personal_notice"), eq(deliveries.staffId, id)))
    .orderBy(deliveries.id);
  return Promise.all(rows.map((row) => compose({ ...row, attempts: 1 })));
}
const textsTo = async (who: Member) =>
  (await mailsTo(who)).map((mail) => (typeof mail === "string" ? mail : `${mail.subject}\n${mail.text}`));

const kindsOf = async (who: Member) =>
  (await db.select({ kind: staffNotices.kind }).from(staffNotices).where(eq(staffNotices.staffId, who.id))).map(
    ({ kind }) => kind,
  );

describe("a notice", () => {
  test("of a case that was given says that and where, and not a word of it", async () => {
    const holder = await member("coordinator");
    const { caseId, reference } = await receive({ message: "ひみつの話。", name: "はな", email: "h@example.jp" });
    await assign(manager, caseId, { staff_id: holder.id });
    expect(await sendNotices(at(0))).toEqual({ mails: 1 });
    const [mail] = await mailsTo(holder);
    if (mail === undefined || typeof mail === "string") throw new Error(String(mail));
    expect(mail.to).toEqual([{ name: "", address: holder.email }]);
    expect(mail.text).toContain(`${env.PUBLIC_ORIGIN}/staff/cases/${caseId}`);
    expect(mail.text).toContain("相談の担当になった");
    expect(mail.headers["Auto-Submitted"]).toBe("auto-generated");
    for (const secret of ["ひみつ", "はな", "h@example.jp", reference])
      expect(`${mail.subject}${mail.text}${mail.html}`).not.toContain(secret);
  });

  test("is not sent of what one did oneself", async () => {
    const holder = await member("coordinator");
    await claim(holder, (await receive()).caseId);
    expect([await sendNotices(at(0)), await kindsOf(holder)]).toEqual([{ mails: 0 }, []]);
  });

  test("says that the family wrote, to whoever is responsible; STAFF_NOTIFY is told as before", async () => {
    const [holder, helper] = [await member("coordinator"), await member("coordinator")];
    const who = await family();
    await claim(holder, who.caseId);
    await assign(manager, who.caseId, { staff_id: helper.id });
    await write(await passOf(who), "もう少し書きます。");
    expect([await kindsOf(holder), await kindsOf(helper)]).toEqual([["family_wrote"], ["helping"]]);
    expect(await db.$count(deliveries, eq(deliveries.kind, "staff_notice"))).toBe(2);
  });

  test("says once that an answer is overdue, on the day after", async () => {
    const holder = await member("coordinator");
    const { caseId } = await receive({ reply_by: "phone", phone: "086-000-0000" });
    await claim(holder, caseId);
    const [promise] = await db.select().from(promises).where(eq(promises.caseId, caseId));
    const due = new Date(`${promise?.dueDay}T03:00:00Z`);
    await sendNotices(due);
    expect(await kindsOf(holder)).toEqual([]);
    const next = new Date(due.getTime() + 86_400_000);
    await sendNotices(next);
    await sendNotices(new Date(next.getTime() + 86_400_000));
    expect([await kindsOf(holder), (await mailsTo(holder)).length]).toEqual([["overdue"], 1]);
  });

  test("says that a mail to the family was refused", async () => {
    const holder = await member("coordinator");
    const { caseId } = await receive({ reply_by: "email", email: "h@example.jp" });
    await sendReply(holder, caseId, { reply: "お返事です。", latest: "", take: true });
    for (const claimed of await claimMails("transactional", 100))
      await finishOne(claimed, { state: claimed.kind === "reply_notice" ? "failed" : "accepted" });
    await sendNotices(new Date());
    await sendNotices(at(60));
    expect([await kindsOf(holder), (await mailsTo(holder)).length]).toEqual([["mail_refused"], 1]);
  });

  test("goes to the stand-in on a day of absence", async () => {
    const [holder, standIn] = [await member("coordinator"), await member("coordinator")];
    const who = await family();
    await claim(holder, who.caseId);
    const today = dayOf(new Date());
    await enterAbsence(holder, holder.id, { from: today, until: today, stand_in: standIn.id });
    await write(await passOf(who), "もう少し書きます。");
    expect([await kindsOf(holder), await kindsOf(standIn)]).toEqual([[], ["family_wrote"]]);
  });

  test("is not sent of an erased family, nor to somebody who left since", async () => {
    const [holder, leaver] = [await member("coordinator"), await member("coordinator")];
    const [erased, kept] = [await receive(), await receive()];
    await assign(manager, erased.caseId, { staff_id: holder.id });
    await assign(manager, kept.caseId, { staff_id: leaver.id });
    await sendNotices(at(0));
    await eraseFamily(erased.reference);
    await disableStaff(leaver.email);
    expect([await textsTo(holder), await textsTo(leaver)]).toEqual([["cancelled"], ["cancelled"]]);
  });
});

describe("at most one mail in 30 minutes", () => {
  test("the first at once, what comes within 30 minutes in one mail after them, and nothing is lost", async () => {
    const [holder, other] = [await member("coordinator"), await member("coordinator")];
    const given = async (to: Member) => {
      const { caseId } = await receive();
      await assign(manager, caseId, { staff_id: to.id }, at(0));
      return caseId;
    };
    const first = await given(holder);
    expect(await sendNotices(at(0))).toEqual({ mails: 1 });
    const [second, third] = [await given(holder), await given(holder)];
    await given(other);
    expect(await sendNotices(at(1))).toEqual({ mails: 1 }); // to the other
    expect(await sendNotices(at(29))).toEqual({ mails: 0 });
    expect(await sendNotices(at(30))).toEqual({ mails: 1 });
    expect(await sendNotices(at(31))).toEqual({ mails: 0 });
    const texts = await textsTo(holder);
    expect(texts.map((text) => [first, second, third].map((id) => text.includes(id)))).toEqual([
      [true, false, false],
      [false, true, true],
    ]);
    expect(texts[1]).toContain("（2件）");
  });

  test("also when two processes gather at once", async () => {
    const holder = await member("coordinator");
    await assign(manager, (await receive()).caseId, { staff_id: holder.id }, at(0));
    const mails = await Promise.all(Array.from({ length: 6 }, () => sendNotices(at(0))));
    expect(mails.reduce((sum, one) => sum + one.mails, 0)).toBe(1);
  });
});

describe("switched off", () => {
  test.each(codes(noticeKind))("%s: no mail, and all others come", async (kind) => {
    const holder = await member("coordinator");
    await chooseNotices(
      holder,
      codes(noticeKind).filter((one) => one !== kind),
    );
    const who = await family({ reply_by: "email", email: `${kind}@example.jp` });
    await assign(manager, who.caseId, { staff_id: holder.id });
    await write(await passOf(who), "もう少し書きます。");

    const handed = await receive();
    await handOver(manager, handed.caseId, { to: holder.id, note: "お願いします。", version: 1 });
    for (const claimed of await claimMails("transactional", 100))
      await finishOne(claimed, { state: claimed.kind === "receipt" ? "failed" : "accepted" });
    await db.update(promises).set({ dueDay: "2026-01-05" }).where(eq(promises.caseId, who.caseId));
    await sendNotices(new Date());
    const helped = await receive();
    await assign(manager, helped.caseId, { staff_id: holder.id, role: "helper" });
    // A brief notifies peers alone.
    const brief = { kind: "brief", caseId: helped.caseId, aboutId: helped.caseId, to: holder.id } as const;
    await transaction((tx) => notifyHolder(tx, brief, new Date()));
    await takeOver(manager, who.caseId, { from: holder.id });
    const kinds = new Set(await kindsOf(holder));
    expect([...kinds].toSorted()).toEqual(
      codes(noticeKind)
        .filter((one) => one !== kind)
        .toSorted(),
    );
  });

  test("on one's own page; what waits of that kind is not sent any more", async () => {
    const holder = await member("coordinator");
    const cookie = await signIn(holder);
    await assign(manager, (await receive()).caseId, { staff_id: holder.id });
    expect((await postForm("/staff/me/notices", { kinds: ["overdue", "mail_refused"] }, { cookie })).status).toBe(303);
    expect(await noticesOf(holder)).toEqual(["overdue", "mail_refused"]);
    const html = await (await get("/staff/me", { cookie })).text();
    const ticked = elements(html, "input").filter((input) => input["name"] === "kinds" && "checked" in input);
    expect(ticked.map(({ value }) => value)).toEqual(["overdue", "mail_refused"]);
    await sendNotices(at(0));
    expect(await mailsTo(holder)).toEqual([]);
    expect((await postForm("/staff/me/notices", {}, { cookie })).status).toBe(303);
    expect(await noticesOf(holder)).toEqual([]);
    const refused = await postForm("/staff/me/notices", { kinds: "fax" }, { cookie, headers: asProgram });
    expect(refused.status).toBe(422);
  });
});

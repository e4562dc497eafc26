import { eq } from "drizzle-orm";
import { beforeEach, describe, expect, test } from "vitest";
import { db } from "#db/client.ts";
import { env } from "#db/env.ts";
import { cases } from "#db/schema/cases.ts";
import { consultations } from "#db/schema/consultations.ts";
import { leads } from "#db/schema/leads.ts";
import { deliveries, lists, subscriptions, suppressions } from "#db/schema/mail.ts";
import { messages } from "#db/schema/messages.ts";
import { staff } from "#db/schema/staff.ts";
import { replaceSettings, settingsFrom } from "#db/settings/settings.ts";
import type { DeliveryKind } from "#db/terms/mail.ts";
import { tokenForId } from "#db/vault/tokens.ts";
import { addressIndex } from "#emails/addresses.ts";
import type { DeliverySubject } from "#emails/composers/composed.ts";
import { createNewsletter } from "#emails/newsletters/write.ts";
import { compose } from "#emails/outbox/compose.ts";
import { claimBatch, laneOf } from "#emails/outbox/outbox.ts";
import { beSample } from "../../real-site.ts";
import {
  canary,
  enqueueNow,
  makeConsultation,
  makeGrant,
  makeInvitation,
  makeIssue,
  makeStaff,
  makeSubscriber,
} from "../fixtures.ts";

const origin = env.PUBLIC_ORIGIN;

async function composed(kind: DeliveryKind, subject: DeliverySubject) {
  await enqueueNow({ kind, ...subject });
  const [claimed] = await claimBatch(laneOf(kind), 1);
  if (!claimed) throw new Error("nothing to claim");
  return compose(claimed);
}

async function mailOf(kind: DeliveryKind, subject: DeliverySubject) {
  const message = await composed(kind, subject);
  if (typeof message === "string") throw new Error(message);
  return message;
}

const suppress = (email: string, reason: "bounce" | "complaint" | "request") =>
  db
    .insert(suppressions)
    .values({ emailIndex: addressIndex(email), reason })
    .onConflictDoNothing();

let made = 0;
const fresh = () => `reader${++made}@example.jp`;

beforeEach(() => db.delete(deliveries));

describe("what the mails say", () => {
  test("the receipt: reference, day, phone, hours and the domain to allow", async () => {
    const email = "a..b@docomo.ne.jp";
    const { leadId, reference } = await makeConsultation(email);
    const mail = await mailOf("receipt", { leadId });
    expect(mail.to).toEqual([{ name: "", address: email }]);
    expect(mail.subject).toBe("【ほしのこみち】受け付けました");
    for (const form of [mail.text, mail.html])
      for (const fact of [
        reference,
        "11月26日（木）まで",
        "086-000-0000",
        "平日 10:00〜17:00",
        "「example.jp」",
        "心当たりがない場合",
      ])
        expect(form).toContain(fact);
    expect(mail.headers).toEqual({ "Auto-Submitted": "auto-generated" });
  });

  test("the notice to staff: a link and a day, to the configured addresses", async () => {
    const { leadId, caseId } = await makeConsultation("hanako@example.jp");
    const mail = await mailOf("staff_notice", { leadId });
    expect(mail.to).toEqual([{ name: "", address: "staff@example.jp" }]);
    expect(mail.subject).toBe("新しい相談が届きました（回答期限 11月26日（木））");
    expect(mail.text).toContain(`${origin}/staff/cases/${caseId}`);
    await db.update(consultations).set({ replyBy: "none" }).where(eq(consultations.leadId, leadId));
    const unasked = await mailOf("staff_notice", { leadId });
    expect(`${unasked.subject}${unasked.text}`).not.toContain("11月26日");
  });

  test("while nobody is named for notices, every manager who works here hears of what came", async () => {
    const { leadId } = await makeConsultation("hanako@example.jp");
    const people = [
      { name: "見本", email: "first@here.test", role: "manager" as const },
      { name: "見本", email: "second@here.test", role: "manager" as const },
      { name: "見本", email: "left@here.test", role: "manager" as const, disabledAt: new Date() },
      { name: "見本", email: "writer@here.test", role: "fundraiser" as const },
    ];
    await db.insert(staff).values(people);
    replaceSettings(settingsFrom({}, "own", 7));
    const { to } = await mailOf("staff_notice", { leadId });
    beSample();
    const heard = to.map(({ address }) => address).filter((address) => address.endsWith("@here.test"));
    expect(heard.toSorted()).toEqual(["first@here.test", "second@here.test"]);
  });

  test.each([
    ["ja", "お返事を書きました", "/consultation/return"],
    ["easy", "返事を書きました", "/easy/consultation/return"],
    ["en", "We have replied", "/en/consultation/return"],
  ] as const)(
    "the notice of a reply in %s: number, phone and where to read it, nothing of it",
    async (locale, title, path) => {
      const { leadId, reference } = await makeConsultation("hanako@example.jp");
      await db.update(leads).set({ locale }).where(eq(leads.id, leadId));
      const mail = await mailOf("reply_notice", { leadId });
      expect(mail.to).toEqual([{ name: "", address: "hanako@example.jp" }]);
      expect(mail.subject).toContain(title);
      for (const form of [mail.text, mail.html]) expect(form).toContain(reference);
      expect(mail.subject).not.toContain(reference);
      for (const fact of [`${origin}${path}\n`, "086-000-0000"]) expect(mail.text).toContain(fact);
      expect(mail.text + mail.html).not.toContain(canary);
    },
  );

  test("the notice of an addition: distinct from a new request, with its own day", async () => {
    const { leadId, caseId } = await makeConsultation("hanako@example.jp");
    const [consultation] = await db.select().from(consultations).where(eq(consultations.leadId, leadId));
    const consultationId = consultation?.id ?? "";
    const [added] = await db
      .insert(messages)
      .values({ caseId, consultationId, body: Buffer.from("sealed"), replyByDate: "2026-12-01" })
      .returning({ id: messages.id });
    const mail = await mailOf("staff_notice", { leadId, aboutMessageId: added?.id ?? null });
    expect(mail.to).toEqual([{ name: "", address: "staff@example.jp" }]);
    expect(mail.subject).toBe("書き足しが届きました（回答期限 12月1日（火））");
    expect(mail.text).toContain(`${origin}/staff/cases/${caseId}`);
  });

  test("a reply is announced to nobody without an address, erased, or suppressed", async () => {
    expect(await composed("reply_notice", { leadId: (await makeConsultation(null)).leadId })).toBe("cancelled");
    const erased = await makeConsultation("hanako@example.jp");
    await db.update(cases).set({ wrappedKey: null }).where(eq(cases.id, erased.caseId));
    expect(await composed("reply_notice", { leadId: erased.leadId })).toBe("cancelled");
    const bounced = await makeConsultation("bounced@example.jp");
    await suppress("bounced@example.jp", "bounce");
    expect(await composed("reply_notice", { leadId: bounced.leadId })).toBe("suppressed");
  });

  test("the others: each with its link, made anew from the row's id", async () => {
    const author = await makeStaff("fundraiser", "writer@example.jp");
    const { grantId } = await makeGrant("hanako@example.jp");
    const reader = await makeSubscriber(fresh(), "pending");
    const invitationId = await makeInvitation("colleague@example.jp");
    const newsletterId = await makeIssue(author);
    const recipientSubjectAndLink = async (kind: DeliveryKind, about: DeliverySubject) => {
      const { to, subject, text } = await mailOf(kind, about);
      return [to[0]?.address, subject, /http:\S+/u.exec(text)?.[0]];
    };
    expect(await recipientSubjectAndLink("guide_link", { grantId })).toEqual([
      "hanako@example.jp",
      "【ほしのこみち】資料のご案内",
      `${origin}/d/${tokenForId("download", grantId)}`,
    ]);
    expect(await recipientSubjectAndLink("confirmation", { subscriberId: reader.subscriberId })).toEqual([
      `reader${made}@example.jp`,
      "【ほしのこみち】メールマガジンの登録を確認してください",
      `${origin}/newsletter/confirm/${tokenForId("confirm", reader.subscriptionId)}`,
    ]);
    expect(await recipientSubjectAndLink("invitation", { invitationId })).toEqual([
      "colleague@example.jp",
      "【ほしのこみち】職員用ページへの招待",
      `${origin}/staff/invitations/${tokenForId("invitation", invitationId)}`,
    ]);
    expect(await recipientSubjectAndLink("newsletter_test", { newsletterId, staffId: author.id })).toEqual([
      "writer@example.jp",
      "［試し送り］秋のたより",
      `${origin}/newsletter`,
    ]);
  });

  test("a newsletter: Markdown as HTML, who sends it, and one-click unsubscribe", async () => {
    const author = await makeStaff();
    const body = "# 見出し\n\n**太字** <b>生</b> [わるい](javascript:alert(1)) ![x](https://example.jp/a.png)";
    const newsletterId = await makeIssue(author, "題 <script>", body);
    const { subscriberId, subscriptionId } = await makeSubscriber(fresh());
    const mail = await mailOf("newsletter", { newsletterId, subscriberId });
    const unsubscribeUrl = `${origin}/u/${tokenForId("leave_list", subscriptionId)}`;
    const preferencesUrl = `${origin}/newsletter/preferences/${tokenForId("preferences", subscriberId)}`;
    expect(mail.headers).toEqual({
      "List-Id": "<news.example.jp>",
      "List-Unsubscribe": `<${unsubscribeUrl}>`,
    });
    expect(mail.html).toContain("<strong>太字</strong>");
    expect(mail.html).toContain("題 &lt;script&gt;");
    expect(mail.html).not.toMatch(/<script|<b>|<img|href="javascript/u);
    for (const form of [mail.text, mail.html])
      for (const duty of [
        "ほしのこみち（架空の見本団体）",
        "岡山市見本町",
        "soudan@example.jp",
        unsubscribeUrl,
        preferencesUrl,
      ])
        expect(form).toContain(duty);
  });

  test("an issue says which list it is for, to the reader and to the mail program", async () => {
    const author = await makeStaff();
    const { subscriberId } = await makeSubscriber(fresh(), "confirmed", "events");
    const newsletterId = await createNewsletter(author, { subject: "会", body: "集まります。", list: "events" });
    const mail = await mailOf("newsletter", { newsletterId, subscriberId });
    expect(mail.headers["List-Id"]).toBe("<events.example.jp>");
    expect(mail.text).toContain("「催しのお知らせ」に登録された方へ");
    const news = await makeSubscriber(fresh());
    expect(await composed("newsletter", { newsletterId, subscriberId: news.subscriberId })).toBe("cancelled");
  });

  test("an issue under way takes up what its list is called, and where answers go, once they are corrected", async () => {
    const newsletterId = await makeIssue(await makeStaff());
    const copy = async () => {
      const { subscriberId } = await makeSubscriber(fresh());
      return mailOf("newsletter", { newsletterId, subscriberId });
    };
    const news = eq(lists.slug, "news");
    const [before] = await db.select().from(lists).where(news);
    await db.update(lists).set({ replyTo: "wrong@example.jp" }).where(news);
    const first = await copy();
    await db.update(lists).set({ replyTo: "right@example.jp", name: "たより" }).where(news);
    const second = await copy();
    await db
      .update(lists)
      .set(before ?? {})
      .where(news);
    expect([first.replyTo, second.replyTo]).toEqual(["wrong@example.jp", "right@example.jp"]);
    expect([first.text.includes("「たより」"), second.text.includes("「たより」")]).toEqual([false, true]);
  });

  test("no mail carries a word, or the name, of a consultation", async () => {
    const { leadId } = await makeConsultation("hanako@example.jp");
    for (const kind of ["receipt", "staff_notice"] as const)
      expect(JSON.stringify(await mailOf(kind, { leadId }))).not.toContain(canary);
  });
});

describe("who is not written to, as known at the moment of sending", () => {
  test.each([
    ["bounce", "suppressed"],
    ["complaint", "written to"],
    ["request", "written to"],
  ] as const)("a receipt to an address suppressed for a %s: %s", async (reason, fate) => {
    const email = fresh();
    const { leadId } = await makeConsultation(email);
    await suppress(email.toUpperCase(), reason);
    const result = await composed("receipt", { leadId });
    expect(typeof result === "string" ? result : "written to").toBe(fate);
  });

  test.each(["bounce", "complaint", "request"] as const)(
    "a newsletter to an address suppressed for a %s after it was queued",
    async (reason) => {
      const email = fresh();
      const newsletterId = await makeIssue(await makeStaff());
      const { subscriberId } = await makeSubscriber(email);
      await enqueueNow({ kind: "newsletter", newsletterId, subscriberId });
      await suppress(email, reason);
      const [claimed] = await claimBatch("bulk", 1);
      expect(claimed && (await compose(claimed))).toBe("suppressed");
    },
  );

  test("a reader who left after it was queued, or never confirmed", async () => {
    const newsletterId = await makeIssue(await makeStaff());
    const left = await makeSubscriber(fresh());
    await db.update(subscriptions).set({ state: "unsubscribed" }).where(eq(subscriptions.id, left.subscriptionId));
    expect(await composed("newsletter", { newsletterId, subscriberId: left.subscriberId })).toBe("cancelled");
    const pending = await makeSubscriber(fresh(), "pending");
    expect(await composed("newsletter", { newsletterId, subscriberId: pending.subscriberId })).toBe("cancelled");
  });

  test("a family without a mail address, or one whose key was erased", async () => {
    const silent = await makeConsultation(null);
    expect(await composed("receipt", { leadId: silent.leadId })).toBe("cancelled");
    const erased = await makeConsultation("hanako@example.jp");
    await db.update(cases).set({ wrappedKey: null }).where(eq(cases.id, erased.caseId));
    expect(await composed("receipt", { leadId: erased.leadId })).toBe("cancelled");
  });

  test("a colleague who was disabled", async () => {
    const author = await makeStaff();
    const newsletterId = await makeIssue(author);
    await db.update(staff).set({ disabledAt: new Date() }).where(eq(staff.id, author.id));
    expect(await composed("newsletter_test", { newsletterId, staffId: author.id })).toBe("cancelled");
  });
});

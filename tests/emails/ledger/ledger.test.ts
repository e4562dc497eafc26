import { desc, eq } from "drizzle-orm";
import { beforeEach, describe, expect, test } from "vitest";
import { db } from "#db/client.ts";
import { cases } from "#db/schema/cases.ts";
import { deliveries } from "#db/schema/mail.ts";
import { auditEvents } from "#db/schema/staff.ts";
import type { DeliveryKind, DeliveryState } from "#db/terms/mail.ts";
import type { Role } from "#db/terms/staff.ts";
import { sendAgain, viewLedger } from "#emails/ledger/ledger.ts";
import {
  enqueueNow,
  makeConsultation,
  makeGrant,
  makeInvitation,
  makeIssue,
  makeStaff,
  makeSubscriber,
} from "../fixtures.ts";
import { form, mailApp } from "../requests.ts";

beforeEach(() => db.delete(deliveries));

let made = 0;
async function oneOfEach() {
  made++;
  const family = await makeConsultation("hanako@docomo.ne.jp");
  const { grantId } = await makeGrant("teacher@example.jp");
  const { subscriberId } = await makeSubscriber(`reader${made}@example.jp`);
  const author = await makeStaff("fundraiser", `writer${made}@example.jp`);
  const newsletterId = await makeIssue(author);
  const invitationId = await makeInvitation("colleague@example.jp");
  const { leadId } = family;
  await enqueueNow({ kind: "receipt", leadId });
  await enqueueNow({ kind: "reply_notice", leadId });
  await enqueueNow({ kind: "staff_notice", leadId });
  await enqueueNow({ kind: "guide_link", grantId });
  await enqueueNow({ kind: "confirmation", subscriberId });
  await enqueueNow({ kind: "newsletter", newsletterId, subscriberId });
  await enqueueNow({ kind: "newsletter_test", newsletterId, staffId: author.id });
  await enqueueNow({ kind: "invitation", invitationId });
  await enqueueNow({ kind: "sign_in_notice", staffId: author.id });
  await enqueueNow({ kind: "personal_notice", staffId: author.id });
  await enqueueNow({ kind: "monthly_summary", staffId: author.id });
  await enqueueNow({ kind: "approval_answer", staffId: author.id });
  await enqueueNow({ kind: "consents_ending", staffId: author.id });
  await enqueueNow({ kind: "backups_late", staffId: author.id });
  return family;
}

const seenBy = async (role: Role) => {
  const { lines } = await viewLedger(await makeStaff(role));
  return Object.fromEntries(lines.map(({ kind, recipient }) => [kind, recipient]));
};

describe("who sees what", () => {
  const all: Record<DeliveryKind, string | null> = {
    receipt: "h•••@docomo.ne.jp",
    reply_notice: "h•••@docomo.ne.jp",
    staff_notice: "s•••@example.jp",
    guide_link: "t•••@example.jp",
    confirmation: "r•••@example.jp",
    newsletter: "r•••@example.jp",
    newsletter_test: "w•••@example.jp",
    invitation: "c•••@example.jp",
    sign_in_notice: "w•••@example.jp",
    personal_notice: "w•••@example.jp",
    monthly_summary: "w•••@example.jp",
    approval_answer: "w•••@example.jp",
    consents_ending: "w•••@example.jp",
    backups_late: "w•••@example.jp",
  };

  test("a manager: everything, addresses masked", async () => {
    await oneOfEach();
    expect(await seenBy("manager")).toEqual(all);
  });

  test("a coordinator: everything, but not who reads the newsletter", async () => {
    await oneOfEach();
    expect(await seenBy("coordinator")).toEqual({
      ...all,
      confirmation: null,
      newsletter: null,
      newsletter_test: null,
    });
  });

  test("a fundraiser: newsletter mail only, and counts of nothing else", async () => {
    await oneOfEach();
    const { confirmation, newsletter, newsletter_test } = all;
    expect(await seenBy("fundraiser")).toEqual({ confirmation, newsletter, newsletter_test });
    expect((await viewLedger(await makeStaff("fundraiser"))).counts.queued).toBe(3);
  });

  test.each(["peer", "analyst"] as Role[])("a %s: nothing", async (role) => {
    await expect(viewLedger(await makeStaff(role))).rejects.toThrow("may not");
  });

  test("an erased family leaves its line without an address", async () => {
    const { caseId } = await oneOfEach();
    await db.update(cases).set({ wrappedKey: null }).where(eq(cases.id, caseId));
    expect(await seenBy("manager")).toMatchObject({ receipt: null, reply_notice: null });
  });

  test("every look is written down", async () => {
    await oneOfEach();
    const staff = await makeStaff("coordinator");
    await viewLedger(staff, { state: "queued" });
    const [line] = await db.select().from(auditEvents).orderBy(desc(auditEvents.id)).limit(1);
    expect([line?.staffId, line?.action, line?.noun, line?.detail]).toEqual([
      staff.id,
      "view",
      "delivery",
      { state: "queued", lines: 14, recipients: 11 },
    ]);
  });
});

test("pages hold fifty lines, newest first, and leave nothing out", async () => {
  const staff = await makeStaff();
  const ids = [];
  for (let i = 0; i < 120; i++) ids.push(await enqueueNow({ kind: "staff_notice" }));
  const seen: string[] = [];
  let before: string | undefined;
  do {
    const page = await viewLedger(staff, { before });
    seen.push(...page.lines.map(({ id }) => id));
    before = page.next;
  } while (before !== undefined);
  expect(seen).toEqual(ids.toReversed());
});

test("a state filters the lines and not the counts", async () => {
  const staff = await makeStaff();
  const id = await enqueueNow({ kind: "staff_notice" });
  await enqueueNow({ kind: "staff_notice" });
  await db.update(deliveries).set({ state: "failed" }).where(eq(deliveries.id, id));
  const { lines, counts } = await viewLedger(staff, { state: "failed", before: "nonsense" });
  expect([lines.map((line) => line.id), counts.failed, counts.queued]).toEqual([[id], 1, 1]);
});

describe("sending one message again", () => {
  async function ended(kind: DeliveryKind, state: DeliveryState) {
    const id = await enqueueNow({ kind });
    await db.update(deliveries).set({ state, attempts: 4, finishedAt: new Date() }).where(eq(deliveries.id, id));
    return id;
  }
  const rowOf = async (id: string) => {
    const [row] = await db.select().from(deliveries).where(eq(deliveries.id, id));
    return [row?.state, row?.repeated, row?.attempts, row?.finishedAt];
  };

  test("after a failure it is no repeat, after an unknown fate it is", async () => {
    const staff = await makeStaff("coordinator");
    const [failed, unknown] = [await ended("guide_link", "failed"), await ended("receipt", "uncertain")];
    await sendAgain(staff, failed);
    const response = await mailApp(staff).request(`/staff/mail/${unknown}/resend`, form({}));
    expect([response.status, await rowOf(failed), await rowOf(unknown)]).toEqual([
      303,
      ["queued", false, 4, null],
      ["queued", true, 4, null],
    ]);
  });

  test.each(["queued", "leased", "accepted", "retry", "suppressed", "cancelled", "failed"] as DeliveryState[])(
    "a message that is %s is left alone",
    async (state) => {
      const id = await ended("receipt", state);
      await expect(sendAgain(await makeStaff(), id)).rejects.toThrow("送り直す");
    },
  );

  test("a fundraiser cannot touch a family's mail, a coordinator a reader's, nor a peer anything", async () => {
    const id = await ended("receipt", "uncertain");
    await expect(sendAgain(await makeStaff("fundraiser"), id)).rejects.toMatchObject({ name: "NotFound" });
    await expect(sendAgain(await makeStaff("peer"), id)).rejects.toThrow("may not");
    const copy = await ended("newsletter", "uncertain");
    await expect(sendAgain(await makeStaff("coordinator"), copy)).rejects.toThrow("may not");
    await expect(sendAgain(await makeStaff(), "nonsense")).rejects.toMatchObject({ name: "NotFound" });
    expect((await rowOf(id))[0]).toBe("uncertain");
  });
});

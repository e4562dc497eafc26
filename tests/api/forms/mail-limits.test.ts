/** Rate limit for each address: how often our forms send it a mail, whoever types it. */

import { randomUUID } from "node:crypto";
import { and, eq, inArray } from "drizzle-orm";
import { beforeEach, describe, expect, test } from "vitest";
import { DownloadForm } from "#api/downloads/forms.ts";
import { grantDownload } from "#api/downloads/grant.ts";
import { resendLink } from "#api/downloads/resend-link.ts";
import { ConsultationForm } from "#api/intake/forms.ts";
import { receiptPath } from "#api/intake/receipts.ts";
import { receiveConsultation } from "#api/intake/receive.ts";
import { deleteExpired } from "#api/privacy/retention.ts";
import { db } from "#db/client.ts";
import { consultations } from "#db/schema/consultations.ts";
import { guides, guideVersions } from "#db/schema/guides.ts";
import { deliveries, mailCounts } from "#db/schema/mail.ts";
import { rateWindows } from "#db/schema/rate-limits.ts";
import { codes } from "#db/terms/codes.ts";
import { locale } from "#db/terms/locale.ts";
import { wordsIn } from "#db/words/words.ts";
import { overLimit } from "#emails/limits.ts";
import { words } from "../../site/html.ts";
import { get, postForm, postJson } from "../requests.ts";

const at = (time: string) => new Date(`2026-11-20T${time}Z`);
const guide = "learning-in-hospital";
const other = "welcoming-a-child-with-illness";

beforeEach(async () => {
  await db.delete(deliveries);
  await db.delete(mailCounts);
  await db.delete(rateWindows);
});

/** Mails that leave, or have left, to the people behind the addresses. */
const mailsOf = async (...kinds: ("receipt" | "guide_link")[]) => {
  const rows = await db.select().from(deliveries).where(inArray(deliveries.kind, kinds));
  return rows.filter(({ state }) => state !== "cancelled").length;
};

let network = 0;
const arrival = (now: Date, key?: string) => ({
  channel: "form" as const,
  network: `198.51.${network >> 8}.${network++ & 255}`,
  key,
  now,
});

const consult = (email: string, now: Date, said: Record<string, unknown> = {}, key?: string) =>
  receiveConsultation(
    ConsultationForm.parse({ message: "聞いてください。", reply_by: "email", email, consent: true, ...said }),
    arrival(now, key),
  );
const download = (email: string, now: Date, slug = guide) =>
  grantDownload(DownloadForm.parse({ email, guide: slug }), arrival(now));
const mailed = async (...asked: Promise<{ mailed: boolean }>[]) => (await Promise.all(asked)).map((one) => one.mailed);

test("a flood of requests in a stranger's name is taken, and sends that person four mails", async () => {
  const email = "stranger@example.jp";
  const from = "203.0.113.5";
  const help = { message: "たすけて", reply_by: "email", email, consent: true };
  const answers = await Promise.all([
    ...Array.from({ length: 50 }, () => postJson("/api/downloads", { email, guide }, { from })),
    ...Array.from({ length: 45 }, () => postJson("/api/consultations", help, { from })),
  ]);
  expect([...new Set(answers.map(({ status }) => status))]).toEqual([201]);
  expect([await mailsOf("guide_link"), await mailsOf("receipt")]).toEqual([1, 3]);
  const notices = await db.select().from(deliveries).where(eq(deliveries.kind, "staff_notice"));
  expect(notices.length).toBe(45);
});

describe("receipts", () => {
  test("three in any hour, then again; the address in any width and case", async () => {
    const sent = [];
    for (const [email, time] of [
      ["hana@example.jp", "03:10:00"],
      ["HANA@example.jp", "03:50:00"],
      [" ｈａｎａ＠example.jp", "04:05:00"],
      ["hana@example.jp", "04:09:59"],
      ["hana@example.jp", "04:10:01"],
      ["hana@example.jp", "04:10:02"],
    ] as const)
      sent.push((await consult(email, at(time))).mailed);
    expect(sent).toEqual([true, true, true, false, true, false]);
    expect(await mailed(consult("other@example.jp", at("04:10:02")))).toEqual([true]);
  });

  test("of twenty at once three leave; every consultation is kept, and its notice to staff leaves", async () => {
    const before = (await db.select().from(consultations)).length;
    const sent = await mailed(...Array.from({ length: 20 }, () => consult("crowd@example.jp", at("03:00:00"))));
    expect(sent.filter(Boolean).length).toBe(3);
    expect((await db.select().from(consultations)).length - before).toBe(20);
    const rows = await db.select().from(deliveries);
    const count = (kind: string, state: string) =>
      rows.filter((row) => row.kind === kind && row.state === state).length;
    expect([count("staff_notice", "queued"), count("receipt", "queued"), count("receipt", "cancelled")]).toEqual([
      20, 3, 17,
    ]);
    expect(rows.filter(({ state }) => state === "cancelled").every(({ reply }) => reply === overLimit)).toBe(true);
  });

  test("a request that wants none uses up none", async () => {
    for (let i = 0; i < 5; i++) await consult("silent@example.jp", at("03:00:00"), { reply_by: "none" });
    expect(await mailed(consult("silent@example.jp", at("03:00:01")))).toEqual([true]);
  });

  test("the repeat of a key is answered as the first time, mailed or not, and counts once", async () => {
    const email = "repeat@example.jp";
    const keys = Array.from({ length: 4 }, () => randomUUID());
    const first = [];
    for (const key of keys) first.push(await consult(email, at("03:00:00"), {}, key));
    expect(first.map((one) => one.mailed)).toEqual([true, true, true, false]);
    const again = [];
    for (const key of keys) again.push(await consult(email, at("05:00:00"), {}, key));
    expect(again).toEqual(first.map((one) => ({ ...one, fresh: false })));
    expect(await mailsOf("receipt")).toBe(3);
  });

  test.each(codes(locale))("the page says in %s that none was mailed, and only then", async (language) => {
    const told = { reference: "H7K2-9QWD", replyByDate: "2026-11-26", replyBy: "email", locale: language } as const;
    const { notMailed, mailSent } = wordsIn(language).receipt;
    const said = async (mailed?: boolean) => {
      const page = await get(receiptPath({ ...told, ...(mailed !== undefined && { mailed }) }));
      const read = words(await page.text()).replaceAll(/\s/gu, "");
      return [page.status, ...[notMailed, mailSent].map((one) => read.includes(one.replaceAll(/\s/gu, "")))];
    };
    expect(await said(false)).toEqual([200, true, false]);
    expect(await said(true)).toEqual([200, false, true]);
    // A link of before these limits.
    expect(await said()).toEqual([200, false, true]);
  });

  test("the fourth person is led to a page that says so; a program is told as well", async () => {
    const help = { message: "たすけて", reply_by: "phone", phone: "086-000-0000", email: "front@example.jp" };
    const pages = [];
    for (let i = 0; i < 4; i++) {
      const sent = await postForm("/consultation", { ...help, consent: "true" });
      pages.push(await (await get(sent.headers.get("location") ?? "")).text());
    }
    const sentence = wordsIn("ja").receipt.notMailed;
    expect(pages.map((html) => words(html).includes(sentence))).toEqual([false, false, false, true]);
    const answer = await postJson("/api/consultations", { ...help, consent: true });
    expect([answer.status, await answer.json()]).toEqual([
      201,
      { reference: expect.any(String), reply_by_date: expect.any(String), receipt_mailed: false },
    ]);
  });
});

describe("guides", () => {
  test("one mail for a guide and day, three in all; the link is given every time", async () => {
    const third = "third-guide";
    for (const slug of [third, "fourth-guide"]) {
      await db.insert(guides).values({ slug, title: slug });
      await db
        .insert(guideVersions)
        .values({ guideSlug: slug, version: 1, fileName: "a.pdf", storedAs: "a", bytes: 1 });
    }
    const email = "reader@example.jp";
    const sent = [];
    for (const [slug, now] of [
      [guide, at("03:00:00")],
      [guide, at("09:00:00")],
      [other, at("10:00:00")],
      [third, at("11:00:00")],
      ["fourth-guide", at("12:00:00")],
      [guide, new Date("2026-11-21T02:59:00Z")],
      [guide, new Date("2026-11-21T03:01:00Z")],
      ["fourth-guide", new Date("2026-11-21T03:02:00Z")],
      ["fourth-guide", new Date("2026-11-21T10:02:00Z")],
    ] as const) {
      const before = await mailsOf("guide_link");
      expect((await download(email.toUpperCase(), now, slug)).token).toHaveLength(43);
      sent.push((await mailsOf("guide_link")) - before);
    }
    expect(sent).toEqual([1, 0, 1, 1, 0, 0, 1, 0, 1]);
  });

  test("of twenty requests at once for two guides, one mail each", async () => {
    const asked = Array.from({ length: 20 }, (_, i) =>
      download("crowd@example.jp", at("03:00:00"), i % 2 ? guide : other),
    );
    await Promise.all(asked);
    expect(await mailsOf("guide_link")).toBe(2);
  });

  test("pressing for the mail again counts for the address, however many links there are", async () => {
    const email = "again@example.jp";
    const links = [];
    for (let i = 0; i < 4; i++) links.push(await download(email, at("03:00:00")));
    const sentAlready = () =>
      db
        .update(deliveries)
        .set({ state: "accepted", queuedAt: at("03:00:00") })
        .where(and(eq(deliveries.kind, "guide_link"), eq(deliveries.state, "queued")));
    await sentAlready();
    await db.update(deliveries).set({ queuedAt: at("03:00:00") });
    for (const { token } of links) {
      await resendLink(token, at("03:05:00"));
      await sentAlready();
    }
    expect(await mailsOf("guide_link")).toBe(3);
  });

  /** Everything that the asker is shown, from the first answer to the fourth press. */
  async function shown(email: string) {
    const seen: string[] = [];
    const keep = async (answer: Response) =>
      seen.push(`${answer.status} ${answer.headers.get("location") ?? ""} ${await answer.text()}`);
    const first = await postForm(`/guides/${guide}`, { email, newsletter: "true" });
    const page = first.headers.get("location") ?? "";
    await keep(first);
    await keep(await get(page));
    const press = page.replace("?", "/mail?");
    await keep(await postForm(press, {}));
    for (let i = 0; i < 3; i++) {
      await db.update(deliveries).set({ queuedAt: new Date(Date.now() - 120_000) });
      await keep(await postForm(press, {}));
      await keep(await get(`${page}&mailed=1`));
    }
    const token = /received\/([^?]+)/u.exec(page)?.[1] ?? "";
    return seen.map((text) => text.replaceAll(token, "TOKEN").replaceAll(/<time.*?<\/time>/gu, "DATE"));
  }

  test("pages say the same whether the address was asked for before, or never", async () => {
    for (const slug of [guide, other]) await postJson("/api/downloads", { email: "known@example.jp", guide: slug });
    await postJson("/api/downloads", { email: "known@example.jp", guide });
    const [known, unknown] = [await shown("known@example.jp"), await shown("unknown@example.jp")];
    expect(known).toEqual(unknown);
    expect(words(known[1] ?? "")).toContain("1日に3通まで");
    expect(known[1]).toContain('href="/d/TOKEN"');
    expect(known.map((text) => text.slice(0, 3))).toEqual([
      "303",
      "200",
      "409",
      "303",
      "200",
      "303",
      "200",
      "409",
      "200",
    ]);
  });
});

test("what was counted is forgotten after a day, and never held an address", async () => {
  await consult("gone@example.jp", new Date());
  const [counted] = await db.select().from(mailCounts);
  const [consultation] = await db.select().from(consultations);
  expect(counted?.address).toHaveLength(32);
  expect(consultation?.emailIndex?.equals(counted?.address ?? Buffer.alloc(0))).toBe(false);
  await deleteExpired(new Date(Date.now() + 23 * 3_600_000));
  expect(await db.select().from(mailCounts)).toHaveLength(1);
  await deleteExpired(new Date(Date.now() + 25 * 3_600_000));
  expect(await db.select().from(mailCounts)).toEqual([]);
});

import { eq } from "drizzle-orm";
import { beforeAll, expect, test } from "vitest";
import { approvalsOf, recentAnswers } from "#api/approvals/approvals.ts";
import { linkPath, makeLink } from "#api/approvals/links.ts";
import { type Given, recordOnPaper, recordTranslation } from "#api/approvals/record.ts";
import { publishText } from "#api/content/publish.ts";
import { PageTime } from "#api/pages/page-time.ts";
import { textsIn } from "#api/published/published.ts";
import { loadPublished } from "#api/published/store.ts";
import { dayAfter, dayOf } from "#db/calendar/days.ts";
import { db } from "#db/client.ts";
import { approvals } from "#db/schema/approvals.ts";
import { deliveries } from "#db/schema/mail.ts";
import type { Locale } from "#db/terms/locale.ts";
import { wordsIn } from "#db/words/words.ts";
import { added } from "../content/typed.ts";
import { get, type Member, member, postForm, signIn } from "../requests.ts";

let fundraiser: Member;
beforeAll(async () => {
  fundraiser = await member("fundraiser");
});
const today = dayOf(new Date());
const given: Given = {
  reference: "同意書 12",
  givenBy: "灰谷",
  givenOn: today,
  until: dayAfter(today, 400),
  channels: ["site"],
};
const yes = { years: "1", channels: ["site"], name: "灰谷つばめ" };
async function voice() {
  const id = await added(fundraiser, "voice", {
    "ja.words": "日本語の声",
    "ja.from": "母",
    "en.words": "English voice",
    "en.from": "A mother",
  });
  for (const locale of ["ja", "en"] as const)
    await publishText({ staff: fundraiser, kind: "voice", id, locale }, { no: 1, version: 1 });
  return id;
}
const at = (contentId: string, locale: Locale = "ja") => ({ kind: "voice", contentId, locale, revisionNo: 1 }) as const;
async function shown(id: string, locale: Locale = "ja") {
  await loadPublished();
  return textsIn("voice", locale, new PageTime(new Date())).find((t) => t.id === id)?.body.words;
}
const words = wordsIn("ja").preview;

test("renewing the answer by the link keeps the translation", async () => {
  const id = await voice();
  const path = linkPath(await makeLink(fundraiser, at(id), "approve"));
  await postForm(`${path}/approval`, yes);
  await recordTranslation(fundraiser, at(id, "en"), { locale: "ja", revisionNo: 1 });
  expect(await shown(id, "en")).toBe("English voice");
  await postForm(`${path}/approval`, { ...yes, years: "3" });
  expect([await shown(id), await shown(id, "en")]).toEqual(["日本語の声", "English voice"]);
});

test("thank-you page after a translation was ticked says until when", async () => {
  const id = await voice();
  const path = linkPath(await makeLink(fundraiser, at(id), "approve"));
  await postForm(`${path}/approval`, yes);
  await recordTranslation(fundraiser, at(id, "en"), { locale: "ja", revisionNo: 1 }, new Date(Date.now() + 1000));
  const html = await (await get(path)).text();
  expect(html.replaceAll("<wbr>", "")).toContain(words.approvedTitle);
  expect(html).not.toContain(words.change);
});

test("asking for a change after paper consent takes the text off", async () => {
  const id = await voice();
  const path = linkPath(await makeLink(fundraiser, at(id), "approve"));
  await recordOnPaper(fundraiser, at(id), given);
  await postForm(`${path}/change`, { words: "載せないでください" });
  expect(await (await get(path)).text()).toContain(words.change);
  expect(await shown(id)).toBeUndefined();
});

test("asking for a change of a translation that shares a consent takes it off", async () => {
  const id = await voice();
  await recordOnPaper(fundraiser, at(id), given);
  await recordTranslation(fundraiser, at(id, "en"), { locale: "ja", revisionNo: 1 });
  await postForm(`${linkPath(await makeLink(fundraiser, at(id, "en"), "approve"))}/change`, {
    words: "Please do not publish",
  });
  expect(await shown(id, "en")).toBeUndefined();
});

test("stands where the mail leads for 30 days, for whoever keeps the kind", async () => {
  const id = await voice();
  await postForm(`${linkPath(await makeLink(fundraiser, at(id), "approve"))}/change`, {
    words: "名前を消してください",
  });
  await postForm(`${linkPath(await makeLink(fundraiser, at(id, "en"), "approve"))}/approval`, yes);
  const of = async (staff: Member, days = 0) =>
    (await recentAnswers(staff, new Date(Date.now() + days * 86_400_000)))
      .filter(({ contentId }) => contentId === id)
      .map(({ title, answer }) => [title, answer]);
  const both = [
    ["English voice", "approved"],
    ["日本語の声", "change"],
  ];
  expect([await of(fundraiser), await of(fundraiser, 29), await of(fundraiser, 31)]).toEqual([both, both, []]);
  expect(await of(await member("coordinator"))).toEqual([]);
  await expect(of(await member("peer"))).rejects.toThrow();
  const html = await (await get("/staff/consents", { cookie: await signIn(fundraiser) })).text();
  for (const part of ["日本語の声", "直してほしい", `/staff/content/voice/${id}#ja-panel`])
    expect(html).toContain(part);
  expect(html).not.toContain("名前を消して");
});

test("pressed twice is one row, one mail", async () => {
  const id = await voice();
  const path = linkPath(await makeLink(fundraiser, at(id), "approve"));
  const before = await db.$count(deliveries, eq(deliveries.kind, "approval_answer"));
  await Promise.all([postForm(`${path}/approval`, yes), postForm(`${path}/approval`, yes)]);
  expect([
    (await approvalsOf(fundraiser, "voice", id)).length,
    (await db.$count(deliveries, eq(deliveries.kind, "approval_answer"))) - before,
  ]).toEqual([1, 1]);
});

test("a paper whose reference looks like a link's is not withdrawn by that link", async () => {
  const [id, other] = [await voice(), await voice()];
  const link = await makeLink(fundraiser, at(id), "approve");
  await recordOnPaper(fundraiser, at(other), { ...given, reference: `リンク ${link.slice(-8)}` });
  await postForm(`${linkPath(link)}/change`, { words: "x" });
  expect(await shown(other)).toBe("日本語の声");
});

test("tick for a translation of a text whose consent is over is refused", async () => {
  const id = await voice();
  await recordOnPaper(fundraiser, at(id), given);
  await db
    .update(approvals)
    .set({ until: dayAfter(today, -1) })
    .where(eq(approvals.contentId, id));
  await expect(recordTranslation(fundraiser, at(id, "en"), { locale: "ja", revisionNo: 1 })).rejects.toThrow();
});

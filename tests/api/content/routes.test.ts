/** The editor through the application, as a browser without script uses it. */

import { eq } from "drizzle-orm";
import { describe, expect, test } from "vitest";
import { readEntry } from "#api/content/entries.ts";
import { publishText } from "#api/content/publish.ts";
import { saveEntry } from "#api/content/save.ts";
import { db } from "#db/client.ts";
import { content } from "#db/schema/content.ts";
import { staff } from "#db/schema/staff.ts";
import { contentWords, stateWords } from "#db/words/staff/content.ts";
import { get, member, postForm, refusedPage, signIn } from "../requests.ts";
import { added, type Fields, shownForm, textOf, typed } from "./typed.ts";

const manager = await member("manager");
const colleague = await member("manager");
await db.update(staff).set({ name: "先に直した人" }).where(eq(staff.id, colleague.id));
const cookie = await signIn(manager);
const question = { "ja.question": "質問", "ja.answer": "答え" };

const post = (path: string, fields: Fields) => postForm(`/staff/content/${path}`, fields, { cookie });
const page = async (path: string) => {
  const answer = await get(`/staff/content/${path}`, { cookie, headers: { accept: "text/html" } });
  return { html: await answer.text(), policy: answer.headers.get("content-security-policy") ?? "" };
};
const count = async () => (await db.select().from(content)).length;

describe("from nothing to published", () => {
  test("with one press of the form", async () => {
    const answer = await post("faq/new", { ...(await shownForm(manager, "faq")), ...question, press: "publish-ja" });
    const [, id = ""] =
      /^\/staff\/content\/faq\/([\da-f-]{36})\?done=published$/u.exec(answer.headers.get("location") ?? "") ?? [];
    expect(await textOf(manager, "faq", id)).toMatchObject({ code: "shown", shownNo: 1 });
    const { html } = await page(`faq/${id}?done=published`);
    expect(html).toContain("出しました。もうサイトで見られます。");
    expect(html).toContain(stateWords.shown);
  });

  test("「保存して見る」 saves, publishes nothing, and leads to the preview", async () => {
    const answer = await post("faq/new", { ...(await shownForm(manager, "faq")), ...question, press: "look-ja" });
    const location = answer.headers.get("location") ?? "";
    expect(location).toMatch(/^\/staff\/content\/faq\/[\da-f-]{36}\/preview\/ja$/u);
    expect((await textOf(manager, "faq", location.split("/")[4] ?? "")).code).toBe("draft");
    expect((await page(location.slice("/staff/content/".length))).html).toContain("この文を出す");
  });

  test("a text that needs a consent says that it waits", async () => {
    const story = { "ja.title": "題", "ja.who": "ご家族", "ja.asked": "相談", "ja.now": "いま" };
    const answer = await post("story/new", { ...(await shownForm(manager, "story")), ...story, press: "publish-ja" });
    expect(answer.headers.get("location")).toMatch(/\?done=waits$/u);
    const { html } = await page((answer.headers.get("location") ?? "").slice("/staff/content/".length));
    expect(html).toContain(stateWords.waits);
    expect(html).toContain("同意を記録すると、その文が出ます。");
  });
});

describe("nothing that was typed is lost", () => {
  test("where a language that was to be published lacks something: all columns come back, nothing is stored", async () => {
    const before = await count();
    const fields = { "ja.question": "質問だけ", "en.question": "Typed beside it", press: "publish-ja" };
    const answer = await post("faq/new", { ...(await shownForm(manager, "faq")), ...fields });
    const html = (await refusedPage(answer, cookie)) ?? "";
    expect(html).toContain(contentWords.missing("日本語", "答え"));
    expect(html).toContain('value="質問だけ"');
    expect(html).toContain('value="Typed beside it"');
    expect(await count()).toBe(before);
  });

  test("where a colleague saved the same language: both texts are shown, and saving again keeps what only they changed", async () => {
    const id = await added(manager, "faq", { ...question, "en.question": "Question" });
    const sent = {
      ...(await shownForm(manager, "faq", id)),
      "ja.answer": "わたしの答え",
      "en.question": "My question",
    };
    const theirs = { "ja.answer": "先の答え", "ja.question": "先の質問" };
    await saveEntry(colleague, "faq", id, await typed(colleague, "faq", id, theirs));
    const html = (await refusedPage(await post(`faq/${id}`, sent), cookie)) ?? "";
    for (const words of ["先に直した人さん", "先の答え", "わたしの答え", 'value="先の質問"', 'value="My question"'])
      expect(html).toContain(words);
    // What the page shows now, sent again.
    const again = {
      ...sent,
      "ja.question": "先の質問",
      "base.ja": /name="base\.ja" value="(\d+)"/u.exec(html)?.[1] ?? "",
    };
    expect((await post(`faq/${id}`, again)).headers.get("location")).toBe(`/staff/content/faq/${id}?done=saved`);
    const { texts } = await readEntry(manager, "faq", id);
    expect([texts.ja.draft?.body, texts.en.draft?.body["question"]]).toEqual([
      { question: "先の質問", answer: "わたしの答え" },
      "My question",
    ]);
  });

  test("where the moment to publish has passed: the sentence stands at its box", async () => {
    const id = await added(manager, "faq", question);
    const answer = await post(`faq/${id}/ja/schedule`, { no: "1", version: "1", at: "2020-01-01T09:00" });
    const html = (await refusedPage(answer, cookie)) ?? "";
    expect(html).toContain(contentWords.past);
    expect(html).toContain('value="2020-01-01T09:00"');
  });
});

test("a moment is one of the clock in Tokyo", async () => {
  const id = await added(manager, "faq", question);
  await post(`faq/${id}/ja/schedule`, { no: "1", version: "1", at: "2099-01-01T09:00" });
  expect((await textOf(manager, "faq", id)).next?.at).toEqual(new Date("2099-01-01T00:00:00Z"));
});

describe("the buttons of a language", () => {
  test("withdraw, restore and keep, and say what they did", async () => {
    const id = await added(manager, "faq", { ...question, "en.question": "Question", "en.answer": "Answer" });
    await publishText({ staff: manager, kind: "faq", id, locale: "ja" }, { no: 1, version: 1 });
    await saveEntry(
      manager,
      "faq",
      id,
      await typed(manager, "faq", id, { "ja.answer": "別の答え", press: "publish-ja" }),
    );
    expect((await page(`faq/${id}`)).html).toContain(`id="keep-en"`);
    const pressed = [
      await post(`faq/${id}/en/keep`, { no: "2", version: "1" }),
      await post(`faq/${id}/ja/restore`, { no: "1", base: "2" }),
      await post(`faq/${id}/ja/withdraw`, { version: "3" }),
    ];
    expect(pressed.map((answer) => answer.headers.get("location")?.split("?")[1])).toEqual([
      ...["done=kept", "done=restored", "done=withdrawn"],
    ]);
    expect(await textOf(manager, "faq", id)).toMatchObject({ code: "withdrawn", no: 3, draft: { answer: "答え" } });
    expect((await page(`faq/${id}`)).html).not.toContain(`id="keep-en"`);
  });
});

test("the preview shows the draft without script, in a frame of our own pages alone", async () => {
  const id = await added(manager, "faq", { "ja.question": "<script>1</script>", "ja.answer": "**太字** <img src=x>" });
  const preview = await page(`faq/${id}/preview/ja`);
  expect(preview.html).toContain(`src="/staff/content/faq/${id}/preview/ja/frame"`);
  expect(preview.policy).toContain("frame-src 'self'");
  expect(preview.policy).toContain("frame-ancestors 'none'");
  const frame = await page(`faq/${id}/preview/ja/frame`);
  expect(frame.policy).toContain("frame-ancestors 'self'");
  expect(frame.html).toContain("<strong>太字</strong>");
  expect(frame.html).not.toMatch(/>\s*<script>1|<img src="?x/u);
});

test("the list finds words, and shows what was put away apart", async () => {
  const known = (await page("partner")).html.match(/id="entry-/gu)?.length ?? 0;
  for (let at = 0; at < 21; at++) await added(manager, "partner", { "ja.name": `連携先${at}号` });
  const [first] = (await page("partner")).html.match(/entry-[\da-f-]{36}/u) ?? [];
  expect((await page("partner?q=連携先７号")).html.match(/id="entry-/gu)).toHaveLength(1);
  await post(`partner/${first?.slice("entry-".length)}/archive`, {});
  expect((await page("partner")).html.match(/id="entry-/gu)).toHaveLength(known + 20);
  expect((await page("partner?show=away")).html.match(/id="entry-/gu)).toHaveLength(1);
});

test("the cards are those of the kinds that the role keeps", async () => {
  const fundraiser = await signIn(await member("fundraiser"));
  const html = await (await get("/staff/content", { cookie: fundraiser, headers: { accept: "text/html" } })).text();
  expect([...html.matchAll(/href="\/staff\/content\/(\w+)"/gu)].map(([, kind]) => kind)).toEqual([
    ...["voice", "headline", "event", "news"],
  ]);
});

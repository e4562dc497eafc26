/** The page between the form and the sending, and the path for professionals. */

import { describe, expect, test } from "vitest";
import { openCase } from "#api/cases/case.ts";
import { search } from "#api/search/search.ts";
import { db } from "#db/client.ts";
import { consultations } from "#db/schema/consultations.ts";
import { settings } from "#db/settings/settings.ts";
import { wordsIn } from "#db/words/words.ts";
import { elements, gaps, words } from "../../site/html.ts";
import { caseOf, type Fields, get, member, postForm, postJson, rowCounts } from "../requests.ts";

const said = {
  message: "入院が長くなりそうです。\r\n上の子の<運動会>に行けません。",
  reply_by: "email",
  email: "hoshi@example.jp",
  topics: ["schooling", "siblings"],
  consent: "true",
  key: "mwp0000a-0123456789abcdef",
};

/** The hidden answers of a page, as a browser would send them on. */
function carriedIn(html: string): Record<string, string | string[]> {
  const fields: Record<string, string | string[]> = {};
  for (const [, name = "", value = ""] of html.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)"/gu)) {
    const before = fields[name];
    fields[name] = before === undefined ? unescaped(value) : [before, unescaped(value)].flat();
  }
  return fields;
}

const unescaped = (value: string) =>
  value
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&#34;", '"')
    .replaceAll("&quot;", '"')
    .replaceAll("&#39;", "'")
    .replaceAll("&amp;", "&");

async function check(fields: Fields, path = "/consultation/check") {
  const answer = await postForm(path, fields);
  return { status: answer.status, html: await answer.text(), headers: answer.headers };
}

describe("checking one's answers", () => {
  test("shows them in order with a way back to each, and stores nothing but that page", async () => {
    const before = { kept_pages: 0, ...(await rowCounts()) };
    const { status, html, headers } = await check(said);
    expect([status, headers.get("cache-control")]).toEqual([200, "no-store"]);
    const { form } = wordsIn("ja");
    expect([...html.matchAll(/<dt>([^<]*)/gu)].map(([, label]) => label)).toEqual([
      ...[form.message.label, form.replyBy.label, form.email.label, form.topics.label],
      ...[form.check.rest, form.consent.label],
    ]);
    expect(words(html)).toContain("学校・勉強のこと、きょうだいのこと");
    expect(elements(html, "button").flatMap(({ formaction }) => formaction ?? [])).toEqual(
      ["message", "reply_by", "email", "topics", "name"].map((name) => `/consultation/change#${name}`),
    );
    expect(html.slice(html.indexOf("<dl"))).not.toContain("<運動会>");
    const { html: short } = await check({ ...said, message: "ひとことです。" });
    expect(gaps(short)).toEqual([]);
    expect(await rowCounts()).toEqual({ ...before, kept_pages: before.kept_pages + 2 });
  });

  test("a slip in the mail address is set right by one press; punctuation and full width are folded", async () => {
    const { html } = await check({ ...said, reply_by: "email", email: "ｈａｎａ＠ｇｍｉａｌ．ｃｏｍ、" });
    const button = elements(html, "button").find(({ formaction }) => formaction === "/consultation/check?correct");
    expect([button !== undefined, words(html).includes("hana@gmail.com に直す")]).toEqual([true, true]);
    const pressed = await check(carriedIn(html) as Fields, "/consultation/check?correct");
    expect(carriedIn(pressed.html)["email"]).toBe("hana@gmail.com");
    expect(carriedIn(pressed.html)["message"]).toBe(said.message);
    expect(pressed.html).not.toContain("check?correct");
    const { html: fine } = await check({ ...said, reply_by: "email", email: "ｈａｎａ＠ｅｘａｍｐｌｅ．ｊｐ" });
    expect([words(fine).includes("hana@example.jp"), fine.includes('class="slip"')]).toEqual([true, false]);
  });

  test("a telephone number may carry an extension; the family is found by the number", async () => {
    const asked = { ...said, reply_by: "phone", phone: "086-123-4567 内線12", key: "mwp0000e-0123456789abcdef" };
    expect((await check(asked)).status).toBe(200);
    expect((await postForm("/consultation?send", asked)).status).toBe(303);
    const found = await search(await member("coordinator"), "086 123 4567");
    expect([found.kind, found.ids.length]).toEqual(["phone", 1]);
  });

  test("sends on exactly what was typed; twice is once", async () => {
    const { html } = await check({ ...said, key: "mwp0000b-0123456789abcdef" });
    const carried = carriedIn(html);
    expect(carried).toMatchObject({ ...said, key: "mwp0000b-0123456789abcdef", message: said.message });
    const first = await postForm("/consultation?send", carried);
    const second = await postForm("/consultation?send", carried);
    expect([first.status, second.status]).toEqual([303, 303]);
    expect(second.headers.get("location")).toBe(first.headers.get("location"));
    const receipt = await (await get(first.headers.get("location") ?? "")).text();
    const reference = /[2-9A-Z]{4}-[2-9A-Z]{4}/u.exec(words(receipt))?.[0] ?? "";
    const [asked] = (await openCase(await member("manager"), await caseOf(reference))).consultations;
    expect(asked?.message).toBe(said.message.replace("\r\n", "\n"));
  });

  test("an answer that cannot be used leads back to the form, not on", async () => {
    const { status, html } = await check({ ...said, email: "" });
    expect(status).toBe(422);
    expect(words(html)).toContain(wordsIn("ja").errors.emailForReply);
    expect(html).toContain("上の子の");
  });

  test("to change an answer is no error: everything is in its field, nothing is judged", async () => {
    const { status, html } = await check({ ...said, email: "broken" }, "/consultation/change");
    expect(status).toBe(200);
    expect(html).not.toContain('error-summary"');
    expect(elements(html, "input").find(({ name }) => name === "email")?.["value"]).toBe("broken");
    expect(
      elements(html, "input")
        .filter((tag) => "checked" in tag)
        .map(({ value }) => value),
    ).toEqual([...["email", "schooling", "siblings", "true"]]);
    expect(elements(html, "input").find(({ name }) => name === "key")?.["value"]).toBe(said.key);
  });

  test("asks about an address that looks mistyped, and lets it pass", async () => {
    const { status, html } = await check({ ...said, email: "hoshi@gmial.com" });
    expect(status).toBe(200);
    expect(words(html)).toContain("「@」のうしろは「gmail.com」の打ち間違いではありませんか。");
    const sent = await postForm("/consultation?send", { ...carriedIn(html), key: "mwp0000c-0123456789abcdef" });
    expect(sent.status).toBe(303);
  });

  test("the advertisement's token goes along through checking and changing", async () => {
    const token = "A".repeat(43);
    const { html } = await check(said, `/consultation/check?c=${token}`);
    expect(carriedIn(html)["c"]).toBe(token);
    const { html: again } = await check(carriedIn(html), "/consultation/change");
    expect(carriedIn(again)["c"]).toBe(token);
  });

  test.each(["easy", "en"] as const)("in %s it speaks that language, errors too", async (locale) => {
    const { form, errors } = wordsIn(locale);
    const { html } = await check({ ...said, locale });
    expect(words(html)).toContain(form.check.title);
    expect(html).toContain(locale === "en" ? '<html lang="en">' : '<html lang="ja">');
    const wrong = await check({ ...said, locale, message: "", email: "x", consent: "" });
    for (const sentence of [errors.messageMissing, errors.emailShape, errors.consentMissing])
      expect(words(wrong.html).split(sentence)).toHaveLength(3);
    expect(wrong.html).toContain(`<title>${wordsIn(locale).site.error}${form.title}`);
  });
});

test.each([
  '<!--open--> <!--until:2020-01-01-->消える<!--/until--> __NEXT_OPENING_ja__ __ORIGIN__ __FORM_KEY__ name="key" value="__FORM_KEY__"',
  '"><script>alert(1)</script><a href="/x" action="/y"> </textarea><input value=\'',
])("words that look like marks or markup stay what they are: %s", async (message) => {
  for (const path of [
    "/consultation/check",
    "/consultation/check?furigana",
    `/consultation/check?c=${"A".repeat(43)}`,
  ]) {
    const { status, html } = await check({ ...said, message }, path);
    expect(status).toBe(200);
    expect(carriedIn(html)["message"]).toBe(message);
    expect(carriedIn(html)["key"]).toBe(said.key);
    const { html: again } = await check({ ...said, message }, "/consultation/change?furigana");
    expect(unescaped(/<textarea[^>]*>([^<]*)<\/textarea>/u.exec(again)?.[1] ?? "")).toBe(message);
  }
});

describe("a professional's request", () => {
  const asked = { ...said, asker: "professional", relation: "school", affiliation: "見本小学校の養護教諭" };

  test("asks who they are; the consent kept is the one shown", async () => {
    const answer = await postForm("/consultation?send", { ...asked, key: "mwp0000d-0123456789abcdef" });
    expect(answer.status).toBe(303);
    const rows = await db.select().from(consultations);
    expect(rows.at(-1)?.consent).toBe(wordsIn("ja").consents.professional);
    const found = await openCase(await member("coordinator"), rows.at(-1)?.caseId ?? "");
    expect(found.consultations[0]?.contact.affiliation).toBe("見本小学校の養護教諭");
    expect(JSON.stringify(rows)).not.toContain("養護教諭");
  });

  test("without a profession it comes back on the path for professionals, everything kept", async () => {
    const { relation: _, ...unsaid } = asked;
    const { status, html } = await check(unsaid);
    expect(status).toBe(422);
    expect(words(html)).toContain(wordsIn("ja").errors.relationMissing);
    expect(html).toContain('value="見本小学校の養護教諭"');
    expect(html).toContain('name="asker" value="professional"');
    expect(words(html)).toContain(settings().phone);
  });
});

test("words that begin with a line break keep it in the form, and programs' odd values break no page", async () => {
  const answer = await postForm("/consultation/change", { ...said, message: "\r\n\r\nはじめに" });
  expect(await answer.text()).toMatch(/<textarea[^>]*>\n\r\n\r\nはじめに<\/textarea>/u);
  const odd = { topics: [{ toString: 1 }], reply_by: { valueOf: 1, toString: 1 }, message: { a: 1 } };
  expect((await postJson("/consultation/change", odd)).status).toBe(200);
  expect((await postJson("/newsletter", { lists: [{ toString: 1 }] })).status).toBe(422);
});

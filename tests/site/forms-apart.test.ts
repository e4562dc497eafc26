/** Pages with several forms: what was typed and what was wrong shows in the form that was sent, and in no other. */

import { beforeAll, describe, expect, test } from "vitest";
import { type Fields, get, type Member, member, postForm, receive, refusedPage, signIn } from "../api/requests.ts";
import { elements, unlabelled } from "./html.ts";

let manager: Member;
let cookie = "";
beforeAll(async () => {
  manager = await member("manager");
  cookie = await signIn(manager);
});

/**
 * The forms of a page by the end of their action, below the page's own address; "" for the main one. Without those
 * that drop a draft, and as if every form had the same key.
 */
function formsOf(html: string, page: string): Map<string, string> {
  const all = html.match(/<form\b.*?<\/form>/gsu) ?? [];
  // A note goes to the route of the record of a call: it is looked at by itself below.
  const forms = all.filter((form) => !form.includes('action="/staff/drafts/') && !form.includes('class="f-note"'));
  return new Map(
    forms.map((form) => [
      (elements(form, "form")[0]?.["action"] ?? "").replace(page, "").replace(/^\//u, ""),
      // The time that a new entry begins with, and at which a reply was shown, moves on by itself.
      form
        .replaceAll(/\d{4}-\d\d-\d\dT\d\d:\d\d(?::[\d.]+Z)?/gu, "now")
        .replace(/name="key" value="[^"]+"/u, 'name="key"'),
    ]),
  );
}

const show = async (path: string) => (await get(path, { cookie })).text();

/** What a refused form leaves on its page: its own HTML, and the names of other forms that look different from before. */
async function refuse(page: string, name: string, fields: Fields) {
  const before = formsOf(await show(page), page);
  const answer = await postForm(name === "" ? page : `${page}/${name}`, fields, { cookie });
  const html = (await refusedPage(answer, cookie)) ?? "";
  const after = formsOf(html, page);
  const changed = [...after].filter(([other, form]) => other !== name && form !== before.get(other));
  const links = elements(/<div class="error-summary".*?<\/div>/su.exec(html)?.[0] ?? "", "a").map((a) => a["href"]);
  expect(unlabelled(html)).toEqual([]);
  return { isRefused: html !== "", sent: after.get(name) ?? "", others: changed.map(([other]) => other), links, html };
}

describe("on the page of a case", () => {
  let page = "";
  beforeAll(async () => {
    page = `/staff/cases/${(await receive()).caseId}`;
    await postForm(`${page}/assignments`, { staff_id: manager.id }, { cookie });
    await member("coordinator");
  });

  test("a refused entry keeps its words and leaves the reply, the state and the others as they were", async () => {
    const { isRefused, sent, others, links, html } = await refuse(page, "entries", {
      what: "電話で話した。",
      who: "A",
    });
    expect([isRefused, others]).toEqual([true, []]);
    expect(sent).toContain(">電話で話した。</textarea>");
    expect(sent).toContain('id="entries-happened_at-error"');
    expect(links).toContain("#entries-happened_at");
    expect(links.filter((link) => !html.includes(`id="${link?.slice(1)}"`))).toEqual([]);
    const chosen = elements(html, "input").filter(({ name, ...tag }) => name === "kind" && "checked" in tag);
    expect(chosen.map(({ value }) => value)).toEqual(["contact"]);
  });

  test("a refused reply keeps its words and leaves the journal and the others as they were", async () => {
    const { isRefused, sent, others } = await refuse(page, "replies", { reply: "あ".repeat(20_001), latest: "" });
    expect([isRefused, others]).toEqual([true, []]);
    expect(sent).toContain("あああ</textarea>");
    expect(sent).toContain('id="replies-reply-error"');
  });

  test.each<[string, string, Fields]>([
    ["taking somebody off", "assignments/end", { staff_id: "nobody" }],
    ["a new receipt code for somebody unchecked", "receipt-code", {}],
  ])("%s, refused, changes no other form", async (_, name, fields) => {
    const { isRefused, others } = await refuse(page, name, fields);
    expect([isRefused, others]).toEqual([true, []]);
  });
});

describe("a note and the record of a call, which go to one route", () => {
  const note = { channel: "note", from_party: "staff", to_party: "staff", happened_at: "2026-11-20T10:00" };
  test("a refused note comes back as a note, and leaves the record empty", async () => {
    const page = `/staff/cases/${(await receive()).caseId}`;
    const answer = await postForm(`${page}/entries`, { ...note, what: "あ".repeat(10_001) }, { cookie });
    const html = (await refusedPage(answer, cookie)) ?? "";
    const [record = "", sent = ""] = (html.match(/<form\b[^>]*class="f-.*?<\/form>/gsu) ?? []).slice(-2);
    expect([record.includes("あああ"), sent.includes("あああ")]).toEqual([false, true]);
    expect(sent).toContain('id="entries-what"');
    expect(unlabelled(html)).toEqual([]);
  });
});

describe("on the pages that ask before a change", () => {
  test.each<[string, string, Fields]>([
    ["a closure without a reason", "closures", { version: "1", reason: "" }],
    ["an unknown state", "state", { version: "1", state: "asleep" }],
  ])("%s is refused on its own page, with links that reach its fields", async (_, name, fields) => {
    const page = `/staff/cases/${(await receive()).caseId}`;
    const answer = await postForm(`${page}/${name}`, fields, { cookie });
    const html = (await refusedPage(answer, cookie)) ?? "";
    const links = elements(/<div class="error-summary".*?<\/div>/su.exec(html)?.[0] ?? "", "a").map((a) => a["href"]);
    expect(links.length).toBeGreaterThan(0);
    expect(links.filter((link) => !html.includes(`id="${link?.slice(1)}"`))).toEqual([]);
    expect(elements(html, "form").map(({ action }) => action)).toContain(`${page}/${name}`);
  });
});

describe("on the page of a guide", () => {
  const page = "/staff/guides/learning-in-hospital";

  test("refused words stay out of the form for a new version", async () => {
    const { isRefused, sent, others } = await refuse(page, "", { title: "", summary: "直した紹介" });
    expect([isRefused, others]).toEqual([true, []]);
    expect(sent).toContain(">直した紹介</textarea>");
    expect(sent).toContain('id="title-error"');
  });

  test("a refused file says so at its own input, and the words stay those of the guide", async () => {
    const { isRefused, sent, others, links } = await refuse(page, "versions", { title: "別の題名" });
    expect([isRefused, others, links.includes("#versions-file"), links.includes("#title")]).toEqual([
      true,
      [],
      true,
      false,
    ]);
    expect(sent).toContain('id="versions-file-error"');
  });
});

test("on the page of people, whom somebody could not stop is not offered as whom to invite", async () => {
  const page = "/staff/people";
  const { isRefused, others, html } = await refuse(page, "disable", { email: "nobody@example.jp", role: "peer" });
  expect([isRefused, others]).toEqual([true, []]);
  expect(html).not.toContain("nobody@example.jp");
  const { sent } = await refuse(page, "", { email: "typed wrongly", role: "peer" });
  expect(sent).toContain('value="typed wrongly"');
});

import { describe, expect, test } from "vitest";
import { env } from "#db/env.ts";
import { settings } from "#db/settings/settings.ts";
import { hoursLabel } from "#db/settings/wording.ts";
import { elements, words } from "../../site/html.ts";
import { app, ask, caseOf, type Fields, postForm } from "../requests.ts";

const path = "/consultation";
const said = { message: "夜に\r\n<b>眠れません</b>。\"'&", reply_by: "none", consent: "true", locale: "ja" };
const details = {
  name: "はな & ゆう",
  relation: "school",
  school_stage: "junior_high",
  municipality: "33202",
  heard_from: "hospital",
  topics: ["return_to_school", "siblings"],
};

/** What stands in the form of a page, as a browser would send it again. */
function standing(html: string): Record<string, string[]> {
  const inputs = elements(html, "input")
    .filter(({ type, ...tag }) => (type !== "radio" && type !== "checkbox") || "checked" in tag)
    .map(({ name = "", value = "" }) => [name, plain(value)] as const);
  const areas = [...html.matchAll(/<textarea[^>]*name="([^"]*)"[^>]*>([^<]*)<\/textarea>/gu)].map(
    ([, name = "", value = ""]) => [name, plain(value)] as const,
  );
  const selects = [...html.matchAll(/<select[^>]*name="([^"]*)"[^>]*>(.*?)<\/select>/gsu)].flatMap(
    ([, name = "", options = ""]) =>
      elements(options, "option")
        .filter((option) => "selected" in option)
        .map(({ value = "" }) => [name, value] as const),
  );
  const all: Record<string, string[]> = {};
  for (const [name, value] of [...inputs, ...areas, ...selects]) if (value !== "") (all[name] ??= []).push(value);
  return all;
}

const plain = (text: string) =>
  text
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&quot;", '"')
    .replaceAll("&#34;", '"')
    .replaceAll("&#39;", "'")
    .replaceAll("&amp;", "&");

describe("a form that has to be corrected", () => {
  test("comes back at 422 with everything that was typed, and says so from the title on", async () => {
    const typed: Fields = { ...said, ...details, reply_by: "email", email: "hana@", phone: "０８６", key: "k-1" };
    const answer = await postForm(path, typed);
    const html = await answer.text();
    expect([answer.status, answer.headers.get("cache-control")]).toEqual([422, "no-store"]);
    expect(html).toContain("<title>エラー: ");
    const { consent_text: _version, ...fields } = standing(html);
    expect(fields).toEqual(Object.fromEntries(Object.entries(typed).map(([name, value]) => [name, [value].flat()])));
    const links = elements(html, "a").map(({ href = "" }) => href);
    expect(links.filter((href) => /^#(?:email|phone)$/u.test(href))).toEqual(["#email", "#phone"]);
    for (const id of ["email", "phone"])
      expect(elements(html, "input").filter((tag) => tag["id"] === id)).toHaveLength(1);
  });

  test.each([
    ["nothing filled in", { locale: "ja" }, ["#message", "#reply_by", "#consent"]],
    ["two answers to one question", { ...said, reply_by: ["email", "phone"] }, ["#reply_by"]],
    ["a choice nobody offered", { ...said, topics: ["respite", "nothing"] }, ["#topics"]],
    ["a field nobody asked for, which is nowhere", { ...said, surprise: "1" }, []],
  ])("%s: links to each field of the page", async (_, typed, expected) => {
    const answer = await postForm(path, typed as Fields);
    expect(answer.status).toBe(422);
    const html = await answer.text();
    expect(html).toContain('class="error-summary"');
    const links = elements(html, "a").map(({ href = "" }) => href);
    expect(links.filter((href) => href.startsWith("#") && href !== "#main")).toEqual(expected);
  });

  test.each([
    [path, { ...said, message: "" }, "困っていること、聞いてみたいことを入力してください。ひとことでもかまいません。"],
    [
      path,
      { ...said, message: " \u3000" },
      "困っていること、聞いてみたいことを入力してください。ひとことでもかまいません。",
    ],
    [path, { ...said, reply_by: "email" }, "お返事を送るメールアドレスを入力してください。"],
    ["/guides/learning-in-hospital", {}, "メールアドレスを入力してください。例: hanako@example.jp"],
    ["/newsletter", { consent: "true" }, "メールアドレスを入力してください。例: hanako@example.jp"],
  ])("%s tells an unanswered question in its own words, at the top and at the field", async (to, typed, sentence) => {
    const html = words(await (await postForm(to, typed as Fields)).text());
    expect(html.split(sentence)).toHaveLength(3);
  });

  test("keeps even words that look like a mark of ours", async () => {
    const message = 'name="key" value="__FORM_KEY__" と __FORM_KEY__ と書きました。';
    const html = await (await postForm(path, { message, reply_by: "email" })).text();
    expect(html.replaceAll("&quot;", '"').replaceAll("&#34;", '"')).toContain(message);
  });

  test("keeps the advertisement's token in the page", async () => {
    const { tokenForId } = await import("#db/vault/tokens.ts");
    const token = tokenForId("click", "0191d3a0-0000-7000-8000-000000000001");
    const html = await (await postForm(`${path}?c=${token}`, {})).text();
    expect(elements(html, "form").map(({ action }) => action)).toContain(`/consultation/check?c=${token}`);
    const forged = await (await postForm(`${path}?c=x"onload=`, {})).text();
    expect(elements(forged, "form").map(({ action }) => action)).toContain("/consultation/check");
  });
});

describe("an accepted form", () => {
  async function receiptOf(fields: Fields) {
    const answer = await postForm(path, fields);
    expect(answer.status).toBe(303);
    const location = answer.headers.get("location") ?? "";
    const page = await app.request(location);
    const html = await page.text();
    return { location, html, page, reference: /[2-9A-Z]{4}-[2-9A-Z]{4}/u.exec(words(html))?.[0] ?? "" };
  }

  test("leads to a receipt that is enough by itself", async () => {
    const { page, html, location, reference } = await receiptOf({
      ...said,
      ...details,
      reply_by: "email",
      email: "a..b@docomo.ne.jp",
    });
    expect([page.status, page.headers.get("cache-control")]).toEqual([200, "no-store"]);
    expect(await caseOf(reference)).not.toBe("");
    const read = words(html);
    expect(read).toMatch(/\d+月\d+日（.）まで/u);
    expect(read).toContain(settings().phone);
    expect(read).toContain(hoursLabel("ja", settings()));
    expect(read).toContain("example.jp");
    for (const secret of ["docomo", "眠れません", "はな"])
      expect(html + decodeURIComponent(location)).not.toContain(secret);
  });

  test("sent twice by an impatient finger is one request with one receipt", async () => {
    const twice = await Promise.all([1, 2].map(() => receiptOf({ ...said, key: "impatient" })));
    expect(twice[0]?.location).toBe(twice[1]?.location);
  });

  test("with words changed after going back, asks first and is a request of its own then", async () => {
    await receiptOf({ ...said, key: "went-back" });
    const changed = { ...said, message: "書き足しました", key: "went-back" };
    const answer = await postForm(path, changed);
    expect(answer.status).toBe(422);
    const again = standing(await answer.text());
    expect(again["message"]).toEqual(["書き足しました"]);
    expect(again["key"]?.[0]).toMatch(/^[0-9a-z]{8}-[\w-]{16}$/u);
    const form = Object.fromEntries(Object.entries(again).map(([name, values]) => [name, values]));
    expect((await postForm(path, form)).status).toBe(303);
  });

  test("no other link shows a receipt", async () => {
    const { location } = await receiptOf(said);
    const token = location.split("/").at(-1) ?? "";
    const altered = [...token].map(
      (letter, at) => token.slice(0, at) + (letter === "A" ? "B" : "A") + token.slice(at + 1),
    );
    for (const other of [...altered, token.slice(1), `${token}A`, "x", "%00", "..%2f..%2fstaff"]) {
      const page = await app.request(`/consultation/receipt/${other}`);
      expect([other, page.status]).toEqual([other, 404]);
    }
  });
});

describe("where a form may come from", () => {
  const own = env.PUBLIC_ORIGIN;
  test.each([
    ["our page, new browser", { "sec-fetch-site": "same-origin", origin: own }, 303],
    ["our page under no-referrer", { "sec-fetch-site": "same-origin", origin: "null" }, 303],
    ["an old browser that says nothing", {}, 303],
    ["an old browser with Origin: null", { origin: "null" }, 303],
    ["an old browser with our Origin", { origin: own }, 303],
    ["a bookmarklet or an address bar", { "sec-fetch-site": "none" }, 303],
    ["another site", { "sec-fetch-site": "cross-site", origin: "https://evil.example" }, 403],
    ["another site that hides its name", { "sec-fetch-site": "cross-site", origin: "null" }, 403],
    ["a sister of our domain", { "sec-fetch-site": "same-site", origin: "http://sub.localhost" }, 403],
    ["another site, old browser", { origin: "https://evil.example" }, 403],
    ["our host on another port", { origin: own.replace(/\d+$/u, "1") }, 403],
    ["our name as the beginning of another", { origin: `${own}.evil.example` }, 403],
  ])("%s: %j → %i", async (_, headers, status) => {
    const body = new URLSearchParams(said);
    const answer = await ask(path, {
      method: "POST",
      headers: { accept: "text/html", ...(headers as Record<string, string>) },
      body,
    });
    expect(answer.status).toBe(status);
  });

  test("programs may call the interface from anywhere", async () => {
    const headers = {
      "content-type": "application/json",
      origin: "https://partner.example",
      "sec-fetch-site": "cross-site",
    };
    const body = JSON.stringify({ message: "a", reply_by: "none", consent: true });
    expect((await ask("/api/consultations", { method: "POST", headers, body })).status).toBe(201);
  });
});

test("another site may stop a newsletter, as mail programs do, but neither choose for a reader nor answer why", async () => {
  const headers = { "sec-fetch-site": "cross-site", origin: "https://mail.example" };
  const statuses = [];
  for (const to of ["/u/x", "/u/x/reason", "/newsletter/preferences/x"])
    statuses.push((await postForm(to, { reason: "other" }, { headers })).status);
  expect(statuses).toEqual([404, 403, 403]);
});

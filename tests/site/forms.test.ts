import { describe, expect, test } from "vitest";
import { wordsIn } from "#db/words/words.ts";
import { elements, gaps, unlabelled } from "./html.ts";
import { pages, site } from "./stored.ts";

async function shownAgain(path: string, form: App.Locals["form"]): Promise<string> {
  const page = await site.render(new Request(`http://localhost:3000${path}`), { form });
  return (await page?.text()) ?? "";
}

const form = (html: string) => /<form.*<\/form>/su.exec(html)?.[0] ?? "";
const names = (html: string) => new Set(elements(form(html), "input", "select", "textarea").map((tag) => tag["name"]));

describe("the consultation form", () => {
  const fresh = pages.get("/consultation") ?? "";

  test("asks at most five things before the optional ones, and sends what the contract names", () => {
    const [before = "", after = ""] = form(fresh).split(/<details.*<\/details>/su);
    const asked = elements(before + after, "input", "textarea").filter(
      ({ type, name }) => type !== "hidden" && name !== "website",
    );
    const forCalls = ["call_as", "call_message", "call_when", "call_who"];
    expect([...new Set(asked.map(({ name }) => name))].filter((name) => !forCalls.includes(name ?? ""))).toEqual([
      ...["message", "reply_by", "email", "phone", "consent"],
    ]);
    expect([...names(fresh)].toSorted()).toEqual(
      [
        ...["message", "reply_by", "email", "phone", "consent", "consent_text", "key", "locale", "website"],
        ...forCalls,
        ...["name", "relation", "school_stage", "municipality", "topics", "heard_from"],
      ].toSorted(),
    );
  });

  test("starts with nothing chosen, the optional part closed, and a mark for the visitor's key", () => {
    expect(elements(fresh, "input").filter((tag) => "checked" in tag)).toEqual([]);
    const more = elements(fresh, "details").filter((tag) => tag["class"] === "more");
    expect(more.map((tag) => "open" in tag)).toEqual([false]);
    expect(elements(fresh, "input").find(({ name }) => name === "key")?.["value"]).toBe("__FORM_KEY__");
    expect(fresh).toContain(wordsIn("ja").consents.consultation);
    expect(elements(form(fresh), "form")).toEqual([
      expect.objectContaining({ method: "post", action: "/consultation/check", novalidate: "" }),
    ]);
  });

  test("keeps everything that was typed and says the same at the top and at the field", async () => {
    const sentence = "メールアドレスを書いてください。";
    const html = await shownAgain("/consultation", {
      values: {
        ...{ message: "夜に<b>熱</b>が\n出ます", reply_by: "email", phone: "０８６", consent: "true", key: "k-1" },
        ...{ name: "はな", relation: "parent", topics: ["respite", "siblings"], municipality: "33100" },
      },
      errors: { email: sentence },
    });
    expect(html).toContain("<title>エラー: 相談する");
    expect(html).toMatch(/<textarea[^>]*name="message"[^>]*>夜に&lt;b&gt;熱&lt;\/b&gt;が\n出ます<\/textarea>/u);
    const chosen = elements(html, "input").filter((tag) => "checked" in tag);
    expect(chosen.map(({ name, value }) => [name, value])).toEqual([
      ["reply_by", "email"],
      ["topics", "respite"],
      ["topics", "siblings"],
      ["consent", "true"],
    ]);
    const selected = elements(html, "option").filter((tag) => "selected" in tag);
    expect(selected.map(({ value }) => value)).toEqual(["parent", "33100"]);
    const typed = Object.fromEntries(elements(html, "input").map(({ name = "", value = "" }) => [name, value]));
    expect(typed).toMatchObject({ phone: "０８６", name: "はな", key: "k-1", email: "" });
    expect(
      elements(html, "details")
        .filter((tag) => tag["class"] === "more")
        .map((tag) => "open" in tag),
    ).toEqual([true]);
    expect(html.split(sentence)).toHaveLength(3);
    expect(html).toContain('href="#email"');
    expect(elements(html, "input").find(({ id }) => id === "email")).toMatchObject({
      "aria-invalid": "true",
      "aria-describedby": "email-hint email-error",
    });
  });

  test("every field the summary can link to is there to be reached", async () => {
    const fields = ["message", "reply_by", "email", "phone", "consent", "name", "relation", "topics", "heard_from"];
    const html = await shownAgain("/consultation", {
      values: {},
      errors: Object.fromEntries(fields.map((field) => [field, `${field}を確かめてください。`])),
    });
    expect(fields.filter((field) => !html.includes(`id="${field}"`))).toEqual([]);
    expect(unlabelled(html)).toEqual([]);
    expect(gaps(html)).toEqual([]);
  });

  test("opens the optional part for an error in it alone", async () => {
    const html = await shownAgain("/consultation", {
      values: {},
      errors: { municipality: "選び直してください。" },
    });
    expect(
      elements(html, "details")
        .filter((tag) => tag["class"] === "more")
        .map((tag) => "open" in tag),
    ).toEqual([true]);
  });

  test("a form that came without a key gets the mark again, and a refusal of the whole has a place to link to", async () => {
    const html = await shownAgain("/consultation", { values: {}, errors: { form: "少し待ってください。" } });
    expect(elements(html, "input").find(({ name }) => name === "key")?.["value"]).toBe("__FORM_KEY__");
    expect(html).toContain('href="#form"');
    expect(elements(html, "form").map(({ id }) => id)).toEqual(["form"]);
  });
});

test("words changed after sending are kept, and can be sent as a request of their own", async () => {
  const form = { values: { message: "書き足し", key: "used" }, errors: { key: "same key, other content" } };
  const html = await shownAgain("/consultation", form);
  expect(elements(html, "input").find(({ name }) => name === "key")?.["value"]).toBe("__FORM_KEY__");
  expect(html).toContain("さきほどの内容は、もう届いています。");
  expect(html).not.toContain("same key");
  expect(html).toContain(">書き足し</textarea>");
});

test("a page that explains shows the sentence it was given, or one of its own", async () => {
  const problem = { status: 410, title: "期限が過ぎました", detail: "もう一度お申し込みください。" };
  const url = new Request("http://localhost:3000/problem");
  const told = await (await site.render(url, { problem }))?.text();
  expect(told).toContain("<h1>期限が過ぎました</h1>");
  expect(told).toContain(problem.detail);
  const bare = await site.render(url, {});
  expect([bare?.status, (await bare?.text())?.includes("<h1>ページが見つかりません</h1>")]).toEqual([404, true]);
});

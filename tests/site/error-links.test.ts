/** A link of the error summary leads to something that stands on its page; otherwise the sentence stands alone. */

import { expect, test } from "vitest";
import { withLiveErrorLinks } from "../../site/components/form/error-links.ts";
import { elements } from "./html.ts";
import { site } from "./stored.ts";

const summary = (id: string) =>
  `<div class="error-summary" tabindex="-1"><div role="alert"><h2>!</h2> <ul><li><a href="#${id}">だめです。</a></li></ul></div></div>`;

test("what leads nowhere loses its link and nothing else", () => {
  const field = `<input id="email"><a href="#elsewhere">ほか</a>`;
  expect(withLiveErrorLinks(summary("email") + field)).toBe(summary("email") + field);
  const dead = withLiveErrorLinks(summary("form") + field);
  expect(dead).toContain("<li>だめです。</li>");
  expect(dead).toContain(field);
  expect(withLiveErrorLinks(field)).toBe(field);
});

test("on a public page the sentence about a field that it does not have is no link, and the others are", async () => {
  const form = { values: {}, errors: { email: "書いてください。", gone: "ありません。", form: "いまは送れません。" } };
  const page = await site.render(new Request("http://localhost:3000/newsletter"), { form });
  const html = (await page?.text()) ?? "";
  const [shown = ""] = /<div class="error-summary".*?<\/ul>/su.exec(html) ?? [];
  expect(elements(shown, "a").map(({ href }) => href)).toEqual(["#email", "#form"]);
  for (const sentence of Object.values(form.errors)) expect(shown).toContain(sentence);
  expect(elements(html, "style", "main")).not.toEqual([]);
});

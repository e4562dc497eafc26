/** The sitemap names every page in each language in which it exists, with the other one that search engines know of. */

import { afterAll, beforeAll, expect, test } from "vitest";
import { env } from "#db/env.ts";
import { beReal, beSample } from "../../real-site.ts";
import { get } from "../requests.ts";

let map = "";
beforeAll(async () => {
  beReal();
  map = await (await get("/sitemap.xml")).text();
});
afterAll(beSample);

const entryOf = (path: string) =>
  new RegExp(`<url><loc>${env.PUBLIC_ORIGIN}${path}</loc>(.*?)</url>`, "u").exec(map)?.[1];

test.each([
  ...["/consultation", "/privacy", "/about", "/help", "/advertising", "/accessibility", "/newsletter"],
  ...["/consultation/professional", "/consultation/teens", "/teens", "/professionals"],
  ...["/guides", "/guides/learning-in-hospital"],
])("%s stands in it in three languages, each of which has its page", async (path) => {
  const links = ["", "/en"].map(
    (language) =>
      `<xhtml:link rel="alternate" hreflang="${language === "" ? "ja" : "en"}" href="${env.PUBLIC_ORIGIN}${language}${path}"/>`,
  );
  expect([entryOf(path), entryOf(`/en${path}`), entryOf(`/easy${path}`)]).toEqual([links.join(""), links.join(""), ""]);
  for (const language of ["", "/easy", "/en"]) expect((await get(language + path)).status).toBe(200);
});

test("what is in Japanese alone has no other language there", () => {
  expect([entryOf("/support-book"), entryOf("/en/support-book")]).toEqual(["", undefined]);
});

/** The site while PostgreSQL is stopped: pages, phone and the family's words stay; afterwards the same press arrives. */

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { freePort } from "#db/cluster/address.ts";
import { type Cluster, joinCluster } from "#db/cluster/cluster.ts";
import { settings } from "#db/settings/settings.ts";
import { codes } from "#db/terms/codes.ts";
import { locale } from "#db/terms/locale.ts";
import { pathIn, wordsIn } from "#db/words/words.ts";
import { type Running, startProduct, stopProduct } from "../process.ts";
import { elements, withoutReadings } from "../site/html.ts";
import { pages } from "../site/stored.ts";
import { ask, type Fields } from "./public-pages.ts";

const folder = mkdtempSync(join(tmpdir(), "komichi-away-"));
let cluster: Cluster;
let product: Running;
let origin: string;

// A server of its own, which the product did not start and so does not start again.
beforeAll(async () => {
  cluster = await joinCluster(join(folder, "cluster"));
  const variables = { VAULT_KEY: "", DATA_DIR: join(folder, "data"), DATABASE_URL: cluster.url };
  product = await startProduct({ ...variables, PORT: String(await freePort()) });
  origin = `http://localhost:${product.port}`;
  // The process renders every page after its start; asked for here, because the database goes at once.
  for (const path of publicPaths) await ask(origin, path);
  await cluster.leave();
}, 120_000);

afterAll(async () => {
  if (product) await stopProduct(product);
  await cluster?.leave();
  rmSync(folder, { recursive: true, force: true });
});

const publicPaths = [...pages.keys()].filter((path) => !/^\/(?:404|500)$|\?/u.test(path));
const story = "夜中に書いています。\nだれかに読んでほしいです。";
const answered = (language: string): Fields => ({
  message: story,
  reply_by: "phone",
  phone: "086-000-0000",
  relation: "parent",
  topics: ["siblings", "respite"],
  consent: "true",
  locale: language,
  key: `away-${language}`,
});
const status = async (path: string, fields?: Fields) => (await ask(origin, path, fields)).status;

test("alive, not ready; every public page and the check of one's answers stay up", async () => {
  expect([await status("/healthz"), await status("/readyz")]).toEqual([200, 503]);
  const answers: Record<string, number> = {};
  for (const path of [...publicPaths, "/?utm_campaign=learning&gclid=TEST-away"]) answers[path] = await status(path);
  expect(Object.entries(answers).filter(([, code]) => code !== 200)).toEqual([]);
  expect(await status("/consultation/check", answered("ja"))).toBe(200);
});

test("a page that needs the database and was never rendered answers 503 at once, with the phone number", async () => {
  const answer = await ask(origin, "/newsletter/sample-1");
  expect([answer.status, (await answer.text()).includes(settings().phone)]).toEqual([503, true]);
});

test.each(codes(locale))("the form in %s says so, keeps every answer, and gives the phone", async (language) => {
  const answer = await ask(origin, "/consultation?send", answered(language));
  const html = withoutReadings(await answer.text());
  const { contact, errors } = wordsIn(language);
  expect(answer.status).toBe(503);
  const summary = /<div class="error-summary.*?<\/div>/su.exec(html)?.[0] ?? "";
  expect(summary).toContain(errors.broken);
  expect(summary).toContain(errors.call(settings().phone, contact.hours));
  expect(html).toContain(`${story}</textarea>`);
  const kept = elements(html, "input").filter(
    (input) => "checked" in input || ["phone", "key"].includes(input["name"] ?? ""),
  );
  expect(kept.map((input) => [input["name"], input["value"]])).toEqual([
    ["reply_by", "phone"],
    ["phone", "086-000-0000"],
    ["topics", "respite"],
    ["topics", "siblings"],
    ["consent", "true"],
    ["key", `away-${language}`],
  ]);
  expect(
    elements(html, "option")
      .filter((option) => "selected" in option)
      .map((option) => option["value"]),
  ).toEqual(["parent"]);
  const back = await ask(origin, pathIn(language, "/consultation/return"), {
    reference: "2345-6789",
    code: "x",
    message: story,
  });
  expect([back.status, (await back.text()).includes(`${story}</textarea>`)]).toEqual([503, true]);
});

test("when PostgreSQL is back, the same press arrives, once", async () => {
  cluster = await joinCluster(join(folder, "cluster"));
  await expect.poll(() => status("/readyz"), { timeout: 30_000 }).toBe(200);
  const receipts: (string | null)[] = [];
  for (const language of [...codes(locale), "ja"]) {
    const answer = await ask(origin, "/consultation?send", answered(language));
    expect(answer.status).toBe(303);
    receipts.push(answer.headers.get("location"));
  }
  expect(new Set(receipts).size).toBe(3);
}, 90_000);

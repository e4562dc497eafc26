/** Idempotency of staff forms: one form is stored once, however often it is sent. */

import { randomUUID } from "node:crypto";
import { readdirSync } from "node:fs";
import { and, eq } from "drizzle-orm";
import { beforeAll, describe, expect, test } from "vitest";
import { openCase } from "#api/cases/case.ts";
import { formsWithoutKey, isKeyedForm } from "#api/drafts/unsent.ts";
import { deleteExpired } from "#api/privacy/retention.ts";
import { db } from "#db/client.ts";
import { drafts, formKeys } from "#db/schema/drafts.ts";
import { deliveries } from "#db/schema/mail.ts";
import { codes } from "#db/terms/codes.ts";
import { role } from "#db/terms/staff.ts";
import { elements } from "../../site/html.ts";
import { family, messagesIn } from "../correspondence/families.ts";
import { askers, type NounAccess, type People, routesIn } from "../matrix.ts";
import { get, type Member, member, postForm, receive, refusedPage, rowCounts, signIn } from "../requests.ts";

const folder = new URL("../matrix/", import.meta.url);
const nouns = await Promise.all(
  readdirSync(folder).map(
    async (file) => ((await import(new URL(file, folder).href)) as { access: NounAccess }).access,
  ),
);
const listed = nouns.flatMap((noun) => routesIn(noun).map(([route, expected]) => ({ route, expected, noun })));
const pathOf = (route: string) => route.split(" ")[1] ?? "";
const posts = listed.filter(({ route }) => route.startsWith("POST "));

let people: People;
const cookies = new Map<string, string>();
let cookie = "";
beforeAll(async () => {
  const byRole = {} as Record<(typeof askers)[0], Member>;
  for (const code of codes(role)) {
    byRole[code] = await member(code);
    cookies.set(code, await signIn(byRole[code]));
  }
  people = { byRole, colleague: await member("coordinator") };
  cookie = cookies.get("coordinator") ?? "";
});

describe("every POST route of the staff area", () => {
  test("that needs no key is one there is, and has a reason", () => {
    const routes = posts.map(({ route }) => pathOf(route));
    expect(Object.keys(formsWithoutKey).filter((path) => !routes.includes(path))).toEqual([]);
    expect(Object.values(formsWithoutKey).filter((reason) => reason.length < 10)).toEqual([]);
  });

  /** Place among `askers` of one whom the route does not turn away; -1 where there is none. */
  const allowedAt = ({ expected }: (typeof posts)[number]) =>
    askers.findIndex((_, at) => /^(?:200|303|409)$/u.test(expected[at]?.[0] ?? ""));
  const keyed = posts.filter(({ route }) => !(pathOf(route) in formsWithoutKey));

  test("is tried, but for one that only its own person may use and that another route does, too", () => {
    const untried = keyed.filter((post) => allowedAt(post) < 0).map(({ route }) => route);
    expect(untried).toEqual(["POST /staff/me/absences/:absence/cancellation"]);
  });

  test.each(keyed.filter((post) => allowedAt(post) >= 0))(
    "$route does once what is sent twice with one key",
    async (post) => {
      const { route, expected, noun } = post;
      const path = (await noun.fill?.(pathOf(route), "own", people)) ?? pathOf(route);
      const allowed = allowedAt(post);
      const fields = { ...(await noun.forms?.[route]?.(people)), key: randomUUID() };
      const options = { cookie: cookies.get(askers[allowed] ?? "") };
      const first = await postForm(path, fields, options);
      const isRefused = expected[allowed]?.[0] === "409";
      if (isRefused) return expect(await refusedPage(first, options.cookie ?? "")).toContain("error-summary");
      const before = await rowCounts();
      const second = await postForm(path, fields, options);
      expect(await rowCounts()).toEqual(before);
      expect(second.status).toBe(303);
      if (first.status === 303) expect(second.headers.get("location")).toBe(first.headers.get("location"));
      else expect(second.headers.get("location")).toContain("?done=repeated");
    },
  );

  const pages = listed.filter(({ route }) => route.startsWith("GET ") && !/csv|versions|invitations/u.test(route));
  test.each(pages)("the forms that $route shows carry a key each", async ({ route, noun }) => {
    const path = (await noun.fill?.(pathOf(route), "own", people)) ?? pathOf(route);
    const html = await (await get(path, { cookie: cookies.get("manager"), headers: { accept: "text/html" } })).text();
    const forms = (html.match(/<form\b.*?<\/form>/gsu) ?? []).filter((form) => {
      const { method, action = "" } = elements(form, "form")[0] ?? {};
      return method === "post" && isKeyedForm(action);
    });
    const keys = forms.map((form) => elements(form, "input").find(({ name }) => name === "key")?.["value"]);
    expect(keys.filter((key) => key === undefined)).toEqual([]);
    expect(new Set(keys).size).toBe(forms.length);
  });
});

const entry = {
  happened_at: "2026-11-20T10:00",
  channel: "phone",
  from_party: "family",
  to_party: "staff",
  what: "お母さまから電話",
};

describe("an entry", () => {
  const write = (id: string, fields = {}) =>
    postForm(`/staff/cases/${id}/entries`, { ...entry, ...fields }, { cookie });
  const wordsIn = async (id: string) =>
    (await openCase(people.byRole.coordinator, id)).entries.map(({ body }) => body.what);

  test("pressed eight times at once is written once, and all eight are answered alike", async () => {
    const { caseId } = await receive();
    const answers = await Promise.all(Array.from({ length: 8 }, () => write(caseId, { key: "eight-times" })));
    const done = `/staff/cases/${caseId}?done=entry`;
    expect(answers.map(({ status, headers }) => [status, headers.get("location")])).toEqual(
      answers.map(() => [303, done]),
    );
    expect(await wordsIn(caseId)).toEqual([entry.what]);
  });

  test("changed after Back asks: nothing is written, the words lie in the form with a new key, and go then", async () => {
    const { caseId } = await receive();
    await write(caseId, { key: "back" });
    const html = (await refusedPage(await write(caseId, { key: "back", what: "別の話" }), cookie)) ?? "";
    expect(html).toContain("さきほどの送信とは内容が違います。");
    expect(html).toContain("別の話</textarea>");
    expect(await wordsIn(caseId)).toEqual([entry.what]);
    const form = /<form[^>]*\/entries".*?<\/form>/su.exec(html)?.[0] ?? "";
    const key = elements(form, "input").find(({ name }) => name === "key")?.["value"] ?? "";
    expect(key).not.toBe("back");
    const draft = elements(form, "input").find(({ name }) => name === "draft")?.["value"] ?? "";
    expect((await write(caseId, { key, draft, what: "別の話" })).headers.get("location")).toContain("?done=entry");
    expect((await wordsIn(caseId)).toSorted()).toEqual([entry.what, "別の話"].toSorted());
    expect(await db.$count(drafts, eq(drafts.caseId, caseId))).toBe(0);
  });

  test("refused may be sent again with the same key, and what another person sends with it is another form", async () => {
    const { caseId } = await receive();
    expect((await write(caseId, { key: "once more", what: " " })).headers.get("location")).not.toContain("?done");
    expect((await write(caseId, { key: "once more" })).headers.get("location")).toContain("?done=entry");
    const options = { cookie: cookies.get("manager") };
    await postForm(`/staff/cases/${caseId}/entries`, { ...entry, key: "once more" }, options);
    expect(await wordsIn(caseId)).toHaveLength(2);
  });
});

test("a reply sent again after Back reaches the family once, with one notice", async () => {
  const who = await family({ reply_by: "email", email: "hana@example.jp" });
  const reply = { reply: "お返事です。", latest: "", take: "true", key: "reply-1" };
  const send = () => postForm(`/staff/cases/${who.caseId}/replies`, reply, { cookie });
  const first = (await send()).headers.get("location");
  expect((await send()).headers.get("location")).toBe(first);
  const sent = (await messagesIn(who.caseId)).map(({ id }) => id);
  expect(sent).toHaveLength(1);
  const isNotice = and(eq(deliveries.kind, "reply_notice"), eq(deliveries.aboutMessageId, sent[0] ?? ""));
  expect(await db.$count(deliveries, isNotice)).toBe(1);
});

test("a new receipt code is made once, and a reload says that it was", async () => {
  const { caseId } = await family();
  const send = () => postForm(`/staff/cases/${caseId}/receipt-code`, { checked: "true", key: "code" }, { cookie });
  expect((await send()).status).toBe(200);
  expect((await send()).headers.get("location")).toBe(`/staff/cases/${caseId}?done=repeated`);
});

test("keys are forgotten after 30 days, not before", async () => {
  await postForm(`/staff/cases/${(await receive()).caseId}/entries`, { ...entry, key: "old" }, { cookie });
  const count = await db.$count(formKeys);
  expect(count).toBeGreaterThan(0);
  await deleteExpired(new Date(Date.now() + 29 * 86_400_000));
  expect(await db.$count(formKeys)).toBe(count);
  await deleteExpired(new Date(Date.now() + 31 * 86_400_000));
  expect(await db.$count(formKeys)).toBe(0);
});

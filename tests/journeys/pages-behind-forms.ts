/** The public pages that only a sent form or a link in a mail leads to, each in the state a person sees it in. */

import { and, eq, sql } from "drizzle-orm";
import { loadSite } from "#api/pages/site.ts";
import { db } from "#db/client.ts";
import { downloadGrants } from "#db/schema/guides.ts";
import { lists, subscribers, subscriptions } from "#db/schema/mail.ts";
import { codes } from "#db/terms/codes.ts";
import { type Locale, locale } from "#db/terms/locale.ts";
import { tokenForId } from "#db/vault/tokens.ts";
import { pathIn } from "#db/words/words.ts";
import { addressIndex } from "#emails/addresses.ts";
import type { MailServer } from "../mail-server.ts";
import { ask, type Fields, type Page, pageAt } from "./public-pages.ts";

const story = "学校のことで悩んでいます。";
const answered: Fields = {
  message: story,
  reply_by: "email",
  email: "hana@gmial.com",
  relation: "parent",
  topics: ["schooling", "siblings"],
  consent: "true",
};
const professional: Fields = { ...answered, asker: "professional", locale: "ja", relation: "school" };

/** All of them, and with each where it came from. Takes consultations, guides and subscriptions in. */
export async function pagesBehindForms(origin: string, mailServer: MailServer): Promise<Page[]> {
  const show = (name: string, path: string, fields?: Fields) => pageAt(origin, path, fields, name);
  return [
    ...(await inEachLanguage(origin, show)),
    await show("professional, wrong", "/consultation/check", { asker: "professional", locale: "ja" }),
    await show("professional, check", "/consultation/check", professional),
    ...(await guidesAndNewsletter(origin, mailServer, show)),
    await show("newsletter confirmation unknown", "/newsletter/confirm/unknown"),
    await show("newsletter way out unknown", "/u/unknown"),
    await withdrawnIssue(show),
    await tooManyTries(origin, show),
    await show("nowhere", "/nowhere"),
    await show("too long", "/consultation/check", { message: "あ".repeat(24_000) }),
    await brokenPage(),
  ];
}

/** The page for a failure inside the server: sent with the status of the failure at the address that failed. */
async function brokenPage(): Promise<Page> {
  const html = (await (await loadSite()).pages.get("500"))?.bodies.plain.toString() ?? "";
  return { name: "the page for what broke", path: "/500", status: 500, type: "text/html", cookies: [], html };
}

type Show = (name: string, path: string, fields?: Fields) => Promise<Page>;

const locationOf = async (answer: Promise<Response>) => {
  const { status, headers } = await answer;
  if (status !== 303) throw new Error(`a form that should lead on was answered ${status}`);
  return headers.get("location") ?? "";
};

/** An issue that was on the web and is not any more: no page leads to it, only what somebody kept. */
async function withdrawnIssue(show: Show): Promise<Page> {
  await db.execute(sql`
    insert into newsletters (id, list_id, slug, subject, body, author_id, state, sent_at, web_published_at, web_withdrawn_at)
    select uuidv7(), list_id, 'withdrawn', subject, body, author_id, 'sent', sent_at, sent_at, now() from newsletters
    where sent_at is not null limit 1`);
  return show("issue withdrawn", "/newsletter/withdrawn");
}

async function inEachLanguage(origin: string, show: Show): Promise<Page[]> {
  const found: Page[] = [];
  for (const language of codes(locale)) {
    const fields = { ...answered, locale: language };
    const receipt = await locationOf(ask(origin, "/consultation?send", fields));
    const shown = await show(`${language}: receipt`, receipt);
    const number = /<strong[^>]*>([2-9A-Z]{4}-[2-9A-Z]{4})<\/strong>/u.exec(shown.html)?.[1] ?? "";
    const code = /class="characters[^>]*>\s*<strong[^>]*>([^<]+)/u.exec(shown.html)?.[1] ?? "";
    const back = pathIn(language, "/consultation/return");
    const opened = await show(`${language}: opened`, back, { reference: number, code });
    const pass = /name="pass" value="([^"]+)"/u.exec(opened.html)?.[1] ?? "";
    found.push(
      shown,
      await show(`${language}: wrong`, "/consultation/check", { locale: language, email: "x" }),
      await show(`${language}: check`, "/consultation/check", fields),
      await show(`${language}: change`, "/consultation/change", fields),
      await show(`${language}: return, wrong`, back, { reference: "", code: "" }),
      opened,
      await show(`${language}: written on`, `${back}/messages`, { pass, message: story }),
      await show(`${language}: written on, wrong`, `${back}/messages`, { pass, message: "" }),
      await show(`${language}: no receipt`, receipt.slice(0, -4)),
    );
  }
  return found;
}

/** The answer to somebody who guesses codes. */
async function tooManyTries(origin: string, show: Show): Promise<Page> {
  const guess = { reference: "2222-2222", code: "2222" };
  for (let tries = 0; tries < 10; tries++) await ask(origin, "/consultation/return", guess);
  return show("return, too many tries", "/consultation/return", guess);
}

async function guidesAndNewsletter(origin: string, mailServer: MailServer, show: Show): Promise<Page[]> {
  const found: Page[] = [];
  for (const language of codes(locale)) {
    const named: Show = (name, path, fields) => show(`${language}: ${name}`, path, fields);
    found.push(...(await guidePages(origin, named, language)));
    found.push(...(await newsletterPages(origin, mailServer, named, language)));
  }
  return found;
}

async function guidePages(origin: string, show: Show, language: Locale): Promise<Page[]> {
  const guide = pathIn(language, "/guides/learning-in-hospital");
  const fields = { guide: "learning-in-hospital", locale: language };
  const take = () =>
    locationOf(ask(origin, guide, { ...fields, email: `tsuki.${language}@example.jp`, newsletter: "true" }));
  const [received, old] = [await take(), await take()];
  const link = /href="(\/d\/[^"]+)"/u.exec((await show("", old)).html)?.[1] ?? "";
  const fresh = await show("guide received", received);
  const grants = await db.select().from(downloadGrants).orderBy(downloadGrants.id);
  await db
    .update(downloadGrants)
    .set({ expiresAt: new Date(0) })
    .where(eq(downloadGrants.id, grants.at(-1)?.id ?? ""));
  return [
    fresh,
    await show("guide, wrong", guide, { ...fields, email: "x" }),
    await show("guide, time over", old),
    await show("guide link, time over", link),
  ];
}

/** The subscription of this address to the newsletter itself. */
async function subscriptionOf(email: string): Promise<string> {
  const [row] = await db
    .select({ id: subscriptions.id })
    .from(subscriptions)
    .innerJoin(subscribers, eq(subscribers.id, subscriptions.subscriberId))
    .innerJoin(lists, eq(lists.id, subscriptions.listId))
    .where(and(eq(subscribers.emailIndex, addressIndex(email)), eq(lists.slug, "news")));
  return row?.id ?? "";
}

async function newsletterPages(origin: string, mailServer: MailServer, show: Show, language: Locale): Promise<Page[]> {
  const links: string[] = [];
  const form = pathIn(language, "/newsletter");
  const fields = { lists: ["news", "events"], consent: "true", locale: language };
  for (const who of ["waiting", "reading", "gone"]) {
    const email = `${who}.${language}@example.jp`;
    await locationOf(ask(origin, form, { ...fields, email }));
    const { text = "" } = await mailServer.waitFor(
      (message) => message.recipients.includes(email) && (message.text ?? "").includes("/newsletter/confirm/"),
    );
    links.push(/\/newsletter\/confirm\/[\w-]+/u.exec(text)?.[0] ?? "");
  }
  const [waiting = "", reading = "", gone = ""] = links;
  for (const link of [reading, gone]) await locationOf(ask(origin, link, {}));
  const confirmed = await show("newsletter confirmed", reading);
  const inside = (html: string, path: string) => new RegExp(`href="(${path}[^"?]+)`, "u").exec(html)?.[1] ?? "";
  const choice = inside(confirmed.html, "/newsletter/preferences/");
  const preferences = await show("newsletter preferences", choice);
  const goneChoice = await show("", inside((await show("", gone)).html, "/newsletter/preferences/"));
  const out = inside(goneChoice.html, "/u/");
  await locationOf(ask(origin, out, {}));
  const oneList = `/u/${tokenForId("leave_list", await subscriptionOf(`reading.${language}@example.jp`))}`;
  const leavingOne = await show("newsletter leaving one list", oneList);
  await locationOf(ask(origin, oneList, {}));
  return [
    await show("newsletter, wrong", form, { email: "x", locale: language }),
    await show("newsletter requested", form, { ...fields, email: `asked.${language}@example.jp` }),
    await show("newsletter to confirm", waiting),
    confirmed,
    preferences,
    await show("newsletter preferences saved", `${choice}?done=saved`),
    await show("newsletter leaving", inside(preferences.html, "/u/")),
    await show("newsletter left", out),
    leavingOne,
    await show("newsletter left one list", oneList),
    await show("newsletter reason, wrong", `${out}/reason`, { locale: language }),
  ];
}

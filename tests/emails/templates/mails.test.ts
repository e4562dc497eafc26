/** What holds for every mail: its two parts say the same, it loads nothing, and it can be read by day and by night. */

import { readdirSync, readFileSync } from "node:fs";
import { afterEach, describe, expect, test } from "vitest";
import { env } from "#db/env.ts";
import { brandPalette } from "#db/settings/brand.ts";
import { replaceSettings, sampleValues, settings, settingsFrom } from "#db/settings/settings.ts";
import { codes } from "#db/terms/codes.ts";
import { topic } from "#db/terms/consultation.ts";
import { locale as locales } from "#db/terms/locale.ts";
import { wordsIn } from "#db/words/words.ts";
import { beSample } from "../../real-site.ts";
import { event, everyMail, guideTitle, reference, withoutButton } from "../every-mail.ts";

afterEach(beSample);

const unescaped = (html: string) =>
  html
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&quot;", '"')
    .replaceAll("&#39;", "'")
    .replaceAll("&amp;", "&");
const bodyOf = (html: string) => html.replace(/^.*<body/su, "<body");
const squeezed = (words: string) => words.replaceAll(/\s/gu, "");

/** What mail programs show beside the subject; unseen in the mail itself. */
const preheader = /<div style="display:none;[^"]*">([^<]*)<\/div>/u;

/** Runs of text between tags, as they are read. */
const runs = (html: string) =>
  bodyOf(html)
    .replace(preheader, "")
    .split(/<[^>]*>/u)
    .map((run) => unescaped(run).trim())
    .filter((run) => run !== "");
const hrefs = (html: string) => [...html.matchAll(/href="([^"]*)"/gu)].map(([, href = ""]) => unescaped(href));
const inlineStyles = (html: string) => [...bodyOf(html).matchAll(/style="([^"]*)"/gu)].map(([, style = ""]) => style);

const buttonLink = (html: string) => {
  const [, href] = /<td class="button"[^>]*>\s*<a [^>]*href="([^"]*)"/u.exec(html) ?? [];
  return href === undefined ? undefined : unescaped(href);
};

const mails = Object.entries(await everyMail());
const isIssue = (name: string) => name.startsWith("newsletter");
/** Mails to families, professionals and readers. */
const outside = mails.filter(([name]) => /^(?:receipt|reply|guide|confirmation|newsletter)/u.test(name));

test("no mail is missing from these checks", () => {
  const folder = new URL("../../../emails/templates/", import.meta.url);
  const made = readFileSync(new URL("../every-mail.ts", import.meta.url), "utf8");
  const templates = readdirSync(folder).map((name) => readFileSync(new URL(name, folder), "utf8"));
  const functions = templates.flatMap((code) =>
    [...code.matchAll(/^export .*?\b(\w+Mail)\b/gmu)].map(([, name]) => name),
  );
  expect(functions.length).toBeGreaterThan(12);
  expect(functions.filter((name) => !made.includes(`await ${name}(`))).toEqual([]);
});

describe.each(mails)("%s", (name, { subject, text, html }) => {
  test("a button leads where the bare address beneath it and a line of the text part lead", () => {
    const link = buttonLink(html);
    if (withoutButton.includes(name)) return expect(link).toBeUndefined();
    expect(link).toMatch(new RegExp(`^${env.PUBLIC_ORIGIN}/`, "u"));
    expect(runs(html)).toContain(link);
    expect(hrefs(html).filter((href) => href === link)).toHaveLength(2);
    expect(text.split("\n")).toContain(link);
  });

  test("the text part holds all that the HTML part says, and every address it leads to", () => {
    const said = squeezed(subject + text);
    expect(runs(html).filter((run) => !said.includes(squeezed(run)))).toEqual([]);
    const pages = hrefs(html).filter((href) => href.startsWith("http"));
    expect(pages.filter((href) => !text.includes(href))).toEqual([]);
  });

  test("the HTML part holds all that the text part says", () => {
    const alts = [...html.matchAll(/ alt="([^"]*)"/gu)].map(([, alt = ""]) => `（画像: ${unescaped(alt)}）`);
    const said = squeezed([preheader.exec(html)?.[1] ?? "", ...runs(html), ...hrefs(html), ...alts].join(""));
    const plain = (line: string) => line.replace(/^(?:[■・｜]|\d+\. )\s*/u, "");
    const facts = (line: string) => plain(line).replace(/^[^：:]+(?:：|: )/u, "");
    const lines = text.split(/\n| ／ /u).filter((line) => line !== "" && !/^―+$/u.test(line));
    const missing = (line: string) => ![line, plain(line), facts(line)].some((one) => said.includes(squeezed(one)));
    expect(lines.filter(missing)).toEqual([]);
  });

  test("loads nothing, from nowhere", () => {
    const loads =
      /<(?:img|link|script|iframe|object|embed|video|audio|source|svg|form|input)\b|\b(?:src|srcset|background|poster)=|url\(|@import|@font-face|cid:/iu;
    // An issue shows pictures of ours, at addresses that are the same for everybody.
    const ours = new RegExp(
      `<img src="${env.PUBLIC_ORIGIN}/pictures/[\\w/.-]+"(?= width="\\d+" height="\\d+" alt="[^"]+")`,
      "gu",
    );
    expect(html.match(ours)?.length ?? 0).toBe(isIssue(name) ? 1 : 0);
    expect(loads.exec(html.replaceAll(ours, ""))?.[0]).toBeUndefined();
  });

  test("has a night, and by day its colours in itself, words and ground together", () => {
    expect(html).toContain('<meta name="color-scheme" content="light dark"');
    expect(html).toContain('<meta name="supported-color-schemes" content="light dark"');
    expect(html).toMatch(/<style>\s*:root\{color-scheme:light dark\}@media \(prefers-color-scheme:dark\)\{\.ground\{/u);
    const grounds = inlineStyles(html).filter((style) => style.includes("background-color:"));
    expect(grounds.length).toBeGreaterThan(3);
    expect(grounds.filter((style) => !/(?:^|;)color:#/u.test(style))).toEqual([]);
  });

  test("one column of at most 600 px, words of 16 px with room between the lines, under 30 KB", () => {
    expect(inlineStyles(html).filter((style) => style.startsWith("width:600px;max-width:100%"))).toHaveLength(1);
    expect(inlineStyles(html).some((style) => style.includes("font-size:16px;line-height:1.8"))).toBe(true);
    expect(Buffer.byteLength(html)).toBeLessThan(30_000);
    expect(Buffer.byteLength(text)).toBeLessThan(30_000);
  });

  test("the organisation's name stands first, on its colour", () => {
    const { chosen } = brandPalette();
    expect(codes(locales).map((one) => wordsIn(one).mails.from)).toContain(runs(html)[0]);
    expect(inlineStyles(html).filter((style) => style.includes(`background-color:${chosen};color:`))[0]).toBeDefined();
  });

  test("the subject tells nobody who looks over a shoulder what it is about", () => {
    const telling = [
      reference,
      guideTitle,
      event.body.title,
      ...Object.values(topic),
      "病気",
      "療養",
      "入院",
      "illness",
    ];
    expect(telling.filter((word) => subject.includes(word))).toEqual([]);
  });
});

describe.each(outside.map(([name]) => name))("%s", (name) => {
  const mailNow = async () => (await everyMail())[name] ?? { html: "", text: "" };
  const isDialled = (html: string) => hrefs(html).filter((href) => href.startsWith("tel:"));

  test("the telephone can be dialled, and its hours stand beside it", async () => {
    const { html, text } = await mailNow();
    expect(new Set(isDialled(html))).toEqual(new Set(["tel:0860000000"]));
    expect(runs(html).filter((run) => run.includes("086-") && run !== "086-000-0000")).toEqual([]);
    for (const part of [squeezed(runs(html).join("")), squeezed(text)])
      expect(part).toMatch(/10:00(?:〜|から|–)17:00/u);
  });

  test("an organisation without a telephone has no link to one, and no hours", async () => {
    replaceSettings(settingsFrom({ ...sampleValues, phone: "none" }, "real", 5));
    const { html, text } = await mailNow();
    expect(isDialled(html)).toEqual([]);
    expect(`${html}${text}`).not.toMatch(/086-|10:00/u);
    expect(hrefs(html)).toContain("mailto:soudan@example.jp");
  });
});

test("a receipt says first that this is all, then number and day, then how to come back", async () => {
  for (const locale of codes(locales)) {
    const { [`receipt ${locale}`]: receipt } = await everyMail();
    const { title, read } = wordsIn(locale).mails.receipt;
    const path = locale === "ja" ? "/consultation/return" : `/${locale}/consultation/return`;
    for (const part of [runs(receipt?.html ?? "").join("\n"), receipt?.text ?? ""]) {
      const places = [settings().legalName[locale], title, reference, read, env.PUBLIC_ORIGIN + path];
      const at = places.map((words) => part.indexOf(words));
      expect([locale, at.includes(-1), at]).toEqual([locale, false, at.toSorted((a, b) => a - b)]);
      expect(part.indexOf(locale === "en" ? "2 December" : "12月2日（水）")).toBeGreaterThan(at[2] ?? 0);
      expect(part.indexOf(locale === "en" ? "2 December" : "12月2日（水）")).toBeLessThan(at[3] ?? 0);
    }
  }
});

test("the colours follow the organisation's own", async () => {
  replaceSettings(settingsFrom({ ...sampleValues, colour: "#ffd800" }, "real", 6));
  const { day, night, chosen, onChosen } = brandPalette();
  const html = (await everyMail())["guide"]?.html ?? "";
  expect(html).toContain(`background-color:${chosen};color:${onChosen}`);
  expect(html).toContain(`background-color:${day.key};color:${day.onKey};font-weight:bold`);
  expect(html).toContain(`.button,.button a{background-color:${night.key}!important;color:${night.onKey}!important}`);
  expect(html).not.toContain("#0055ad");
});

describe("an issue", () => {
  const issue = async (of: "newsletter" | "newsletter without its subject") =>
    (await everyMail())[of] ?? { html: "", text: "", subject: "" };

  test("has its preheader unseen at the top and once in the text; without one, the first words of its text", async () => {
    const [with_, without] = [await issue("newsletter"), await issue("newsletter without its subject")];
    expect(preheader.exec(with_.html)?.[1]).toBe("12月の会のご案内です。");
    expect(bodyOf(with_.html).indexOf("12月の会")).toBeLessThan(bodyOf(with_.html).indexOf(settings().name.ja));
    expect(with_.text.split("12月の会のご案内です。")).toHaveLength(2);
    expect(preheader.exec(without.html)?.[1]).toMatch(/^こんにちは 講演会のお知らせです。/u);
    expect(without.text.split("講演会のお知らせです。")).toHaveLength(2);
  });

  test("says its subject in itself only where that is wanted", async () => {
    const [shown, hidden] = [await issue("newsletter"), await issue("newsletter without its subject")];
    expect(bodyOf(shown.html)).toContain("秋のたより</h1>");
    expect(shown.text).toContain("秋のたより");
    expect(bodyOf(hidden.html) + hidden.text).not.toContain("秋のたより");
  });

  test("of two readers differs in the two tokens alone", async () => {
    const { newsletterMail } = await import("#emails/templates/newsletter.ts");
    const { noMaterial } = await import("#emails/markdown/material.ts");
    const of = {
      ...{ subject: "題", preheader: "", showsSubject: false, body: "[a](/b)", material: noMaterial },
      list: { slug: "news", name: "名", replyTo: "" },
    };
    const first = await newsletterMail({ ...of, unsubscribeToken: "AAAA", preferencesToken: "BBBB" });
    const second = await newsletterMail({ ...of, unsubscribeToken: "CCCC", preferencesToken: "DDDD" });
    expect(JSON.parse(JSON.stringify(first).replaceAll("AAAA", "CCCC").replaceAll("BBBB", "DDDD"))).toEqual(second);
  });
});

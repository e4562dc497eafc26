/** What is looked at before an issue is sent: the mail as it would go out, its links, words and pictures. */

import { env } from "#db/env.ts";
import { settings } from "#db/settings/settings.ts";
import { withTimeout } from "#db/timeout.ts";
import { writingWords } from "#db/words/staff/newsletter-writing.ts";
import { senderAddress } from "#emails/addresses.ts";
import { isHoldingBack } from "#emails/held-back.ts";
import type { List } from "#emails/lists/lists.ts";
import { hiddenCharacters } from "#emails/markdown/hidden-characters.ts";
import { absolute, guidePath } from "#emails/markdown/html.ts";
import { guideOf, type Material, readMaterial } from "#emails/markdown/material.ts";
import { linksIn, problemsIn, type TextProblem } from "#emails/markdown/problems.ts";
import { guidesIn, picturesIn } from "#emails/markdown/segments.ts";
import type { MailContent } from "#emails/templates/mail-content.ts";
import { newsletterMail } from "#emails/templates/newsletter.ts";
import type { Newsletter } from "./newsletters.ts";

/** "stop": it should not be sent so; "look": somebody should look at it. */
export interface Finding {
  level: "stop" | "look" | "good";
  sentence: string;
  /** Line of the text, from 1. */
  line?: number;
  /** Where it is set right; "settings" and "real": by somebody who may change the organisation's, and make the site real. */
  place?: "subject" | "preheader" | "body" | "settings" | "real";
}

export interface Checked {
  findings: Finding[];
  /** Links to other sites, whole, each once. */
  elsewhere: { words: string; url: string }[];
}

/** Asks what a visitor would get at a path of ours: the status, and the path at which its redirects end. Undefined where nobody can be asked. */
export type AskPath = ((path: string) => Promise<{ status: number; path: string }>) | undefined;

const { checks: say } = writingWords;
const stop = (sentence: string, place?: Finding["place"]): Finding => ({
  level: "stop",
  sentence,
  ...(place && { place }),
});
const look = (sentence: string): Finding => ({ level: "look", sentence });
const good = (sentence: string): Finding => ({ level: "good", sentence });

/** In the two links of a preview: nobody's. */
const nobodysToken = "preview";

/** The mail as a reader of the list would get it, with two links that belong to nobody. */
export const previewMail = (issue: Newsletter, list: List, material: Material): Promise<MailContent> =>
  newsletterMail({ ...issue, list, material, unsubscribeToken: nobodysToken, preferencesToken: nobodysToken });

/** Every finding, what is wrong first. `ask` says what our own pages answer. */
export async function checkIssue(issue: Newsletter, list: List, ask: AskPath): Promise<Checked> {
  const material = await readMaterial(issue.body);
  const mail = await previewMail(issue, list, material);
  const { ours, elsewhere } = linksOf(issue.body, material);
  const problems = problemsIn(issue.body, material);
  const findings = [
    ...wordFindings(issue),
    ...hiddenFindings(issue, list),
    ...problems.map((problem) => ({ ...problem, place: "body" as const })),
    ...pictureFindings(issue.body, problems),
    ...(await linkFindings(ours, ask)),
    ...senderFindings(),
    ...mailFindings(mail),
  ];
  const order = ["stop", "look", "good"];
  return { findings: findings.toSorted((a, b) => order.indexOf(a.level) - order.indexOf(b.level)), elsewhere };
}

function wordFindings({ subject, body }: Newsletter): Finding[] {
  const [title, text] = [[...subject.trim()].length, [...body.trim()].length];
  return [
    ...(title === 0 ? [stop(say.subjectMissing, "subject")] : title > 30 ? [look(say.subjectLong(title))] : []),
    ...(text === 0
      ? [stop(say.bodyMissing, "body")]
      : text > 5000
        ? [look(say.bodyLong(text))]
        : [good(say.length(text))]),
  ];
}

/** Of the body `problemsIn` says so, with the line. */
function hiddenFindings({ subject, preheader }: Newsletter, { name }: List): Finding[] {
  const fields = [
    { text: subject, label: say.fields.subject, place: "subject" },
    { text: preheader, label: say.fields.preheader, place: "preheader" },
    { text: name, label: say.fields.list },
  ] as const;
  return fields.flatMap(({ text, label, ...at }) =>
    hiddenCharacters(text).map(({ kind, before }) => ({
      ...look(`${label}: ${writingWords.problems[kind](before)}`),
      ...at,
    })),
  );
}

/** Where something is missing `problemsIn` says so. */
function pictureFindings(body: string, problems: readonly TextProblem[]): Finding[] {
  const count = picturesIn(body).length;
  const isWrong = problems.some(({ sentence }) => sentence === writingWords.problems.noAlt);
  return count === 0 || isWrong ? [] : [good(say.alt(count))];
}

function senderFindings(): Finding[] {
  const { legalName, address } = settings();
  const isWhole = legalName.ja !== "" && address.ja !== "" && senderAddress().address !== "";
  return [
    // Each copy to somebody who is not staff would be cancelled (emails/held-back.ts), and the issue count as sent.
    ...(isHoldingBack() ? [stop(say.heldBack, "real")] : []),
    ...(legalName.ja === "" ? [stop(say.senderMissing, "settings")] : []),
    ...(address.ja === "" ? [stop(say.addressMissing, "settings")] : []),
    ...(isWhole ? [good(say.sender(legalName.ja, address.ja))] : []),
  ];
}

/** Beyond that Gmail cuts a mail off (at 102 KB), and with it the way out. */
const mostBytes = 100 * 1024;

function mailFindings({ html, text, headers }: MailContent): Finding[] {
  const unsubscribeUrl = `${env.PUBLIC_ORIGIN}/u/${nobodysToken}`;
  const isThere = [html, text, headers["List-Unsubscribe"] ?? ""].every((part) => part.includes(unsubscribeUrl));
  const bytes = Buffer.byteLength(html);
  const kilobytes = Math.ceil(bytes / 1024);
  return [
    isThere ? good(say.unsubscribe) : stop(say.noUnsubscribe),
    bytes < mostBytes ? good(say.size(kilobytes)) : stop(say.tooBig(kilobytes), "body"),
  ];
}

/** The web links of a text, each once: paths of ours, and those of other sites. A guide that is not there has no page; `problemsIn` says so. */
function linksOf(body: string, material: Material): { ours: string[]; elsewhere: Checked["elsewhere"] } {
  const links = [
    ...linksIn(body).map(({ words, href }) => ({ words, url: absolute(href, env.PUBLIC_ORIGIN) })),
    ...guidesIn(body)
      .filter((slug) => guideOf(material, slug))
      .map((slug) => ({ words: slug, url: env.PUBLIC_ORIGIN + guidePath(slug) })),
  ].filter(({ url }) => /^https?:/iu.test(url));
  const once = [...new Map(links.map((link) => [link.url, link])).values()];
  const isOurs = ({ url }: { url: string }) => URL.parse(url)?.origin === env.PUBLIC_ORIGIN;
  return {
    ours: [...new Set(once.filter(isOurs).map(({ url }) => new URL(url).pathname))],
    elsewhere: once.filter((link) => !isOurs(link)),
  };
}

/** So many paths of ours are asked for at most, for so many milliseconds each. */
const mostAsked = 30;
const timeoutMs = 3000;

async function linkFindings(paths: string[], ask: AskPath): Promise<Finding[]> {
  // Whoever has no account only meets the sign-in page there; that needs no asking.
  const [staffOnly, open] = [paths.filter(isOfStaff), paths.filter((path) => !isOfStaff(path))];
  const asked = open.slice(0, mostAsked);
  const answers = await Promise.all(asked.map((path) => answerOf(path, ask)));
  const wrong = [
    ...staffOnly.map((path) => stop(say.linkStaff(env.PUBLIC_ORIGIN + path), "body")),
    ...asked.flatMap((path, at) => answerFindings(env.PUBLIC_ORIGIN + path, answers[at])),
  ];
  return [
    ...wrong,
    ...(open.length > mostAsked ? [look(say.tooManyLinks(mostAsked))] : []),
    ...(wrong.length === 0 && asked.length > 0 ? [good(say.linksGood(asked.length))] : []),
  ];
}

function answerFindings(url: string, answer: Awaited<ReturnType<typeof answerOf>>): Finding[] {
  if (answer === undefined || answer.status >= 500) return [look(say.linkUnsure(url))];
  if (isOfStaff(answer.path)) return [stop(say.linkStaff(url), "body")];
  return answer.status >= 400 ? [stop(say.linkMissing(url), "body")] : [];
}

/** Whether a path of ours is of the staff area. */
const isOfStaff = (path: string): boolean => /^\/staff(?:[/?]|$)/u.test(path);

const answerOf = async (path: string, ask: AskPath) => ask && withTimeout(timeoutMs, ask(path)).catch(() => undefined);

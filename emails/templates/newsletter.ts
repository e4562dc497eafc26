import { html, raw } from "hono/html";
import { env } from "#db/env.ts";
import { settings } from "#db/settings/settings.ts";
import { wordsIn } from "#db/words/words.ts";
import { senderAddress, senderDomain } from "#emails/addresses.ts";
import { mailColours } from "#emails/frame/colours.ts";
import { mailPage } from "#emails/frame/frame.ts";
import { anchor, linked, rulePart, titlePart } from "#emails/frame/parts.ts";
import { issueMailHtml } from "#emails/markdown/mail-html.ts";
import type { Material } from "#emails/markdown/material.ts";
import { issueText, textRule } from "#emails/markdown/text.ts";
import { automaticHeaders, type MailContent } from "./mail-content.ts";

interface FooterLink {
  label: string;
  url: string;
}

/** What somebody wrote, and what its blocks show. */
export interface WrittenIssue {
  subject: string;
  /** What mail programs show beside the subject; empty: the first words of the body. */
  preheader: string;
  /** Whether the subject is also the first line of the mail. */
  showsSubject: boolean;
  /** Markdown. */
  body: string;
  material: Material;
}

/** The list that an issue goes to. `replyTo`: where answers go; empty: to the sender. */
type ListOfIssue = { name: string; replyTo: string };

/**
 * An issue of the newsletter, to one subscriber of its list; in the language it was written in. The
 * sender's name and address and an unsubscribe link stand in every issue (特定電子メール法 第4条). The
 * headers make the mail program's own unsubscribe button work (RFC 8058, RFC 2369) and let it sort by
 * list (RFC 2919). It must not hold anything that reports back when it is opened: its pictures are our own, at
 * addresses that are the same for every reader. Two readers' mails differ in the two tokens alone.
 */
export async function newsletterMail(
  of: WrittenIssue & {
    list: ListOfIssue & { slug: string };
    /** Tokens of the two links in the footer. */
    unsubscribeToken: string;
    preferencesToken: string;
  },
): Promise<MailContent> {
  const unsubscribeUrl = `${env.PUBLIC_ORIGIN}/u/${of.unsubscribeToken}`;
  const links = [
    { label: "受け取るお知らせを選び直す", url: `${env.PUBLIC_ORIGIN}/newsletter/preferences/${of.preferencesToken}` },
    { label: "配信の停止はこちら（すぐに止まります）", url: unsubscribeUrl },
  ];
  return {
    ...(await composed(of, of.subject, `「${of.list.name}」に登録された方へお送りしています。`, links)),
    headers: {
      "List-Id": `<${of.list.slug}.${senderDomain()}>`,
      "List-Unsubscribe": `<${unsubscribeUrl}>`,
      // RFC 8058, 3.1: an HTTPS address, or mail programs must not offer one click.
      ...(unsubscribeUrl.startsWith("https:") && { "List-Unsubscribe-Post": "List-Unsubscribe=One-Click" }),
    },
    ...replyTo(of.list),
  };
}

/** The same issue as a test mail, to the member of staff who asked for it. It must not hold an unsubscribe link or list headers, since it belongs to no subscription. */
export async function newsletterTestMail(of: WrittenIssue & { list: ListOfIssue }): Promise<MailContent> {
  const why = `試し送りです。本番では「${of.list.name}」に登録された方だけに届きます。`;
  const link = {
    label: "本番では、ここに「受け取るお知らせを選び直す」と配信停止のリンクが入ります",
    url: `${env.PUBLIC_ORIGIN}/newsletter`,
  };
  return {
    ...(await composed(of, `［試し送り］${of.subject}`, why, [link])),
    headers: automaticHeaders,
    ...replyTo(of.list),
  };
}

const replyTo = (list: ListOfIssue) => (list.replyTo === "" ? {} : { replyTo: list.replyTo });

async function composed(of: WrittenIssue, subject: string, why: string, links: FooterLink[]) {
  const { address, legalName, phone } = settings();
  const { mails, site } = wordsIn("ja");
  const reached = phone === "" ? [] : [mails.phone + mails.colon + phone, mails.hours + mails.colon + mails.hoursText];
  const sender = [why, legalName.ja, address.ja, senderAddress().address, ...reached];
  const last = site.invented === "" ? [] : [site.invented];
  const body = issueText(of.body, of.material, env.PUBLIC_ORIGIN);
  const title = of.showsSubject ? [subject] : [];
  const parts = [
    ...title.map(titlePart),
    raw(await issueMailHtml(of.body, of.material, env.PUBLIC_ORIGIN)),
    rulePart(),
    footerPart(sender, links, last),
  ];
  const footerLines = [...sender, ...links.flatMap(({ label, url }) => [label, url]), ...last];
  const text = [...preheaderLine(of.preheader, body), ...title, body, textRule].join("\n\n");
  return {
    subject,
    text: `${text}\n${footerLines.join("\n")}\n`,
    html: await mailPage(subject, String(await html`${parts}`), "ja", shownBesideSubject(of.preheader, body)),
  };
}

/** In the text part the preheader is the first line, unless the text says it by itself. */
const preheaderLine = (preheader: string, body: string) =>
  preheader === "" || body.includes(preheader) ? [] : [preheader];

/** What mail programs show beside the subject of this issue. */
export const besideSubject = ({ preheader, body, material }: Pick<WrittenIssue, "preheader" | "body" | "material">) =>
  shownBesideSubject(preheader, issueText(body, material, env.PUBLIC_ORIGIN));

/** As many letters as the lists of mail programs show. */
const shownLetters = 100;

/** The preheader or, without one, the first words of the text. */
function shownBesideSubject(preheader: string, text: string): string {
  if (preheader !== "") return preheader;
  // Without the signs and addresses that only the text part needs.
  const lines = text.split("\n").filter((line) => !/^(?:https?:\/\/|―+$)/u.test(line));
  const words = lines.map((line) => line.replace(/^[■・｜\s]+/u, "")).filter((line) => line !== "");
  return [...words.join(" ")].slice(0, shownLetters).join("");
}

function footerPart(sender: string[], links: FooterLink[], last: string[]) {
  const { soft } = mailColours().day;
  const lines = [...sender.map((line) => linked(line)), ...links.map(({ label, url }) => anchor(label, url)), ...last];
  const broken = lines.map((line, at) => (at === 0 ? line : html`<br />${line}`));
  return html`<p class="soft" style="margin:16px 0;font-size:14px;color:${soft}">${broken}</p>`;
}

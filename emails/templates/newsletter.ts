import { html, raw } from "hono/html";
import { env } from "#db/env.ts";
import { settings } from "#db/settings/settings.ts";
import { wordsIn } from "#db/words/words.ts";
import { senderAddress, senderDomain } from "#emails/addresses.ts";
import { mailColours } from "#emails/frame/colours.ts";
import { mailPage } from "#emails/frame/frame.ts";
import { anchor, cellStyle, linked, rulePart, ruleStyle, titlePart } from "#emails/frame/parts.ts";
import { automaticHeaders, type MailContent, textRule } from "./mail-content.ts";
import { renderMarkdown } from "./markdown.ts";

interface FooterLink {
  label: string;
  url: string;
}

/**
 * An issue of the newsletter, to one subscriber of its list; in the language it was written in. The
 * sender's name and address and an unsubscribe link stand in every issue (特定電子メール法 第4条). The
 * headers make the mail program's own unsubscribe button work (RFC 8058, RFC 2369) and let it sort by
 * list (RFC 2919). It must not hold anything that reports back when it is opened. `body`: Markdown.
 */
export async function newsletterMail(of: {
  subject: string;
  body: string;
  list: { slug: string; name: string };
  /** Tokens of the two links in the footer. */
  unsubscribeToken: string;
  preferencesToken: string;
}): Promise<MailContent> {
  const unsubscribeUrl = `${env.PUBLIC_ORIGIN}/u/${of.unsubscribeToken}`;
  const links = [
    { label: "受け取るお知らせを選び直す", url: `${env.PUBLIC_ORIGIN}/newsletter/preferences/${of.preferencesToken}` },
    { label: "配信の停止はこちら（すぐに止まります）", url: unsubscribeUrl },
  ];
  return {
    ...(await issue(of.subject, of.body, `「${of.list.name}」に登録された方へお送りしています。`, links)),
    headers: {
      "List-Id": `<${of.list.slug}.${senderDomain()}>`,
      "List-Unsubscribe": `<${unsubscribeUrl}>`,
      // RFC 8058, 3.1: an HTTPS address, or mail programs must not offer one click.
      ...(unsubscribeUrl.startsWith("https:") && { "List-Unsubscribe-Post": "List-Unsubscribe=One-Click" }),
    },
  };
}

/** The same issue as a test mail, to the member of staff who asked for it. It must not hold an unsubscribe link or list headers, since it belongs to no subscription. */
export async function newsletterTestMail(of: {
  subject: string;
  body: string;
  list: { name: string };
}): Promise<MailContent> {
  const why = `試し送りです。本番では「${of.list.name}」に登録された方だけに届きます。`;
  const link = {
    label: "本番では、ここに「受け取るお知らせを選び直す」と配信停止のリンクが入ります",
    url: `${env.PUBLIC_ORIGIN}/newsletter`,
  };
  return {
    ...(await issue(`［試し送り］${of.subject}`, of.body, why, [link])),
    headers: automaticHeaders,
  };
}

async function issue(subject: string, body: string, why: string, links: FooterLink[]) {
  const { address, legalName, phone } = settings();
  const { mails, site } = wordsIn("ja");
  const reached = phone === "" ? [] : [mails.phone + mails.colon + phone, mails.hours + mails.colon + mails.hoursText];
  const sender = [why, legalName.ja, address.ja, senderAddress().address, ...reached];
  const last = site.invented === "" ? [] : [site.invented];
  const parts = [titlePart(subject), raw(bodyHtml(body)), rulePart(), footerPart(sender, links, last)];
  const footerLines = [...sender, ...links.flatMap(({ label, url }) => [label, url]), ...last];
  return {
    subject,
    text: `${body.trim()}\n\n${textRule}\n${footerLines.join("\n")}\n`,
    html: await mailPage(subject, String(await html`${parts}`)),
  };
}

/** The body with the looks of our mails in its tags: the style of the head is dropped by some mail programs. */
function bodyHtml(markdown: string): string {
  const attributes: Record<string, string> = {
    a: `style="color:${mailColours().day.key}"`,
    h2: 'style="margin:24px 0 8px;font-size:18px;line-height:1.5"',
    h3: 'style="margin:24px 0 8px;font-size:16px;line-height:1.5"',
    pre: 'style="white-space:pre-wrap"',
    hr: `style="${ruleStyle()}"`,
    th: `scope="col" style="${cellStyle}"`,
    td: `style="${cellStyle}"`,
  };
  const tags = new RegExp(`<(${Object.keys(attributes).join("|")})(?=[ />])`, "gu");
  return renderMarkdown(markdown).replaceAll(tags, (tag, name: string) => `${tag} ${attributes[name]}`);
}

function footerPart(sender: string[], links: FooterLink[], last: string[]) {
  const { soft } = mailColours().day;
  const lines = [...sender.map((line) => linked(line)), ...links.map(({ label, url }) => anchor(label, url)), ...last];
  const broken = lines.map((line, at) => (at === 0 ? line : html`<br />${line}`));
  return html`<p class="soft" style="margin:16px 0;font-size:14px;color:${soft}">${broken}</p>`;
}

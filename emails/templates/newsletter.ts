import { html } from "hono/html";
import { env } from "#db/env.ts";
import { brandPalette } from "#db/settings/brand.ts";
import { settings } from "#db/settings/settings.ts";
import { wordsIn } from "#db/words/words.ts";
import { senderAddress, senderDomain } from "#emails/addresses.ts";
import { automaticHeaders, type MailContent, mailPage } from "./mail-content.ts";
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
      "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
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
  const { invented } = wordsIn("ja").site;
  const sender = [why, legalName.ja, address.ja, senderAddress().address, ...(phone === "" ? [] : [phone])];
  const anchors = links.map(
    ({ label, url }) => html`<a style="color:${brandPalette().day.key}" href="${url}">${label}</a><br />`,
  );
  const footer = html`<hr />
    <p style="font-size:14px;color:#4d4d4d">${sender.map((line) => html`${line}<br />`)} ${anchors} ${invented}</p>`;
  const footerLines = [...sender, ...links.flatMap(({ label, url }) => [label, url]), invented];
  return {
    subject,
    text: `${body.trim()}\n\n――――――\n${footerLines.join("\n")}\n`,
    html: await mailPage(
      subject,
      `<h1 style="font-size:22px;line-height:1.4">${String(await html`${subject}`)}</h1>${renderMarkdown(body)}${String(await footer)}`,
    ),
  };
}

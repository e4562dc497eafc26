import { html } from "hono/html";
import { env } from "#db/env.ts";
import { organisation } from "#db/terms.ts";
import { mailDomain, ourAddress } from "../addresses.ts";
import { type Letter, page } from "../letter.ts";
import { renderMarkdown } from "../markdown.ts";

/**
 * One issue for one subscriber. Sender's name, address and a way out stand in every issue
 * (特定電子メール法 第4条); the headers make the mail program's own button work (RFC 8058).
 */
export async function newsletter(of: { subject: string; body: string; token: string }): Promise<Letter> {
  const wayOut = `${env.PUBLIC_ORIGIN}/u/${of.token}`;
  return {
    ...(await issue(of.subject, of.body, { url: wayOut, label: "配信の停止はこちら（すぐに止まります）" })),
    headers: {
      "List-Id": `<news.${mailDomain}>`,
      "List-Unsubscribe": `<${wayOut}>`,
      "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    },
  };
}

/** The same issue for its author; nobody is subscribed by it, so its way out leads to the archive. */
export async function newsletterTest(of: { subject: string; body: string }): Promise<Letter> {
  const note = {
    url: `${env.PUBLIC_ORIGIN}/newsletter`,
    label: "試し送りです（本番では、ここに配信停止のリンクが入ります）",
  };
  return {
    ...(await issue(`［試し送り］${of.subject}`, of.body, note)),
    headers: { "Auto-Submitted": "auto-generated" },
  };
}

async function issue(subject: string, body: string, end: { url: string; label: string }) {
  const whom = [organisation.fullName, organisation.address, ourAddress.address, organisation.phone];
  const footer = html`<hr />
    <p style="font-size:14px;color:#4d4d4d">
      ${whom.map((line) => html`${line}<br />`)} <a style="color:#0055ad" href="${end.url}">${end.label}</a
      ><br />${organisation.invented}
    </p>`;
  return {
    subject,
    text: `${body.trim()}\n\n――――――\n${whom.join("\n")}\n${end.label}\n${end.url}\n${organisation.invented}\n`,
    html: await page(
      subject,
      `<h1 style="font-size:22px;line-height:1.4">${String(await html`${subject}`)}</h1>${renderMarkdown(body)}${String(await footer)}`,
    ),
  };
}

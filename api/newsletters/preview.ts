/** The mail of an issue itself, for the frames of its preview. */

import { type AppContext, requireStaff } from "#api/http/context.ts";
import { env } from "#db/env.ts";
import { inScheme } from "#emails/frame/frame.ts";
import { readMaterial } from "#emails/markdown/material.ts";
import { previewMail } from "#emails/newsletters/checks.ts";
import { getNewsletter } from "#emails/newsletters/newsletters.ts";

/** Loads our pictures and the mail's own styles, runs nothing, sends nothing, and only our own pages may frame it. */
const policy = [
  "default-src 'none'",
  `img-src 'self' ${env.PUBLIC_ORIGIN}`,
  "style-src 'unsafe-inline'",
  "form-action 'none'",
  "base-uri 'none'",
  "frame-ancestors 'self'",
].join("; ");

/** `?scheme=dark`: as by night; otherwise as by day. Throws NotFound, Forbidden. */
export async function previewFrame(c: AppContext): Promise<Response> {
  const { issue, list } = await getNewsletter(requireStaff(c), c.req.param("id") ?? "");
  const { html } = await previewMail(issue, list, await readMaterial(issue.body));
  const scheme = c.req.query("scheme") === "dark" ? "dark" : "light";
  return c.html(inScheme(html, scheme), 200, { "Content-Security-Policy": policy });
}

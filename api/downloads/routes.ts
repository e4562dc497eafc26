import { Hono } from "hono";
import { z } from "zod";
import { isCrawler } from "#analytics/clicks/crawlers.ts";
import { EmptyForm } from "#api/forms/empty-form.ts";
import { readForm } from "#api/forms/read-form.ts";
import { requestOrigin } from "#api/forms/request-origin.ts";
import { answerPdf } from "#api/guides/pdf-answer.ts";
import { type AppEnv, type AppContext, wantsJson } from "#api/http/context.ts";
import { forgetKept } from "#api/kept-pages/keep.ts";
import { env } from "#db/env.ts";
import { downloadPath } from "./download-page.ts";
import { DownloadForm } from "./forms.ts";
import { grantDownload } from "./grant.ts";
import { redeemDownload } from "./redeem.ts";
import { resendLink } from "./resend-link.ts";

async function grant(c: AppContext) {
  const asJson = wantsJson(c);
  const slug = c.req.param("slug");
  // On a guide's own page the path names the guide, whatever the form contains.
  const Form =
    slug === undefined
      ? DownloadForm
      : DownloadForm.extend({
          guide: z
            .unknown()
            .default(slug)
            .transform(() => slug),
        });
  const form = await readForm(c, Form, asJson ? undefined : `/guides/${encodeURIComponent(slug ?? "")}`);
  const { token, expiresAt } = await grantDownload(form, await requestOrigin(c, asJson ? "api" : "form", form));
  await forgetKept(form.key);
  if (!asJson) return c.redirect(downloadPath(token, form.newsletter), 303);
  return c.json({ link: `${env.PUBLIC_ORIGIN}/d/${token}`, expires_at: expiresAt.toISOString() }, 201);
}

export const downloadRoutes = new Hono<AppEnv>()
  .post("/guides/:slug", grant)
  .post("/api/downloads", grant)
  .post("/guides/received/:token/mail", async (c) => {
    const token = c.req.param("token");
    const page = downloadPath(token, c.req.query("newsletter") !== undefined);
    await readForm(c, EmptyForm, page);
    await resendLink(token, new Date());
    return c.redirect(`${page}${page.includes("?") ? "&" : "?"}mailed=1`, 303);
  })
  .get("/d/:token", async (c) => {
    // Mail scanners and HEAD requests open links too; only a person's download is counted.
    const isCounted = c.req.method === "GET" && !isCrawler(c.req.header("user-agent"));
    return answerPdf(c, await redeemDownload(c.req.param("token"), new Date(), isCounted));
  });

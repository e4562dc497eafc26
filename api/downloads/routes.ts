import { Hono } from "hono";
import { z } from "zod";
import { isCrawler } from "#analytics/clicks/crawlers.ts";
import { EmptyForm } from "#api/forms/empty-form.ts";
import { inEach } from "#api/forms/fields.ts";
import { languageOf, readForm, readLocalisedForm } from "#api/forms/read-form.ts";
import { requestOrigin } from "#api/forms/request-origin.ts";
import { answerPdf } from "#api/guides/pdf-answer.ts";
import { type AppEnv, type AppContext, wantsJson } from "#api/http/context.ts";
import { forgetKept } from "#api/kept-pages/keep.ts";
import { env } from "#db/env.ts";
import { Gone } from "#db/errors.ts";
import type { Locale } from "#db/terms/locale.ts";
import { pathIn } from "#db/words/words.ts";
import { downloadPath } from "./download-page.ts";
import { type DownloadForm, downloadForms } from "./forms.ts";
import { grantDownload } from "./grant.ts";
import { redeemDownload } from "./redeem.ts";
import { resendLink } from "./resend-link.ts";

/** On a guide's own page the path names the guide, whatever the form contains. */
const formsOf = (slug: string | undefined): Record<Locale, z.ZodType<DownloadForm>> => {
  if (slug === undefined) return downloadForms;
  const guide = z
    .unknown()
    .default(slug)
    .transform(() => slug);
  return inEach((_say, language) => downloadForms[language].extend({ guide }));
};

/** What is no more to be had: the page that hands it out says so in its language, and to a program the problem does. */
async function orPage(c: AppContext, page: string, answer: () => Promise<Response>): Promise<Response> {
  try {
    return await answer();
  } catch (error) {
    if (!(error instanceof Gone) || wantsJson(c)) throw error;
    return c.get("show")(page, {}, 410);
  }
}

async function grant(c: AppContext) {
  const asJson = wantsJson(c);
  const slug = c.req.param("slug");
  const pageOf = (typed: Record<string, unknown>) =>
    pathIn(languageOf(typed), `/guides/${encodeURIComponent(slug ?? "")}`);
  const form = await readLocalisedForm(c, formsOf(slug), asJson ? undefined : pageOf);
  return orPage(c, pageOf(form), async () => {
    const { token, expiresAt } = await grantDownload(form, await requestOrigin(c, asJson ? "api" : "form", form));
    await forgetKept(form.key);
    if (!asJson) return c.redirect(downloadPath(token, form.newsletter), 303);
    return c.json({ link: `${env.PUBLIC_ORIGIN}/d/${token}`, expires_at: expiresAt.toISOString() }, 201);
  });
}

export const downloadRoutes = new Hono<AppEnv>()
  .post("/guides/:slug", grant)
  .post("/:locale{easy|en}/guides/:slug", grant)
  .post("/api/downloads", grant)
  .post("/guides/received/:token/mail", async (c) => {
    const token = c.req.param("token");
    const page = downloadPath(token, c.req.query("newsletter") !== undefined);
    await readForm(c, EmptyForm, page);
    return orPage(c, page, async () => {
      await resendLink(token, new Date());
      return c.redirect(`${page}${page.includes("?") ? "&" : "?"}mailed=1`, 303);
    });
  })
  .get("/d/:token", (c) => {
    const token = c.req.param("token");
    // Mail scanners open links too, often under a browser's name, and change nothing by it. Only where a browser says that it
    // goes to this page (Fetch Metadata) a person's download is counted.
    const isOpened = c.req.method === "GET" && c.req.header("sec-fetch-mode") === "navigate";
    const isAhead = c.req.header("sec-purpose") !== undefined;
    const isCounted = isOpened && !isAhead && !isCrawler(c.req.header("user-agent"));
    return orPage(c, downloadPath(token, false), async () =>
      answerPdf(c, await redeemDownload(token, new Date(), isCounted)),
    );
  });

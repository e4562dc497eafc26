import { Hono } from "hono";
import { isbot } from "isbot";
import { z } from "zod";
import { env } from "#db/env.ts";
import { arrivalOf } from "../arrival.ts";
import { type House, type HouseContext, wantsJson } from "../context.ts";
import { grantDownload, redeemDownload } from "../downloads.ts";
import { DownloadForm } from "../forms/downloads.ts";
import { mailLinkAgain } from "../link-mails.ts";
import { answerPdf } from "../pdf-answer.ts";
import { downloadPath } from "../receipts.ts";
import { submitted } from "../submit.ts";

async function grant(c: HouseContext) {
  const asJson = wantsJson(c);
  const slug = c.req.param("slug");
  // On a guide's own page the path says which one, whatever the form carries.
  const Form =
    slug === undefined
      ? DownloadForm
      : DownloadForm.extend({
          guide: z
            .unknown()
            .default(slug)
            .transform(() => slug),
        });
  const form = await submitted(c, Form, asJson ? undefined : `/guides/again/${encodeURIComponent(slug ?? "")}`);
  const granted = await grantDownload(
    { ...form, c: form.c ?? c.req.query("c") },
    arrivalOf(c, asJson ? "api" : "form", form),
  );
  if (!asJson) return c.redirect(downloadPath(granted.token, form.newsletter), 303);
  return c.json({ link: `${env.PUBLIC_ORIGIN}/d/${granted.token}`, expires_at: granted.expiresAt.toISOString() }, 201);
}

/** A button with nothing to fill in. */
const Nothing = z.object({});

export const downloads = new Hono<House>()
  .post("/guides/:slug", grant)
  .post("/api/downloads", grant)
  .post("/guides/received/:token/mail", async (c) => {
    const token = c.req.param("token");
    const page = downloadPath(token, c.req.query("newsletter") !== undefined);
    await submitted(c, Nothing, page);
    await mailLinkAgain(token, new Date());
    return c.redirect(`${page}${page.includes("?") ? "&" : "?"}mailed=1`, 303);
  })
  .get("/d/:token", async (c) => {
    // Scanners and HEAD requests look at links too; only a person's download is counted.
    const isCounted = c.req.method === "GET" && !isbot(c.req.header("user-agent"));
    return answerPdf(c, await redeemDownload(c.req.param("token"), new Date(), isCounted));
  });

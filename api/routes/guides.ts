import { Hono } from "hono";
import { type House, type HouseContext, staffOf } from "../context.ts";
import { GuideWords, NewGuide, NewVersion } from "../forms/guides.ts";
import { Press } from "../forms/newsletters.ts";
import { addGuide, editGuide, openVersion, publishVersion, putBackGuide, withdrawGuide } from "../guide-keeping.ts";
import { previewOf } from "../guides.ts";
import { isKnown } from "../answers.ts";
import { answerPdf } from "../pdf-answer.ts";
import { submitted } from "../submit.ts";

const pageOf = (c: HouseContext) => `/staff/guides/${encodeURIComponent(c.req.param("slug") ?? "")}`;
const back = (c: HouseContext, done: string) => c.redirect(`${pageOf(c)}?done=${done}`, 303);

export const guides = new Hono<House>()
  .get("/guides/:slug/preview.webp", async (c) => {
    const { content, mark } = await previewOf(c.req.param("slug"));
    const etag = `"${mark}"`;
    // The address names the picture; without its mark it may be another one tomorrow.
    const cache =
      c.req.query("v") === mark ? "public, max-age=31536000, immutable" : "public, max-age=0, must-revalidate";
    const headers = { "Content-Type": "image/webp", "Cache-Control": cache, ETag: etag };
    if (isKnown(c.req.header("if-none-match") ?? "", etag)) return c.body(null, 304, headers);
    return c.body(new Uint8Array(content), 200, { ...headers, "Content-Length": String(content.length) });
  })
  .post("/staff/guides", async (c) => {
    const slug = await addGuide(staffOf(c), await submitted(c, NewGuide, "/staff/guides/new"));
    return c.redirect(`/staff/guides/${slug}?done=added`, 303);
  })
  .post("/staff/guides/:slug", async (c) => {
    await editGuide(staffOf(c), c.req.param("slug"), await submitted(c, GuideWords, pageOf(c)));
    return back(c, "saved");
  })
  .post("/staff/guides/:slug/versions", async (c) => {
    const { file } = await submitted(c, NewVersion, pageOf(c));
    await publishVersion(staffOf(c), c.req.param("slug"), file);
    return back(c, "published");
  })
  .get("/staff/guides/:slug/versions/:version", async (c) =>
    answerPdf(c, await openVersion(staffOf(c), c.req.param("slug"), c.req.param("version"))),
  )
  .post("/staff/guides/:slug/withdrawal", async (c) => {
    await submitted(c, Press, pageOf(c));
    await withdrawGuide(staffOf(c), c.req.param("slug"));
    return back(c, "withdrawn");
  })
  .post("/staff/guides/:slug/return", async (c) => {
    await submitted(c, Press, pageOf(c));
    await putBackGuide(staffOf(c), c.req.param("slug"));
    return back(c, "returned");
  });

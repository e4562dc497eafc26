import { Hono } from "hono";
import { EmptyForm } from "#api/forms/empty-form.ts";
import { redirectWithNotice } from "#api/forms/notices.ts";
import { readForm } from "#api/forms/read-form.ts";
import { type AppEnv, type AppContext, requireStaff } from "#api/http/context.ts";
import { matchesEtag } from "#api/web/answers.ts";
import { previewOf } from "./catalogue.ts";
import { GuideWords, NewGuide, NewVersion } from "./forms.ts";
import { answerPdf } from "./pdf-answer.ts";
import { addGuide, editGuide, publishVersion, republishGuide, withdrawGuide } from "./publish.ts";
import { openVersion } from "./staff-guides.ts";

const pageOf = (c: AppContext) => `/staff/guides/${encodeURIComponent(c.req.param("slug") ?? "")}`;
const back = (c: AppContext, notice: string) => redirectWithNotice(c, pageOf(c), notice);

export const guideRoutes = new Hono<AppEnv>()
  .get("/guides/:slug/preview.webp", async (c) => {
    const { content, version } = await previewOf(c.req.param("slug"));
    const etag = `"${version}"`;
    // With its version the URL always means the same picture; without, it may be another one tomorrow.
    const cache =
      c.req.query("v") === version ? "public, max-age=31536000, immutable" : "public, max-age=0, must-revalidate";
    const headers = { "Content-Type": "image/webp", "Cache-Control": cache, ETag: etag };
    if (matchesEtag(c.req.header("if-none-match") ?? "", etag)) return c.body(null, 304, headers);
    return c.body(new Uint8Array(content), 200, { ...headers, "Content-Length": String(content.length) });
  })
  .post("/staff/guides", async (c) => {
    const slug = await addGuide(requireStaff(c), await readForm(c, NewGuide, "/staff/guides/new"));
    return redirectWithNotice(c, `/staff/guides/${slug}`, "added");
  })
  .post("/staff/guides/:slug", async (c) => {
    await editGuide(requireStaff(c), c.req.param("slug"), await readForm(c, GuideWords, pageOf(c)));
    return back(c, "saved");
  })
  .post("/staff/guides/:slug/versions", async (c) => {
    const { file } = await readForm(c, NewVersion, pageOf(c));
    await publishVersion(requireStaff(c), c.req.param("slug"), file);
    return back(c, "published");
  })
  .get("/staff/guides/:slug/versions/:version", async (c) =>
    answerPdf(c, await openVersion(requireStaff(c), c.req.param("slug"), c.req.param("version"))),
  )
  .post("/staff/guides/:slug/withdrawal", async (c) => {
    await readForm(c, EmptyForm, pageOf(c));
    await withdrawGuide(requireStaff(c), c.req.param("slug"));
    return back(c, "withdrawn");
  })
  .post("/staff/guides/:slug/return", async (c) => {
    await readForm(c, EmptyForm, pageOf(c));
    await republishGuide(requireStaff(c), c.req.param("slug"));
    return back(c, "returned");
  });

import { Hono } from "hono";
import { z } from "zod";
import { EmptyForm } from "#api/forms/empty-form.ts";
import { redirectWithNotice } from "#api/forms/notices.ts";
import { readForm } from "#api/forms/read-form.ts";
import { type AppEnv, requireStaff } from "#api/http/context.ts";
import { openLogo, removeLogo, saveLogo } from "./logo.ts";

const page = "/staff/settings/logo";
const LogoForm = z.strictObject({ file: z.instanceof(File, { error: "ロゴのファイルを選んでください。" }) });

export const logoRoutes = new Hono<AppEnv>()
  .post(page, async (c) => {
    const { file } = await readForm(c, LogoForm, page);
    await saveLogo(requireStaff(c), Buffer.from(await file.arrayBuffer()));
    return redirectWithNotice(c, page, "saved");
  })
  .post(`${page}/removal`, async (c) => {
    await readForm(c, EmptyForm, page);
    await removeLogo(requireStaff(c));
    return redirectWithNotice(c, page, "saved");
  })
  .get(`${page}/:id/logo.png`, async (c) => {
    const content = await openLogo(requireStaff(c), c.req.param("id"));
    return c.body(new Uint8Array(content), 200, {
      "Content-Type": "image/png",
      "Content-Length": String(content.length),
    });
  });

import { Hono } from "hono";
import { z } from "zod";
import { redirectWithNotice } from "#api/forms/notices.ts";
import { readForm } from "#api/forms/read-form.ts";
import { type AppEnv, requireStaff } from "#api/http/context.ts";
import { contentWords } from "#db/words/staff/content.ts";
import { exportContent, importContent } from "./transfer.ts";

const page = "/staff/content/file";
const FileForm = z.strictObject({ file: z.instanceof(File, { error: contentWords.noFile }) });

export const contentFileRoutes = new Hono<AppEnv>()
  .get("/staff/content/content.json", async (c) => {
    c.header("Content-Disposition", 'attachment; filename="content.json"');
    c.header("Content-Type", "application/json; charset=utf-8");
    return c.body(await exportContent(requireStaff(c)));
  })
  .post(page, async (c) => {
    const { file } = await readForm(c, FileForm, page);
    const { added } = await importContent(requireStaff(c), await file.text());
    return redirectWithNotice(c, page, added > 0 ? "imported" : "nothing_new");
  });

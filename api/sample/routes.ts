import { Hono } from "hono";
import { EmptyForm } from "#api/forms/empty-form.ts";
import { redirectWithNotice } from "#api/forms/notices.ts";
import { readForm } from "#api/forms/read-form.ts";
import { type AppEnv, requireStaff } from "#api/http/context.ts";
import { base } from "#api/settings/sections.ts";
import { removeSample } from "./remove.ts";

export const sampleRoutes = new Hono<AppEnv>().post(`${base}/sample`, async (c) => {
  await readForm(c, EmptyForm, `${base}/sample`);
  await removeSample(requireStaff(c));
  return redirectWithNotice(c, base, "sample_removed");
});

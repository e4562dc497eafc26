import { Hono } from "hono";
import { redirectWithNotice } from "#api/forms/notices.ts";
import { readForm } from "#api/forms/read-form.ts";
import { type AppEnv, requireStaff } from "#api/http/context.ts";
import { NoticesForm } from "./forms.ts";
import { chooseNotices } from "./settings.ts";

export const noticeRoutes = new Hono<AppEnv>().post("/staff/me/notices", async (c) => {
  const { kinds } = await readForm(c, NoticesForm, "/staff/me");
  await chooseNotices(requireStaff(c), kinds);
  return redirectWithNotice(c, "/staff/me", "notices");
});

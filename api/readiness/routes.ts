import { Hono } from "hono";
import { z } from "zod";
import { EmptyForm } from "#api/forms/empty-form.ts";
import { redirectWithNotice } from "#api/forms/notices.ts";
import { readForm } from "#api/forms/read-form.ts";
import { type AppEnv, requireStaff } from "#api/http/context.ts";
import { confirmations } from "#api/settings/changes.ts";
import { base } from "#api/settings/sections.ts";
import { settingsWords } from "#db/words/staff/settings.ts";
import { confirm, makeReal } from "./make-real.ts";

const ConfirmationForm = z.strictObject({ what: z.enum(confirmations, { error: settingsWords.reload }) });

export const readinessRoutes = new Hono<AppEnv>()
  .post(`${base}/confirmations`, async (c) => {
    const { what } = await readForm(c, ConfirmationForm, base);
    await confirm(requireStaff(c), what);
    return redirectWithNotice(c, base, "confirmed");
  })
  .post(`${base}/real`, async (c) => {
    await readForm(c, EmptyForm, `${base}/real`);
    await makeReal(requireStaff(c));
    return redirectWithNotice(c, base, "real");
  });

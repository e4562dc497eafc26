import { eq } from "drizzle-orm";
import { db } from "#db/client.ts";
import { promises } from "#db/schema/promises.ts";
import type { NounAccess } from "../matrix.ts";
import { freshCase } from "./cases.ts";

export const access: NounAccess = {
  table: `
                                         manager     coordinator peer        fundraiser  analyst     nobody
    GET /staff/cases/:id/hand-over       200/200/404 200/200/404 403/403/403 403/403/403 403/403/403 in/in/in
    POST /staff/cases/:id/hand-over      303/303/404 303/303/404 403/403/403 403/403/403 403/403/403 in/in/in
    POST /staff/cases/:id/take-over      303/303/404 303/303/404 403/403/403 403/403/403 403/403/403 in/in/in
  `,
  fill: async (path, whose, people) => {
    const isOwed = path.endsWith("/take-over");
    const id = await freshCase(whose, people, { isOwed });
    if (isOwed) await db.update(promises).set({ dueDay: "2026-01-05" }).where(eq(promises.caseId, id));
    return path.replace(":id", id);
  },
  forms: {
    "POST /staff/cases/:id/hand-over": ({ byRole }) => ({
      to: byRole.manager.id,
      note: "お願いします。",
      version: "1",
    }),
    "POST /staff/cases/:id/take-over": ({ colleague }) => ({ from: colleague.id }),
  },
};

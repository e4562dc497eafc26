import { randomUUID } from "node:crypto";
import { eq } from "drizzle-orm";
import { saveDraft } from "#api/drafts/save.ts";
import { db } from "#db/client.ts";
import { drafts } from "#db/schema/drafts.ts";
import type { NounAccess } from "../matrix.ts";

export const access: NounAccess = {
  table: `
                                manager  coordinator peer     fundraiser analyst  nobody
    GET /staff/drafts           200      200         200      200        200      in
    GET /staff/manual           200      200         200      200        200      in
    POST /staff/drafts          204      204         204      204        204      in
    POST /staff/drafts/:id/drop 303/-/404 404/-/404  404/-/404 404/-/404 404/-/404 in/-/in
  `,
  fill: async (path, whose, { byRole }) => {
    if (whose !== "own") return path.replace(":id", randomUUID());
    const form = `/staff/newsletters/${randomUUID()}`;
    await saveDraft(byRole.manager.id, { form, page: form, values: { body: "下書き" }, errors: {} });
    const [row] = await db.select({ id: drafts.id }).from(drafts).where(eq(drafts.form, form));
    return path.replace(":id", row?.id ?? "");
  },
  forms: {
    "POST /staff/drafts": () => ({ draft_form: "/staff/newsletters", draft_page: "/staff/newsletters/new", body: "…" }),
  },
};

import { randomUUID } from "node:crypto";
import { eq } from "drizzle-orm";
import { db } from "#db/client.ts";
import { firstOrNotFound } from "#db/errors.ts";
import { newId } from "#db/random/ids.ts";
import { guides, guideVersions } from "#db/schema/guides.ts";
import { samplePdf } from "../guides/pdfs.ts";
import type { NounAccess, Ownership } from "../matrix.ts";

export const access: NounAccess = {
  table: `
                                             manager     coordinator peer        fundraiser  analyst     nobody
    GET /staff/guides                        200         200         403         403         403         in
    GET /staff/guides/new                    200         200         403         403         403         in
    GET /staff/guides/:slug                  200/-/404   200/-/404   403/-/403   403/-/403   403/-/403   in/-/in
    POST /staff/guides                       303         303         403         403         403         in
    POST /staff/guides/:slug                 303/-/404   303/-/404   403/-/403   403/-/403   403/-/403   in/-/in
    POST /staff/guides/:slug/versions        303/-/404   303/-/404   403/-/403   403/-/403   403/-/403   in/-/in
    GET /staff/guides/:slug/versions/:version 200/-/404  200/-/404   403/-/403   403/-/403   403/-/403   in/-/in
    POST /staff/guides/:slug/withdrawal      303/-/404   303/-/404   403/-/403   403/-/403   403/-/403   in/-/in
    POST /staff/guides/:slug/return          303/-/404   303/-/404   403/-/403   403/-/403   403/-/403   in/-/in
  `,
  fill: async (path, whose) => path.replace(":slug", await freshGuide(whose, path)).replace(":version", "1"),
  forms: {
    "POST /staff/guides": () => ({ title: "資料", summary: "紹介", forWhom: "ご家族", file: samplePdf() }),
    "POST /staff/guides/:slug": () => ({ title: "資料", summary: "紹介", forWhom: "ご家族" }),
    "POST /staff/guides/:slug/versions": () => ({ file: samplePdf() }),
  },
};

/** A guide with the file of a bundled one; withdrawn where it shall be put back. */
async function freshGuide(whose: Ownership, path: string): Promise<string> {
  const slug = `g-${randomUUID()}`;
  if (whose === "unknown") return slug;
  await db.insert(guides).values({ slug, title: "資料", withdrawnAt: path.endsWith("/return") ? new Date() : null });
  const file = firstOrNotFound(
    await db.select().from(guideVersions).where(eq(guideVersions.guideSlug, "learning-in-hospital")),
  );
  await db.insert(guideVersions).values({ ...file, id: newId(), guideSlug: slug });
  return slug;
}

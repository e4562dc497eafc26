import { eq, max } from "drizzle-orm";
import { saveText } from "#api/words/change.ts";
import { db } from "#db/client.ts";
import { textChanges, textOverrides } from "#db/schema/texts.ts";
import type { NounAccess, People } from "../matrix.ts";

/** The number of the last change of the headline, replaced where it was not. */
async function replaced({ byRole }: People): Promise<string> {
  const read = () => db.select().from(textOverrides).where(eq(textOverrides.section, "landing-headline"));
  const [row] = await read();
  if (row) return String(row.changeId);
  await saveText(byRole.manager, { section: "landing-headline", locale: "ja", version: 0 }, `見出し ${Math.random()}`);
  return String((await read())[0]?.changeId);
}

const lastChange = async () => {
  const [row] = await db.select({ id: max(textChanges.id) }).from(textChanges);
  return String(row?.id);
};

export const access: NounAccess = {
  table: `
                                          manager     coordinator peer        fundraiser  analyst     nobody
    GET /staff/words                      200         403         403         403         403         in
    GET /staff/words/:id                  200/-/404   403/-/403   403/-/403   403/-/403   403/-/403   in/-/in
    POST /staff/words/:id/:locale         303/-/404   403/-/403   403/-/403   403/-/403   403/-/403   in/-/in
    POST /staff/words/:id/:locale/take-back 303/-/303 403/-/403   403/-/403   403/-/403   403/-/403   in/-/in
    POST /staff/words/:id/:locale/restore 303/-/404   403/-/403   403/-/403   403/-/403   403/-/403   in/-/in
    POST /staff/words/:id/:locale/keep    303/-/409   403/-/403   403/-/403   403/-/403   403/-/403   in/-/in
    POST /staff/words/:id/:locale/move    303/-/409   403/-/403   403/-/403   403/-/403   403/-/403   in/-/in
  `,
  fill: async (path, whose) =>
    path.replace(":id", whose === "own" ? "landing-headline" : "landing-unknown").replace(":locale", "ja"),
  forms: {
    "POST /staff/words/:id/:locale": async (people) => ({ body: "見出し", version: await replaced(people) }),
    "POST /staff/words/:id/:locale/take-back": async (people) => ({ version: await replaced(people) }),
    "POST /staff/words/:id/:locale/restore": async (people) => ({
      version: await replaced(people),
      change: await lastChange(),
    }),
    "POST /staff/words/:id/:locale/keep": async (people) => ({ version: await replaced(people) }),
    "POST /staff/words/:id/:locale/move": async (people) => ({ version: await replaced(people), to: "landing-lead" }),
  },
};

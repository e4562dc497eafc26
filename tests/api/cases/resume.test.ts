/** A case that ended, was taken up again and ended again is kept as long as the last end says. */

import { and, eq, isNull } from "drizzle-orm";
import { beforeAll, expect, test } from "vitest";
import { openCase } from "#api/cases/case.ts";
import { close, reopen } from "#api/cases/close.ts";
import { addMessage } from "#api/correspondence/correspondence.ts";
import { applyRetention } from "#api/privacy/retention.ts";
import { db } from "#db/client.ts";
import { cases, closures } from "#db/schema/cases.ts";
import { type Family, family, passOf } from "../correspondence/families.ts";
import { type Member, member } from "../requests.ts";

let manager: Member;
beforeAll(async () => {
  manager = await member("manager");
});

const versionOf = async (id: string) =>
  (await db.select({ version: cases.version }).from(cases).where(eq(cases.id, id)))[0]?.version ?? 0;
const closeAt = async (id: string, at: string) =>
  close(manager, id, { reason: "settled", version: await versionOf(id), owed: "not_needed" }, new Date(at));

const ways: [string, string | null, (who: Family, now: Date) => Promise<unknown>][] = [
  ["by staff", "manager", (who, now) => reopen(manager, who.caseId, now)],
  [
    "by the family's own words",
    null,
    async (who, now) => {
      const pass = await passOf(who);
      return addMessage({ pass, message: "また相談させてください。" }, { network: "10.9.9.9", now });
    },
  ],
];

test.each(ways)("closed in 2020, taken up again %s, closed in 2026: kept", async (_, by, takeUp) => {
  const who = await family();
  await closeAt(who.caseId, "2020-04-01T00:00:00Z");
  const again = new Date();
  await takeUp(who, again);
  const [first] = await db.select().from(closures).where(eq(closures.caseId, who.caseId));
  expect(first).toMatchObject({ reopenedAt: again, reopenedBy: by === null ? null : manager.id });
  await closeAt(who.caseId, "2026-11-13T00:00:00Z");
  expect(await applyRetention(new Date("2026-11-20T00:00:00Z"))).toMatchObject({ families: 0 });
  expect((await openCase(manager, who.caseId)).isErased).toBe(false);
  const open = await db
    .select()
    .from(closures)
    .where(and(eq(closures.caseId, who.caseId), isNull(closures.reopenedAt)));
  expect(open).toMatchObject([{ closedAt: new Date("2026-11-13T00:00:00Z") }]);
  expect(await applyRetention(new Date("2029-11-14T00:00:00Z"))).toMatchObject({ families: 1 });
});

/** The list of all cases: its filters, and its pages. */

import { sql } from "drizzle-orm";
import { beforeAll, describe, expect, test } from "vitest";
import { assign } from "#api/cases/assign.ts";
import { db } from "#db/client.ts";
import { get, type Member, member, receive, signIn } from "../requests.ts";

let me: Member;
let colleague: Member;
let cookie = "";
beforeAll(async () => {
  [me, colleague] = [await member("coordinator"), await member("coordinator")];
  cookie = await signIn(me);
});

describe("the list of all cases", () => {
  const show = async (query: string) => (await get(`/staff/cases${query}`, { cookie })).text();
  test("is filtered by state, holder, topic, asker and period", async () => {
    const { caseId, reference } = await receive({ topics: ["respite"], relation: "grandparent" });
    await assign(me, caseId, { staff_id: me.id });
    const queries: [string, boolean][] = [
      ["?state=open", true],
      ["?state=waiting", false],
      [`?holder=${me.id}`, true],
      [`?holder=${colleague.id}`, false],
      ["?holder=nobody", false],
      ["?topic=respite&relation=grandparent&period=7", true],
      ["?topic=facility", false],
      ["?relation=self", false],
    ];
    for (const [query, isListed] of queries)
      expect([query, (await show(query)).includes(reference)]).toEqual([query, isListed]);
    await db.execute(
      sql`update leads set received_at = received_at - interval '8 days' where reference = ${reference}`,
    );
    expect((await show("?period=7")).includes(reference)).toBe(false);
    expect((await show("?period=30")).includes(reference)).toBe(true);
  });

  test("finds what nobody holds, and what only somebody who left holds", async () => {
    const [{ reference: fresh }, { caseId, reference: left }] = [await receive(), await receive()];
    const leaver = await member("coordinator");
    await assign(me, caseId, { staff_id: leaver.id });
    const listed = async () => {
      const html = await show("?holder=nobody");
      return [fresh, left].map((reference) => html.includes(reference));
    };
    expect(await listed()).toEqual([true, false]);
    await db.execute(sql`update staff set disabled_at = now() where id = ${leaver.id}`);
    expect(await listed()).toEqual([true, true]);
  });

  test("keeps its filters in the link of each case", async () => {
    const { caseId } = await receive();
    await assign(me, caseId, { staff_id: me.id });
    const html = await show("?state=open&period=7");
    expect(html).toContain(`from=${encodeURIComponent("/staff/cases?state=open&period=7")}#now`);
  });
});

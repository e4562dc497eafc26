/** A database that takes connections and never answers: families' words come back to them all the same. */

import { eq, sql } from "drizzle-orm";
import { inject, test, expect, afterAll, beforeAll } from "vitest";
import { connectAsOwner, db, disconnect } from "#db/client.ts";
import { siblingUrl } from "#db/cluster/cluster.ts";
import { env } from "#db/env.ts";
import { leads } from "#db/schema/leads.ts";
import { organisation } from "#db/terms/organisation.ts";
import { words } from "../../site/built.ts";
import { postForm } from "../requests.ts";

const said = { message: "夜に眠れません。", reply_by: "none", consent: "true", key: "mwp0000f-0123456789abcdef" };

let owner: ReturnType<typeof connectAsOwner>;

beforeAll(async () => {
  const [row] = await db.execute<{ name: string }>(sql`select current_database() as name`);
  owner = connectAsOwner(siblingUrl(inject("clusterUrl"), row?.name ?? ""));
});

afterAll(async () => {
  await disconnect(owner);
});

/** Nobody gets at these tables while `during` runs. */
async function frozen(during: () => Promise<void>): Promise<void> {
  const before = env.FORM_WAIT_MS;
  env.FORM_WAIT_MS = 300;
  await owner.transaction(async (tx) => {
    await tx.execute(sql`lock table leads, rate_windows, lists in access exclusive mode`);
    await during();
  });
  env.FORM_WAIT_MS = before;
}

test("the form comes back with every word, the phone and its key; the next press is the same request", async () => {
  await frozen(async () => {
    const answer = await postForm("/consultation?send", said);
    const html = await answer.text();
    expect(answer.status).toBe(503);
    expect(html).toContain(said.message);
    expect(html).toContain(`value="${said.key}"`);
    expect(words(html)).toContain(organisation.phone);
    expect(answer.headers.get("content-security-policy")).toContain("frame-ancestors 'none'");
  });
  const [first, second] = [await postForm("/consultation?send", said), await postForm("/consultation?send", said)];
  expect([first.status, second.status]).toEqual([303, 303]);
  expect(second.headers.get("location")).toBe(first.headers.get("location"));
  expect(await db.select({ id: leads.id }).from(leads).where(eq(leads.kind, "consultation"))).toHaveLength(1);
});

test("what needs no database is not kept waiting", async () => {
  await frozen(async () => {
    expect((await postForm("/consultation/check", said)).status).toBe(200);
  });
});

/** A database that accepts connections and never answers (a timeout): the form is shown again with every word. */

import { eq, sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { connectAsOwner, db, disconnect } from "#db/client.ts";
import { env } from "#db/env.ts";
import { leads } from "#db/schema/leads.ts";
import { settings } from "#db/settings/settings.ts";
import { testDatabaseUrl } from "../../database.ts";
import { words } from "../../site/html.ts";
import { postForm } from "../requests.ts";

const fields = { message: "夜に眠れません。", reply_by: "none", consent: "true", key: "mwp0000f-0123456789abcdef" };

let owner: ReturnType<typeof connectAsOwner>;

beforeAll(async () => {
  owner = connectAsOwner(await testDatabaseUrl());
});

afterAll(async () => {
  await disconnect(owner);
});

/** Every statement on these tables waits for a lock while `during` runs. */
async function whileDatabaseHangs(during: () => Promise<void>): Promise<void> {
  const before = env.FORM_WAIT_MS;
  env.FORM_WAIT_MS = 300;
  await owner.transaction(async (tx) => {
    await tx.execute(sql`lock table leads, rate_windows, lists in access exclusive mode`);
    await during();
  });
  env.FORM_WAIT_MS = before;
}

test("the form comes back with every word, the phone and its key; the next press is the same request", async () => {
  await whileDatabaseHangs(async () => {
    const answer = await postForm("/consultation?send", fields);
    const html = await answer.text();
    expect(answer.status).toBe(503);
    expect(html).toContain(fields.message);
    expect(html).toContain(`value="${fields.key}"`);
    expect(words(html)).toContain(settings().phone);
    expect(answer.headers.get("content-security-policy")).toContain("frame-ancestors 'none'");
  });
  const [first, second] = [await postForm("/consultation?send", fields), await postForm("/consultation?send", fields)];
  expect([first.status, second.status]).toEqual([303, 303]);
  expect(second.headers.get("location")).toBe(first.headers.get("location"));
  expect(await db.select({ id: leads.id }).from(leads).where(eq(leads.kind, "consultation"))).toHaveLength(1);
});

test("what needs no database is not kept waiting", async () => {
  await whileDatabaseHangs(async () => {
    expect((await postForm("/consultation/check", fields)).status).toBe(200);
  });
});

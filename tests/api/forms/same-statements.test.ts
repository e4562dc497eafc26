/**
 * No timing side channel: whether an address or reference is known must not show in how long an answer takes.
 * Measured times would depend on the machine; what takes the time is the statements before the answer, so those
 * are compared.
 */

import { sql } from "drizzle-orm";
import { afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { connect, db, disconnect } from "#db/client.ts";
import { deliveries, mailCounts, subscribers, subscriptions, suppressions } from "#db/schema/mail.ts";
import { rateWindows } from "#db/schema/rate-limits.ts";
import { tokenForId } from "#db/vault/tokens.ts";
import { confirmSubscription } from "#emails/lists/subscriptions.ts";
import { unsubscribe } from "#emails/lists/unsubscribe.ts";
import { testDatabaseUrl } from "../../database.ts";
import { family, otherCode } from "../correspondence/families.ts";
import { postForm, postJson } from "../requests.ts";

let isRecording = false;
let statements: string[] = [];

beforeAll(async () => {
  const url = await testDatabaseUrl();
  await disconnect();
  // One connection: each answer's statements come in their order, and none waits for another's.
  connect(url, {
    pool: 1,
    onStatement: (statement) => {
      // NOTIFY is sent without waiting for its answer (emails/outbox/wake.ts).
      if (isRecording && !statement.includes("pg_notify")) statements.push(statement);
    },
  });
});

const email = "hana@example.jp";
const lists = ["news", "events"];
const guide = "learning-in-hospital";

beforeEach(async () => {
  for (const table of [deliveries, subscriptions, subscribers, suppressions, mailCounts, rateWindows])
    await db.delete(table);
});
afterEach(() => {
  isRecording = false;
});

/** The statements between a request and its answer, after one that warms everything up. */
async function statementsOf(
  asking: () => Promise<Response>,
): Promise<{ status: number; body: string; statements: string[] }> {
  statements = [];
  isRecording = true;
  const answer = await asking();
  const sent = statements;
  isRecording = false;
  return { status: answer.status, body: await answer.text(), statements: sent };
}

const subscribe = (slugs = lists) => postJson("/api/subscriptions", { email, lists: slugs, consent: true });

async function confirmAll() {
  for (const { id } of await db.select().from(subscriptions)) await confirmSubscription(tokenForId("confirm", id));
}

/** What an address may be to us when somebody types it. */
const past: Record<string, () => Promise<unknown>> = {
  unknown: async () => {},
  "asked just now": () => subscribe(),
  "asked for one of them": () => subscribe(["news"]),
  "a reader of both": async () => {
    await subscribe();
    await confirmAll();
  },
  "a reader of another list": async () => {
    await subscribe(["professionals"]);
    await confirmAll();
  },
  "somebody who left": async () => {
    await subscribe();
    await confirmAll();
    const [reader] = await db.select().from(subscribers);
    await unsubscribe(tokenForId("unsubscribe", reader?.id ?? ""));
  },
  "given a guide today": () => postJson("/api/downloads", { email, guide }),
  "given three mails today": async () => {
    for (const slug of [guide, "welcoming-a-child-with-illness"])
      await postJson("/api/downloads", { email, guide: slug });
    await db.execute(sql`insert into mail_counts select address, kind, 'other', counted_at from mail_counts limit 1`);
  },
};

const forms: Record<string, () => Promise<Response>> = {
  "the newsletter by a program": () => subscribe(),
  "the newsletter's page": () => postForm("/newsletter", { email, lists, consent: "true" }),
  "a guide with the newsletter box": () => postForm(`/guides/${guide}`, { email, newsletter: "true" }),
  "a guide alone": () => postForm(`/guides/${guide}`, { email }),
};

describe.each(Object.keys(forms))("%s", (form) => {
  const asking = forms[form] as () => Promise<Response>;

  test.each(Object.keys(past).slice(1))(
    "runs the same statements for an unknown address and for one that is %s",
    async (who) => {
      await asking();
      for (const table of [deliveries, subscriptions, subscribers, mailCounts]) await db.delete(table);
      const unknown = await statementsOf(asking);
      for (const table of [deliveries, subscriptions, subscribers, mailCounts]) await db.delete(table);
      await past[who]?.();
      const known = await statementsOf(asking);
      expect(known.statements).toEqual(unknown.statements);
      expect(known.status).toBe(unknown.status);
      expect(unknown.statements.filter((statement) => /^\s*insert/iu.test(statement)).length).toBeGreaterThan(2);
    },
  );
});

test("a wrong code costs the same statements whether or not the number exists", async () => {
  const who = await family();
  const tried = (reference: string, code: string) => () => postForm("/consultation/return", { reference, code });
  await tried("ZZZZ-2222", "x")();
  const nobody = await statementsOf(tried("ZZZZ-2222", who.code));
  const somebody = await statementsOf(tried(who.reference, otherCode(who.code)));
  expect([somebody.statements, somebody.status]).toEqual([nobody.statements, nobody.status]);
});

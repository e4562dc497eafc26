/** The description of the API says what the API does: each status can be had, each body is judged alike. */

import { eq } from "drizzle-orm";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { openapiDocument } from "#api/openapi.ts";
import { db, disconnect } from "#db/client.ts";
import { env } from "#db/env.ts";
import { guides } from "#db/schema/guides.ts";
import { ask, postForm, postJson } from "./requests.ts";

type Schema = Parameters<typeof z.fromJSONSchema>[0];
interface Described {
  description: string;
  headers?: Record<string, { required?: boolean }>;
  content: Record<string, { schema: Schema }>;
}
interface Operation {
  requestBody: { content: Record<string, { schema: Schema }> };
  responses: Record<string, Described>;
}

const document = JSON.parse(JSON.stringify(openapiDocument())) as { paths: Record<string, { post: Operation }> };
const operationOf = (path: string) => document.paths[path]?.post as Operation;
const takes = (path: string, type: string) => {
  const schema = z.fromJSONSchema(operationOf(path).requestBody.content[type]?.schema as Schema);
  return (body: unknown) => schema.safeParse(body).success;
};

let asked = 0;
const address = () => `reader-${++asked}@example.jp`;
const enough: Record<string, () => Record<string, unknown>> = {
  "/api/consultations": () => ({ message: "話を聞いてください。", reply_by: "none", consent: true }),
  "/api/downloads": () => ({ email: address(), guide: "learning-in-hospital" }),
  "/api/subscriptions": () => ({ email: address(), consent: true }),
};

/** An answer keeps what the document says of its status: kind of content, shape and headers. */
async function keeps(path: string, answer: Response): Promise<number> {
  const described = operationOf(path).responses[answer.status];
  expect([path, answer.status, described !== undefined]).toEqual([path, answer.status, true]);
  const [type = "", content] = Object.entries(described?.content ?? {})[0] ?? [];
  expect(answer.headers.get("content-type")).toBe(type);
  expect(z.fromJSONSchema(content?.schema as Schema).safeParse(await answer.json()).error).toBeUndefined();
  for (const name of Object.keys(described?.headers ?? {}))
    expect([name, answer.headers.has(name)]).toEqual([name, true]);
  return answer.status;
}

/** One request too many from one network. */
async function tooMany(path: string): Promise<Response> {
  const allowed = env.INTAKE_PER_MINUTE;
  env.INTAKE_PER_MINUTE = 1;
  let answer = await postJson(path, enough[path]?.(), { from: "192.0.2.1" });
  // The minute may turn between two.
  for (let i = 0; i < 5 && answer.status !== 429; i++)
    answer = await postJson(path, enough[path]?.(), { from: "192.0.2.1" });
  env.INTAKE_PER_MINUTE = allowed;
  return answer;
}

async function withdrawn(): Promise<Response> {
  const [guide] = await db.select({ slug: guides.slug }).from(guides).limit(1);
  const slug = guide?.slug ?? "";
  await db.update(guides).set({ withdrawnAt: new Date() }).where(eq(guides.slug, slug));
  const answer = await postJson("/api/downloads", { email: address(), guide: slug });
  await db.update(guides).set({ withdrawnAt: null }).where(eq(guides.slug, slug));
  return answer;
}

const provoked = new Map<string, number[]>();

test.each(Object.keys(document.paths))("%s answers as described", async (path) => {
  const body = enough[path]?.() ?? {};
  const headers = { "content-encoding": "gzip" };
  const answers = [
    await postJson(path, body),
    await postJson(path, { ...body, c: "c".repeat(70_000) }),
    await postJson(path, body, { headers }),
    await postJson(path, { odd: 1 }),
    await tooMany(path),
  ];
  if (path === "/api/downloads") {
    answers.push(await postJson(path, { email: address(), guide: "nothing" }), await withdrawn());
  }
  const statuses: number[] = [];
  for (const answer of answers) statuses.push(await keeps(path, answer));
  provoked.set(path, statuses);
  expect(new Set(statuses).size).toBe(statuses.length);
});

describe("a body is described as it is judged:", () => {
  const long = "あ".repeat(4001);
  test.each([
    ["/api/consultations", { message: "" }],
    ["/api/consultations", { message: " \u3000\n" }],
    ["/api/consultations", { message: "a" }],
    ["/api/consultations", { message: "👪".repeat(4000) }],
    ["/api/consultations", { message: long }],
    ["/api/consultations", { message: 5 }],
    ["/api/consultations", { reply_by: "fax" }],
    ["/api/consultations", { email: "hana" }],
    ["/api/consultations", { email: "hana@example.jp" }],
    ["/api/consultations", { consent: false }],
    ["/api/consultations", { consent: undefined }],
    ["/api/consultations", { topics: ["advice", "respite"] }],
    ["/api/consultations", { topics: ["advice", "nothing"] }],
    ["/api/consultations", { name: "あ".repeat(101) }],
    ["/api/consultations", { phone: "1".repeat(41) }],
    ["/api/consultations", { key: "k".repeat(201) }],
    ["/api/consultations", { c: "c".repeat(201) }],
    ["/api/consultations", { website: "w".repeat(2001) }],
    ["/api/consultations", { locale: "fr" }],
    ["/api/consultations", { asker: "nobody" }],
    ["/api/consultations", { odd: "1" }],
    ["/api/downloads", { email: undefined }],
    ["/api/downloads", { email: "hana" }],
    ["/api/downloads", { newsletter: true }],
    ["/api/downloads", { newsletter: "perhaps" }],
    ["/api/downloads", { guide: "g".repeat(101) }],
    ["/api/downloads", { guide: undefined }],
    ["/api/subscriptions", { consent: false }],
    ["/api/subscriptions", { lists: [] }],
    ["/api/subscriptions", { lists: ["news"] }],
    ["/api/subscriptions", { email: `${"a".repeat(250)}@example.jp` }],
  ])("%s %j", async (path, over) => {
    const body: Record<string, unknown> = JSON.parse(
      JSON.stringify({ ...enough[path]?.(), ...over }),
    ) as object as never;
    const answer = await postJson(path, body);
    expect(takes(path, "application/json")(body)).toBe(answer.status < 400);
  });

  test.each([
    [{ consent: "on" }, true],
    [{ consent: "true" }, true],
    [{ consent: "false" }, false],
    [{ consent: "perhaps" }, false],
  ])("of a form: %j", async (over, isTaken) => {
    const fields = { message: "a", reply_by: "none", ...over };
    const answer = await postForm("/api/consultations", fields);
    expect(answer.status < 400).toBe(isTaken);
    expect(takes("/api/consultations", "application/x-www-form-urlencoded")(fields)).toBe(isTaken);
  });

  test("whatever is put together: what the document takes is taken, and what it refuses is refused", async () => {
    const path = "/api/consultations";
    const described = takes(path, "application/json");
    const some = (...values: unknown[]) => fc.option(fc.constantFrom(...values), { nil: undefined });
    const bodies = fc.record({
      message: fc.oneof(
        fc.string({ minLength: 1, unit: fc.constantFrom("あ", "a", " ", "\n", "👪") }),
        fc.constant(null),
      ),
      reply_by: fc.constantFrom("none", "pigeon"),
      consent: fc.constantFrom(true, true, true, false),
      email: some("hana@example.jp", "hana", 5),
      name: some("花", "花".repeat(101), []),
      topics: some(["advice"], ["advice", "x"], 1),
      school_stage: some("high", "x"),
      municipality: some("33100", "other", "9999"),
      locale: some("en", "easy", "xx"),
    });
    await fc.assert(
      fc.asyncProperty(bodies, async (made) => {
        const body: unknown = JSON.parse(JSON.stringify(made));
        expect((await postJson(path, body)).status === 201).toBe(described(body));
      }),
      { numRuns: 200 },
    );
  });
});

test("another type of content is a 422 of `body`", async () => {
  for (const path of Object.keys(document.paths)) {
    const answer = await ask(path, { method: "POST", headers: { "content-type": "text/plain" }, body: "a" });
    expect(await keeps(path, answer)).toBe(422);
  }
});

test("with the database away each says 503, and nothing is described that cannot be had", async () => {
  await disconnect();
  for (const path of Object.keys(document.paths)) {
    const status = await keeps(path, await postJson(path, enough[path]?.()));
    const had = [...(provoked.get(path) ?? []), status].map(String).toSorted();
    expect([path, had]).toEqual([path, Object.keys(operationOf(path).responses).toSorted()]);
  }
});

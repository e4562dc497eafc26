import { randomUUID } from "node:crypto";
import { eq, sql } from "drizzle-orm";
import * as fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { openCase } from "#api/cases/case.ts";
import type { RequestOrigin } from "#api/forms/request-origin.ts";
import { addressOf, networkOf } from "#api/http/network.ts";
import { ConsultationForm } from "#api/intake/forms.ts";
import { foldPhone } from "#api/intake/phone-numbers.ts";
import { receiveConsultation } from "#api/intake/receive.ts";
import { deleteExpired } from "#api/privacy/retention.ts";
import { connectAsOwner, db, disconnect } from "#db/client.ts";
import { env } from "#db/env.ts";
import { clicks } from "#db/schema/attribution.ts";
import { leads } from "#db/schema/leads.ts";
import { tokenForId } from "#db/vault/tokens.ts";
import { ask, caseOf, everything, type Member, member, postForm, postJson, rowCounts } from "../requests.ts";

const path = "/api/consultations";
const least = { message: "話を聞いてください。", reply_by: "none", consent: true };

let manager: Member;
beforeAll(async () => {
  manager = await member("manager");
});

/** Rows that something added, by table. */
async function added(doing: () => Promise<unknown>): Promise<Record<string, number>> {
  const before = await rowCounts();
  await doing();
  const after = Object.entries(await rowCounts()).map(
    ([table, count]) => [table, count - (before[table] ?? 0)] as const,
  );
  return Object.fromEntries(after.filter(([, count]) => count !== 0));
}

/** What staff read of the request behind an answer. */
async function read(answer: Response) {
  const { reference } = (await answer.json()) as { reference: string };
  const [asked] = (await openCase(manager, await caseOf(reference))).consultations;
  return asked;
}

const leadOf = async (answer: Response) => {
  const { reference } = (await answer.json()) as { reference: string };
  const [lead] = await db.select().from(leads).where(eq(leads.reference, reference));
  return lead;
};

describe("an accepted request", () => {
  test("answers 201 with a reference and the day by which we answer, and nothing else", async () => {
    const answer = await postJson(path, least);
    expect(answer.status).toBe(201);
    expect(answer.headers.get("cache-control")).toBe("no-store");
    expect(await answer.json()).toEqual({
      reference: expect.stringMatching(/^[2-9A-HJ-NP-Z]{4}-[2-9A-HJ-NP-Z]{4}$/u),
      reply_by_date: expect.stringMatching(/^\d{4}-\d{2}-\d{2}$/u),
    });
  });

  test("writes lead, consultation, case, mails and trace together", async () => {
    const rows = { leads: 1, consultations: 1, cases: 1, rate_windows: 1, audit_events: 1 };
    const byMail = { ...least, reply_by: "email", email: "hana@example.jp" };
    expect(await added(() => postJson(path, byMail))).toEqual({ ...rows, deliveries: 2, mail_counts: 1, promises: 1 });
    expect(await added(() => postJson(path, least))).toEqual({ ...rows, deliveries: 1 });
  });

  test("leaves no words, name, address or number readable in any table", async () => {
    const told = {
      message: "カナリヤが夜の病室で鳴いています",
      name: "カナリヤ子",
      reply_by: "email",
      email: "Kanariya.Canary@example.jp",
      phone: "090-7777-0001",
      consent: true,
      key: `canary-${randomUUID()}`,
    };
    const answer = await postJson(path, told);
    expect(await read(answer.clone() as Response)).toMatchObject({
      message: told.message,
      contact: { name: told.name, email: told.email, phone: told.phone },
    });
    const stored = (await everything()).toLowerCase();
    expect(stored).toContain("receive");
    const secrets = [told.message, told.name, told.email, told.phone, "09077770001", told.key, "カナリヤ", "kanariya"];
    for (const secret of secrets) {
      const word = secret.toLowerCase();
      for (const form of [word, Buffer.from(secret).toString("hex"), Buffer.from(word).toString("hex")])
        expect(stored.includes(form), `${secret} as ${form}`).toBe(false);
    }
  });

  test("comes as a form just as well", async () => {
    const answer = await postForm(path, { ...least, consent: "on", topics: ["respite", "siblings"] });
    expect(answer.status).toBe(201);
    expect((await read(answer))?.topics).toEqual(["respite", "siblings"]);
  });

  const kept: [string, Record<string, unknown>, Record<string, unknown>][] = [
    ["4000 characters", { message: "あ".repeat(4000) }, { message: "あ".repeat(4000) }],
    ["4000 characters outside the first plane", { message: "𠮷".repeat(4000) }, { message: "𠮷".repeat(4000) }],
    ["line breaks counted once", { message: "あ\r\n".repeat(2000) }, { message: "あ\n".repeat(2000) }],
    ["tabs and joined emoji", { message: "\t👩‍👧‍👦" }, { message: "\t👩‍👧‍👦" }],
    ["a variant of a name", { name: "神\uFA19 か\u3099" }, { contact: { name: "神\uFA19 か\u3099" } }],
    ["one topic alone", { topics: "respite" }, { topics: ["respite"] }],
    ...(["a..b@docomo.ne.jp", "a.@ezweb.ne.jp", ".a@docomo.ne.jp", "Hana@Example.JP"].map(
      (email) => [email, { email }, { contact: { email } }] as [string, object, object],
    ) as [string, Record<string, unknown>, Record<string, unknown>][]),
    ["a full-width address", { email: " ｈａｎａ＠ｅｘａｍｐｌｅ．ｊｐ　" }, { contact: { email: "hana@example.jp" } }],
    [
      "a number as it was typed",
      { phone: "（０８６）０００ー００００" },
      { contact: { phone: "（０８６）０００ー００００" } },
    ],
  ];
  test.each(kept)("keeps %s", async (_, said, stored) => {
    const answer = await postJson(path, { ...least, ...said });
    expect(answer.status).toBe(201);
    expect(await read(answer)).toMatchObject(stored);
  });

  test("knows a number again however it was written", () => {
    const written = [
      "086-000-0000",
      "０８６（０００）００００",
      "086‐000‑0000",
      "086 — 000 − 0000",
      "086ー000ｰ0000",
      "086–000‒0000",
    ];
    expect(written.map(foldPhone)).toEqual(written.map(() => "0860000000"));
  });
});

describe("a refused request", () => {
  const secret = "ひみつのことば";
  const wrong: [string, unknown, string[]][] = [
    ["an unknown field", { ...least, surprise: 1, another: 2 }, ["surprise", "another"]],
    [
      "fields named like parts of the language",
      `{"message":"a","reply_by":"none","consent":true,"toString":1,"constructor":1,"__proto__":{"a":1}}`,
      ["toString", "constructor", "__proto__"],
    ],
    ["a number for words", { ...least, message: 5, name: ["a"] }, ["message", "name"]],
    ["null for words", { ...least, email: null }, ["email"]],
    ["a control character", { ...least, message: `${secret}\u0007`, name: `${secret}\u001b` }, ["message", "name"]],
    ["NUL", { ...least, message: `${secret}\0`, email: "a\0@example.jp" }, ["message", "email"]],
    ["half a character", { ...least, message: `${secret}\ud842`, name: "\udfb7" }, ["message", "name"]],
    ["4001 characters", { ...least, message: "あ".repeat(4001) }, ["message"]],
    ["nothing but spaces", { ...least, message: " 　\n" }, ["message"]],
    [
      "unknown codes",
      {
        ...least,
        reply_by: secret,
        relation: secret,
        school_stage: secret,
        municipality: secret,
        heard_from: secret,
        topics: ["respite", secret],
        locale: secret,
      },
      ["reply_by", "relation", "topics", "school_stage", "municipality", "heard_from", "locale"],
    ],
    ["no consent", { message: "a", reply_by: "none" }, ["consent"]],
    ["consent denied", { ...least, consent: false }, ["consent"]],
    ["an odd consent", { ...least, consent: secret }, ["consent"]],
    ["an answer by mail without an address", { ...least, reply_by: "email" }, ["email"]],
    ["an answer by phone without a number", { ...least, reply_by: "phone" }, ["phone"]],
    ["no address and no number", { ...least, email: secret, phone: "1234" }, ["email", "phone"]],
    ["an address with a comma", { ...least, email: "a@example.jp,b@example.jp" }, ["email"]],
    ["a key too long", { ...least, key: "k".repeat(201) }, ["key"]],
    ["nothing at all", {}, ["message", "reply_by", "consent"]],
    [
      "everything wrong at once",
      { message: "", reply_by: "email", phone: secret, topics: 5, odd: 1 },
      ["message", "email", "phone", "topics", "consent", "odd"],
    ],
    ["a list", [least], ["body"]],
    ["a word", `"${secret}"`, ["body"]],
    ["null", "null", ["body"]],
    ["broken JSON", `{"message":"${secret}`, ["body"]],
  ];
  test.each(wrong)("%s: 422 that names the fields and quotes nothing", async (_, body, fields) => {
    const rows = await added(async () => {
      const answer = await postJson(path, body);
      expect(answer.status).toBe(422);
      expect(answer.headers.get("content-type")).toBe("application/problem+json");
      const text = await answer.text();
      const { errors, ...problem } = JSON.parse(text) as { errors: Record<string, string> };
      expect(problem).toEqual({ type: "about:blank", title: "入力内容をご確認ください", status: 422 });
      expect(Object.keys(errors).toSorted()).toEqual(fields.toSorted());
      expect(text).not.toContain(secret);
    });
    expect(rows).toEqual({});
  });

  test.each(["text/plain", "application/xml", ""])("content of type %o: 422", async (type) => {
    const answer = await ask(path, { method: "POST", headers: { "content-type": type }, body: JSON.stringify(least) });
    expect(answer.status).toBe(422);
    expect(await answer.json()).toMatchObject({ errors: { body: expect.any(String) } });
  });

  test("a multipart body that is none, and a file where words belong: 422", async () => {
    const headers = { "content-type": "multipart/form-data; boundary=x" };
    const broken = await ask(path, { method: "POST", headers, body: "nonsense" });
    expect([broken.status, ((await broken.json()) as { errors: object }).errors]).toMatchObject([422, {}]);
    const form = new FormData();
    for (const [name, value] of Object.entries(least)) form.set(name, String(value));
    form.set("message", new Blob([secret]), "letter.txt");
    const withFile = await ask(path, { method: "POST", body: form });
    expect([withFile.status, Object.keys(((await withFile.json()) as { errors: object }).errors)]).toEqual([
      422,
      ["message"],
    ]);
  });

  const large = 64 * 1024 + 1;
  const streamed = (text: string) => new Blob([text]).stream();
  test.each([
    [
      "JSON",
      path,
      "application/json",
      "application/problem+json",
      JSON.stringify({ ...least, message: "a".repeat(large) }),
    ],
    [
      "a form",
      "/consultation",
      "application/x-www-form-urlencoded",
      "text/html; charset=utf-8",
      `message=${"a".repeat(large)}`,
    ],
  ])("%s over 64 KB: 413, whether or not it says how long it is", async (_, to, type, answered, body) => {
    for (const length of [{ "content-length": String(Buffer.byteLength(body)) }, {}]) {
      const headers = { "content-type": type, accept: "text/html", ...length };
      const init = { method: "POST", headers, body: streamed(body), duplex: "half" };
      const answer = await ask(to, init as RequestInit);
      expect([answer.status, answer.headers.get("content-type")]).toEqual([413, answered]);
      expect(await answer.text()).toContain("4000文字までに短くして");
    }
  });
});

describe("the same request again", () => {
  const key = () => ({ "idempotency-key": randomUUID() });

  test("gets the first answer and adds nothing, whatever order its fields are in", async () => {
    const headers = key();
    const first = await postJson(path, least, { headers });
    const rows = await added(async () => {
      const again = await postJson(path, Object.fromEntries(Object.entries(least).toReversed()), { headers });
      expect([again.status, await again.json()]).toEqual([201, await first.json()]);
    });
    expect(rows).toEqual({});
  });

  test("is known by the field as by the header, and whatever advertisement it carries", async () => {
    const headers = key();
    const first = await (await postJson(path, least, { headers })).json();
    const c = tokenForId("click", randomUUID());
    expect(await (await postJson(path, { ...least, key: headers["idempotency-key"], c })).json()).toEqual(first);
  });

  test("with other words under the same key is refused by the key's name", async () => {
    const headers = key();
    await postJson(path, least, { headers });
    const answer = await postJson(path, { ...least, message: "ちがう話" }, { headers });
    expect([answer.status, Object.keys(((await answer.json()) as { errors: object }).errors)]).toEqual([422, ["key"]]);
  });

  test("is a new one where the first was erased between the two statements of the answer", async () => {
    const headers = key();
    await postJson(path, least, { headers });
    const owner = connectAsOwner();
    // Runs at the end of the statement that finds the key used.
    await owner.execute(sql`
      create function forget_keys() returns trigger language plpgsql as
        $$ begin update leads set idempotency_hmac = null; return null; end $$`);
    await owner.execute(sql`create trigger erased after insert on leads execute function forget_keys()`);
    const rows = await added(async () => {
      const asking = postJson(path, least, { headers }).finally(() => owner.execute(sql`drop trigger erased on leads`));
      expect((await asking).status).toBe(201);
    });
    await disconnect(owner);
    expect(rows).toMatchObject({ cases: 1, consultations: 1, leads: 1 });
  });

  test("an empty key is no key", async () => {
    const rows = await added(async () => {
      await postJson(path, least, { headers: { "idempotency-key": "" } });
      await postJson(path, { ...least, message: "ちがう話", key: "" });
      await postJson(path, least);
    });
    expect(rows["leads"]).toBe(3);
  });

  test("a hundred at once make one request, one case and one receipt", async () => {
    const headers = key();
    const body = { ...least, reply_by: "email", email: "hana@example.jp" };
    const answers: Response[] = [];
    const rows = await added(async () => {
      answers.push(
        ...(await Promise.all(Array.from({ length: 100 }, () => postJson(path, body, { headers, from: "192.0.2.9" })))),
      );
    });
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 201));
    expect(new Set(await Promise.all(answers.map((answer) => answer.text()))).size).toBe(1);
    expect(rows).toEqual({
      leads: 1,
      consultations: 1,
      cases: 1,
      rate_windows: 1,
      audit_events: 1,
      deliveries: 2,
      mail_counts: 1,
      promises: 1,
    });
  });
});

describe("the allowance of a network", () => {
  const now = new Date("2026-11-20T03:04:50Z");
  const arrival = (over: Partial<RequestOrigin>): RequestOrigin => ({
    channel: "api",
    network: "198.51.100.1",
    key: undefined,
    now,
    ...over,
  });
  const form = ConsultationForm.parse(least);
  const usual = env.INTAKE_PER_MINUTE;

  test("ends with 429 and the seconds left, for that network and minute alone; repeats cost nothing", async () => {
    env.INTAKE_PER_MINUTE = 2;
    try {
      const first = arrival({ key: "allowance-1" });
      await receiveConsultation(form, first);
      for (let i = 0; i < 5; i++) await receiveConsultation(form, first);
      await receiveConsultation(form, arrival({}));
      const refused = await added(async () => {
        await expect(receiveConsultation(form, arrival({}))).rejects.toMatchObject({ name: "TooMany", retryAfter: 10 });
      });
      expect(refused).toEqual({});
      expect((await receiveConsultation(form, first)).fresh).toBe(false);
      expect((await receiveConsultation(form, arrival({ network: "198.51.100.2" }))).fresh).toBe(true);
      expect((await receiveConsultation(form, arrival({ now: new Date("2026-11-20T03:05:00Z") }))).fresh).toBe(true);
    } finally {
      env.INTAKE_PER_MINUTE = usual;
    }
  });

  test("is told to programs and to people, who keep what they typed; a wrong form costs nothing", async () => {
    env.INTAKE_PER_MINUTE = 1;
    try {
      const from = "203.0.113.5";
      for (let i = 0; i < 3; i++) expect((await postJson(path, {}, { from })).status).toBe(422);
      // Three within one moment are two minutes at most.
      const answers = await Promise.all([1, 2, 3].map(() => postJson(path, least, { from })));
      expect(answers.some(({ status }) => status === 201)).toBe(true);
      const refused = answers.find(({ status }) => status === 429);
      expect(Number(refused?.headers.get("retry-after"))).toBeGreaterThan(0);
      expect(refused?.headers.get("content-type")).toBe("application/problem+json");
      const typed = { message: "夜に書いています", reply_by: "none", consent: "true" };
      const pages = await Promise.all([1, 2].map(() => postForm("/consultation", typed, { from })));
      const page = pages.find(({ status }) => status === 429);
      expect(page?.headers.get("retry-after")).toMatch(/^\d+$/u);
      expect(await page?.text()).toContain(typed.message);
    } finally {
      env.INTAKE_PER_MINUTE = usual;
    }
  });

  test("is counted under a keyed hash and forgotten within a day", async () => {
    await receiveConsultation(form, arrival({ network: "198.51.100.77" }));
    expect(await everything()).not.toContain("198.51.100.77");
    await deleteExpired(new Date(now.getTime() + 86_400_000 + 60_000));
    const left = await rowCounts();
    await deleteExpired(new Date(now.getTime() + 400 * 86_400_000));
    expect([left["rate_windows"] === undefined, (await rowCounts())["rate_windows"]]).toEqual([false, undefined]);
  });
});

describe("the network of a request", () => {
  const group = fc.integer({ min: 0, max: 0xffff }).map((n) => n.toString(16));

  test("is the IPv4 address itself", () => {
    fc.assert(
      fc.property(fc.ipV4(), (address) => {
        expect(networkOf(address)).toBe(address);
      }),
    );
  });

  test("is the /64 of an IPv6 address, however it is written", () => {
    fc.assert(
      fc.property(
        fc.array(group, { minLength: 4, maxLength: 4 }),
        fc.array(group, { minLength: 4, maxLength: 4 }),
        (net, host) => {
          const expected = `${net.join(":")}::/64`;
          expect(networkOf([...net, ...host].join(":"))).toBe(expected);
          expect(networkOf([...net, ...host].map((part) => part.padStart(4, "0").toUpperCase()).join(":"))).toBe(
            expected,
          );
          expect(networkOf(`${net.join(":")}::${host[3]}`)).toBe(expected);
        },
      ),
    );
    expect(
      ["::1", "2001:db8::", "2001:db8:0:1::5", "::ffff:198.51.100.9", "::FFFF:198.51.100.9"].map((a) =>
        networkOf(addressOf(a, undefined)),
      ),
    ).toEqual(["0:0:0:0::/64", "2001:db8:0:0::/64", "2001:db8:0:1::/64", "198.51.100.9", "198.51.100.9"]);
  });

  test("never takes anything for an address that is none", () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(networkOf(text)).toMatch(/^(?:unknown|[\d.]+|[\da-f:]+\/64)$/u);
      }),
    );
  });

  test("ignores forwarded headers of anyone who is no trusted proxy", () => {
    fc.assert(
      fc.property(fc.ipV4(), fc.string(), (socket, header) => {
        expect(addressOf(socket, header)).toBe(socket);
      }),
    );
  });

  describe("behind proxies", () => {
    /** The module again, as it is in an installation with proxies. */
    async function behind(...proxies: string[]): Promise<{ addressOf: typeof addressOf }> {
      env.TRUSTED_PROXIES = proxies;
      try {
        return await import(new URL(`../../../api/http/network.ts?${proxies.join()}`, import.meta.url).href);
      } finally {
        env.TRUSTED_PROXIES = [];
      }
    }

    test("is the nearest address that no trusted proxy has, whatever stands further left", async () => {
      const proxied = await behind("10.0.0.0/8", "2001:db8:ffff::/48");
      const read = (socket: string, header?: string) => proxied.addressOf(socket, header);
      expect([
        read("10.0.0.1", "198.51.100.1"),
        read("::ffff:10.0.0.1", "1.1.1.1, 198.51.100.1, 10.9.9.9"),
        read("2001:db8:ffff::1", "2001:db8::5"),
        read("10.0.0.1", "198.51.100.1, nonsense"),
        read("198.51.100.1", "10.0.0.1"),
        read("10.0.0.1"),
      ]).toEqual(["198.51.100.1", "198.51.100.1", "2001:db8::5", "nonsense", "198.51.100.1", "10.0.0.1"]);
    });

    test.each(["proxy.example.jp", "10.0.0.0/99", "10.0.0.0/x", "10.0.0.0/"])(
      "%o stops the start with the variable's name",
      async (entry) => {
        await expect(behind(entry)).rejects.toThrow(`TRUSTED_PROXIES is not usable: "${entry}"`);
      },
    );
  });
});

describe("an advertisement's token", () => {
  test("ties the request to its click; a forged one, and one of a click long deleted, lose nothing", async () => {
    const [click] = await db.insert(clicks).values({ path: "/" }).returning();
    const id = click?.id ?? "";
    const real = await postJson(path, { ...least, c: tokenForId("click", id) });
    expect((await leadOf(real))?.clickId).toBe(id);
    const others = [tokenForId("click", randomUUID()), tokenForId("receipt", id), id, "x", "'; drop table leads --"];
    for (const c of others) {
      const answer = await postJson(path, { ...least, c });
      expect([answer.status, (await leadOf(answer))?.clickId]).toEqual([201, null]);
    }
  });

  test("is read from the form's own address as well", async () => {
    const [click] = await db.insert(clicks).values({ path: "/" }).returning();
    const answer = await postJson(`${path}?c=${tokenForId("click", click?.id ?? "")}`, least);
    expect((await leadOf(answer))?.clickId).toBe(click?.id);
  });
});

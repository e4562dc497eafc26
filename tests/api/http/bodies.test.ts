/** Words arrive as they were written, or they are not taken at all. */

import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { env } from "#db/env.ts";
import { followKept, ask, member, receive, refusedPage, rowCounts, signIn } from "../requests.ts";

const api = "/api/consultations";
const least = { message: "話を聞いてください。", reply_by: "none", consent: true };
const json = Buffer.from(JSON.stringify(least));
const urlencoded = "application/x-www-form-urlencoded";

/** One letter of Shift_JIS, cut-off UTF-8, a half of a pair, an overlong slash. */
const broken = ["\x82\xa0", "\xe8\xa9", "\xed\xa0\x80", "\xc0\xaf", "\xff"];
const latin1 = (text: string) => Buffer.from(text, "latin1");
const percent = (bytes: string) => [...latin1(bytes)].map((byte) => `%${byte.toString(16)}`).join("");

function post(path: string, body: Buffer | string, headers: Record<string, string>): Promise<Response> {
  return ask(path, { method: "POST", body: typeof body === "string" ? body : new Uint8Array(body), headers });
}

/** A body of several parts, byte by byte. */
function parts(fields: Record<string, string>, more = ""): { body: Buffer; type: string } {
  const written = Object.entries(fields).map(
    ([name, value]) => `--x1\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
  );
  return { body: latin1(`${written.join("")}${more}--x1--\r\n`), type: "multipart/form-data; boundary=x1" };
}

async function refusal(answer: Response): Promise<unknown> {
  const { errors = {}, detail } = (await answer.json()) as { errors?: object; detail?: string };
  return [answer.status, answer.headers.get("content-type"), Object.keys(errors), detail !== undefined];
}

/** Asks, and expects that nothing was stored. */
async function unstored(asking: () => Promise<unknown>): Promise<unknown> {
  const before = await rowCounts();
  const said = await asking();
  expect(await rowCounts()).toEqual(before);
  return said;
}

const problem = "application/problem+json";

describe("a body that is packed, or in other letters", () => {
  test.each(["gzip", "br", "deflate", "identity, gzip", "x"])(
    "Content-Encoding: %s is refused with 415",
    async (name) => {
      const headers = { "content-type": "application/json", "content-encoding": name };
      for (const body of [gzipSync(json), json])
        expect(await unstored(async () => refusal(await post(api, body, headers)))).toEqual([415, problem, [], true]);
    },
  );

  test.each([
    ["application/json; charset=utf-16", Buffer.from(json.toString(), "utf16le")],
    ["application/json; charset=Shift_JIS", json],
    ['application/json;charset="iso-8859-1"', json],
    [`${urlencoded}; charset=euc-jp`, "message=a&reply_by=none&consent=on"],
    ["multipart/form-data; boundary=x1; charset=utf-7", parts({ message: "a", reply_by: "none" }).body],
  ])("%s is refused with 415", async (type, body) => {
    const said = await unstored(async () => refusal(await post(api, body, { "content-type": type })));
    expect(said).toEqual([415, problem, [], true]);
  });

  test.each([
    ["application/json; charset=utf-8", "identity"],
    ["application/json; charset=UTF8", ""],
    ['application/json; charset="UTF-8"; v=1', " Identity "],
    ["application/json;charset=us-ascii", "identity"],
  ])("%s with the encoding %o is what everybody sends", async (type, encoding) => {
    const answer = await post(api, json, { "content-type": type, "content-encoding": encoding });
    expect(answer.status).toBe(201);
  });

  test("a browser is shown a page that says so", async () => {
    const headers = { "content-type": urlencoded, "content-encoding": "gzip", accept: "text/html" };
    const answer = await post("/consultation", gzipSync("message=a"), headers);
    expect([answer.status, answer.headers.get("content-type")]).toEqual([415, "text/html; charset=utf-8"]);
    expect(await answer.text()).toContain("圧縮せずに");
  });

  test("a stop is taken whatever its label says", async () => {
    const headers = { "content-type": `${urlencoded}; charset=iso-8859-1` };
    expect((await post("/u/nothing", "List-Unsubscribe=One-Click", headers)).status).not.toBe(415);
  });
});

describe("bytes that are no UTF-8", () => {
  test.each(broken)("%j in JSON: 422", async (bytes) => {
    const body = Buffer.concat([latin1('{"reply_by":"none","consent":true,"message":"'), latin1(`a${bytes}"}`)]);
    const said = await unstored(async () => refusal(await post(api, body, { "content-type": "application/json" })));
    expect(said).toEqual([422, problem, ["body"], false]);
  });

  test.each(broken)("%j in a form, as it is and behind percent signs: 422 at the field", async (bytes) => {
    for (const value of [bytes, percent(bytes), `%E8%A9%B1${percent(bytes)}+%zz`]) {
      const body = latin1(`message=${value}&name=%E3%81%82&reply_by=none&consent=on`);
      const said = await unstored(async () => refusal(await post(api, body, { "content-type": urlencoded })));
      expect(said).toEqual([422, problem, ["message"], false]);
    }
  });

  test.each(broken)("%j in parts: 422 at the field", async (bytes) => {
    const { body, type } = parts({ message: `a ${bytes}`, reply_by: "none", consent: "on" });
    const said = await unstored(async () => refusal(await post(api, body, { "content-type": type })));
    expect(said).toEqual([422, problem, ["message"], false]);
  });

  test("in one of several answers to a question", async () => {
    const body = latin1(`message=a&topics=advice&topics=${percent("\xff")}&reply_by=none&consent=on`);
    const said = await unstored(async () => refusal(await post(api, body, { "content-type": urlencoded })));
    expect(said).toEqual([422, problem, ["topics"], false]);
  });

  test("shows the form again with everything else, in its language", async () => {
    const body = latin1(`message=hello${percent("\xff")}&name=Hana&reply_by=none&consent=on&locale=en`);
    const headers = { "content-type": urlencoded, accept: "text/html", origin: env.PUBLIC_ORIGIN };
    const answer = await followKept(await post("/en/consultation", body, headers));
    const text = await answer.text();
    expect(answer.status).toBe(422);
    for (const words of ["Some characters could not be read", "hello\uFFFD", 'value="Hana"'])
      expect(text).toContain(words);
  });

  test("in a journal entry of staff are refused as well, beside a file too", async () => {
    const coordinator = await member("coordinator");
    const headers = { cookie: await signIn(coordinator), origin: env.PUBLIC_ORIGIN, accept: "text/html" };
    const { caseId } = await receive();
    const entry = latin1(`with=family&channel=phone&at=2026-11-27T10:00&what=${percent("\xff")}`);
    const noted = await post(`/staff/cases/${caseId}/entries`, entry, { ...headers, "content-type": urlencoded });
    expect(await refusedPage(noted, headers.cookie)).toContain("読み取れない文字が混ざっています");
    const file = `--x1\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\n\r\n%PDF-\xff\r\n`;
    const { body, type } = parts({ title: "a\xff", summary: "b", forWhom: "c" }, file);
    const added = await post("/staff/guides", body, { ...headers, "content-type": type });
    expect(await refusedPage(added, headers.cookie)).toContain("読み取れない文字が混ざっています");
  });
});

test("the sign for a lost letter, written by somebody, is a letter like any other", async () => {
  const sign = Buffer.from("\uFFFD");
  const forms: [Buffer | string, string][] = [
    [JSON.stringify({ ...least, message: "文字が\uFFFDになります" }), "application/json"],
    [`message=${encodeURIComponent("\uFFFD")}&reply_by=none&consent=on`, urlencoded],
    [latin1(`message=${sign.toString("latin1")}&reply_by=none&consent=on`), urlencoded],
    [`message=%&name=%E3%81%82%zz\u00e3&reply_by=none&consent=on`, urlencoded],
  ];
  const several = parts({ message: sign.toString("latin1"), reply_by: "none", consent: "on" });
  for (const [body, type] of [...forms, [several.body, several.type] as const])
    expect([(await post(api, body, { "content-type": type })).status, type]).toEqual([201, type]);
});

describe("a key of a request", () => {
  test.each([201, 7000])("of %i letters is refused by its name, in the header as in the form", async (length) => {
    const key = "k".repeat(length);
    for (const [path, body] of [
      [api, least],
      ["/api/downloads", { email: "a@example.jp", guide: "learning-in-hospital" }],
    ] as const)
      expect(
        await unstored(async () => [
          await refusal(
            await post(path, JSON.stringify(body), { "content-type": "application/json", "idempotency-key": key }),
          ),
          await refusal(await post(path, JSON.stringify({ ...body, key }), { "content-type": "application/json" })),
        ]),
      ).toEqual([
        [422, problem, ["key"], false],
        [422, problem, ["key"], false],
      ]);
  });

  test.each(["k", "k".repeat(200), '"quoted"', "caf\u00e9 1, 2"])("%j makes the second the first", async (key) => {
    const headers = { "content-type": "application/json", "idempotency-key": key };
    const answers = [await post(api, json, headers), await post(api, json, headers)];
    expect(answers.map(({ status }) => status)).toEqual([201, 201]);
    const [first, second] = await Promise.all(answers.map((answer) => answer.json()));
    expect(second).toEqual(first);
  });
});

import { randomUUID } from "node:crypto";
import { createServer, request as httpRequest, Agent, type IncomingHttpHeaders, type Server } from "node:http";
import { brotliDecompressSync, gunzipSync } from "node:zlib";
import { getRequestListener } from "@hono/node-server";
import { eq } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { appendClickToken } from "#api/pages/personalise.ts";
import { connect, db, disconnect } from "#db/client.ts";
import { env } from "#db/env.ts";
import { clicks } from "#db/schema/attribution.ts";
import { settings } from "#db/settings/settings.ts";
import { idFromToken, tokenForId } from "#db/vault/tokens.ts";
import { refusingDatabase, testDatabaseUrl } from "../../database.ts";
import { elements, words } from "../../site/html.ts";
import { furigana, pages as stored } from "../../site/stored.ts";
import { app, ask, type Fields, get, member, postForm, postJson, signIn } from "../requests.ts";

/** The stored pages as they read now, by address. */
const pages = new Map([...stored].filter(([path]) => !path.includes("?")));
/** Pages without a key of the visitor's own in them: the same for everybody. */
const common = [...pages.keys()].filter(
  (path) => !pages.get(path)?.includes("__FORM_KEY__") && !/^\/(?:404|500)$/u.test(path),
);
const sheet = elements(pages.get("/") ?? "", "link").find(({ rel }) => rel === "stylesheet")?.["href"];
const asset = sheet ?? "/icon.svg";

interface Raw {
  status: number;
  headers: IncomingHttpHeaders;
  body: Buffer;
}

describe("over a real connection", () => {
  let server: Server;
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  beforeAll(async () => {
    server = createServer(getRequestListener(app.fetch));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  });
  afterAll(() => {
    agent.destroy();
    server.closeAllConnections();
    server.close();
  });

  function fetchRaw(
    path: string,
    headers: Record<string, string> = {},
    method = "GET",
    body: string[] = [],
  ): Promise<Raw> {
    const { port } = server.address() as { port: number };
    return new Promise((resolve, reject) => {
      const asked = httpRequest({ port, host: "127.0.0.1", path, method, headers, agent }, (answer) => {
        const parts: Buffer[] = [];
        answer.on("data", (part: Buffer) => parts.push(part));
        answer.on("end", () =>
          resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body: Buffer.concat(parts) }),
        );
      });
      asked.on("error", reject);
      for (const part of body) asked.write(part);
      asked.end();
    });
  }

  const opened: Record<string, (body: Buffer) => Buffer> = {
    br: brotliDecompressSync,
    gzip: gunzipSync,
    identity: (body) => body,
  };

  test.each(Object.keys(opened))(
    "every page arrives whole as %s, says its length, and HEAD says the same",
    async (encoding) => {
      for (const path of [...common, "/consultation", "/staff/sign-in", "/nothing"]) {
        const headers = { "accept-encoding": encoding };
        const got = await fetchRaw(path, headers);
        const html = opened[encoding]?.(got.body).toString();
        expect([path, got.headers["content-encoding"] ?? "identity", html?.trimEnd().endsWith("</html>")]).toEqual([
          path,
          encoding,
          true,
        ]);
        expect([path, Number(got.headers["content-length"])]).toEqual([path, got.body.length]);
        expect(got.headers.vary).toContain("Accept-Encoding");
        const shown = path.startsWith("/easy") ? furigana.get(path) : pages.get(path);
        if (common.includes(path)) expect(html).toBe(shown);
        const head = await fetchRaw(path, headers, "HEAD");
        expect([path, head.status, head.body.length, head.headers.etag, head.headers["content-type"]]).toEqual([
          path,
          got.status,
          0,
          got.headers.etag,
          got.headers["content-type"],
        ]);
        if (common.includes(path)) expect(head.headers["content-length"]).toBe(got.headers["content-length"]);
      }
    },
  );

  test("one connection carries pages, refusals and forms one after the other", async () => {
    const form = { "content-type": "application/x-www-form-urlencoded", accept: "text/html" };
    const statuses: number[] = [];
    for (let i = 0; i < 3; i++) {
      statuses.push((await fetchRaw("/", { "accept-encoding": "br" })).status);
      statuses.push((await fetchRaw("/consultation", form, "POST", ["message="])).status);
      statuses.push((await fetchRaw("/nothing")).status);
    }
    expect(statuses).toEqual([200, 303, 404, 200, 303, 404, 200, 303, 404]);
  });

  test("a body in pieces that says no length is counted, and refused beyond 64 KB", async () => {
    const piece = "a".repeat(16 * 1024);
    const json = { "content-type": "application/json", "transfer-encoding": "chunked" };
    expect((await fetchRaw("/api/consultations", json, "POST", Array<string>(5).fill(piece))).status).toBe(413);
    const small = JSON.stringify({ message: "a", reply_by: "none", consent: true });
    expect((await fetchRaw("/api/consultations", json, "POST", [...small])).status).toBe(201);
  });

  test("the counters are for this machine alone", async () => {
    const text = (await fetchRaw("/metrics")).body.toString();
    expect(text).toMatch(/^komichi_deliveries\{state="queued"\} \d+$/mu);
    expect(text).toMatch(/^komichi_leads_total\{kind="consultation"\} [1-9]\d*$/mu);
    for (const header of ["x-forwarded-for", "forwarded", "x-real-ip", "cf-connecting-ip", "via"])
      expect([header, (await fetchRaw("/metrics", { [header]: "198.51.100.1" })).status]).toEqual([header, 404]);
    for (const [from, status] of [
      ["127.0.0.1", 200],
      ["::1", 200],
      ["::ffff:127.0.0.1", 200],
      ["198.51.100.1", 404],
      ["10.127.0.1", 404],
      ["2001:db8::127.0.0.1", 404],
    ] as const)
      expect([from, (await ask("/metrics", {}, from)).status]).toEqual([from, status]);
  });
});

describe("a page seen before", () => {
  test("is not sent again while it is the same", async () => {
    for (const path of ["/", asset, "/icon.svg"]) {
      const first = await get(path);
      const etag = first.headers.get("etag") ?? "";
      expect(etag).toMatch(/^(?:W\/)?"[\w-]{22}"$/u);
      const bare = etag.replace(/^W\//u, "");
      for (const said of [etag, bare, `W/${bare}`, `"other", ${bare}`, "*"]) {
        const again = await get(path, { headers: { "if-none-match": said } });
        expect([said, again.status, (await again.arrayBuffer()).byteLength]).toEqual([said, 304, 0]);
        expect(again.headers.get("etag")).toBe(etag);
      }
      for (const said of ['"other"', bare.replaceAll('"', ""), `${bare}x`])
        expect((await get(path, { headers: { "if-none-match": said } })).status).toBe(200);
    }
  });

  test("is asked for again each time, files named after their content never", async () => {
    const cache = async (path: string) => (await get(path)).headers.get("cache-control");
    expect(await cache("/")).toBe("public, max-age=0, must-revalidate");
    // Kept for the back button alone, so that what was typed is still there.
    expect(await cache("/consultation")).toBe("private, no-cache");
    if (sheet !== undefined) expect(await cache(sheet)).toBe("public, max-age=31536000, immutable");
  });

  test.each([
    ["br, gzip", "br"],
    ["gzip, deflate", "gzip"],
    ["br;q=0, gzip", "gzip"],
    ["br;q=0, gzip;q=0", null],
    ["identity", null],
    ["zebra", null],
  ])("Accept-Encoding %j gets %j", async (accepted, encoding) => {
    for (const path of ["/", "/consultation"]) {
      const answer = await get(path, { headers: { "accept-encoding": accepted } });
      expect([path, answer.headers.get("content-encoding")]).toEqual([path, encoding]);
    }
  });
});

describe("every kind of answer", () => {
  const form: Fields = { message: "a", reply_by: "none", consent: "true" };
  const kinds: [string, number, () => Promise<Response>][] = [
    ["a page", 200, () => get("/")],
    ["a page made for one visitor", 200, () => get("/consultation")],
    ["a stylesheet or picture", 200, () => get(asset)],
    [
      "not changed",
      304,
      async () => get("/", { headers: { "if-none-match": (await get("/")).headers.get("etag") ?? "" } }),
    ],
    ["no page", 404, () => get("/nothing", { headers: { accept: "text/html" } })],
    ["no interface", 404, () => get("/api/nothing")],
    ["the wrong verb", 405, () => ask("/", { method: "DELETE" })],
    [
      "too large",
      413,
      () => ask("/consultation", { method: "POST", headers: { "content-length": "70000" }, body: "x" }),
    ],
    ["a wrong form", 422, () => postForm("/consultation", {})],
    ["wrong JSON", 422, () => postJson("/api/consultations", {})],
    ["cross-site", 403, () => postForm("/consultation", form, { headers: { "sec-fetch-site": "cross-site" } })],
    ["accepted", 303, () => postForm("/consultation", form)],
    ["accepted JSON", 201, () => postJson("/api/consultations", { ...form, consent: true })],
    ["the sign-in", 200, () => get("/staff/sign-in")],
    ["the way to it", 303, () => get("/staff")],
    ["an invitation that is none", 404, () => get("/staff/invitations/x")],
    ["alive", 200, () => get("/healthz")],
    ["ready", 200, () => get("/readyz")],
    ["the description", 200, () => get("/api/openapi.json")],
    ["a link that is none", 404, () => get("/d/x")],
  ];
  test.each(kinds)("%s (%i) has the headers that protect", async (_, status, answering) => {
    const answer = await answering();
    const { headers } = answer;
    expect(answer.status).toBe(status);
    const policy = headers.get("content-security-policy") ?? "";
    expect(policy).toMatch(/default-src '(?:none|self)'/u);
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toMatch(/unsafe-inline|unsafe-eval|https?:|\*/u);
    expect(headers.get("x-content-type-options")).toBe("nosniff");
    expect(headers.get("referrer-policy")).toMatch(/^(?:no-referrer|same-origin)$/u);
    expect(headers.get("cross-origin-opener-policy")).toBe("same-origin");
    expect(headers.get("cross-origin-resource-policy")).toBe("same-origin");
    expect(headers.get("permissions-policy")).toContain("camera=()");
    expect(headers.get("cache-control")).toMatch(/no-store|must-revalidate|immutable|^private, no-cache$/u);
    expect(headers.get("x-request-id")).toMatch(/^[\da-f-]{36}$/u);
    expect(headers.get("x-powered-by") ?? headers.get("server")).toBeNull();
  });

  test("no public page sets a cookie or keeps anything of a visitor", async () => {
    for (const path of [
      ...pages.keys(),
      "/consultation?lost",
      "/problem",
      "/newsletter",
      "/?gclid=cookie",
      "/u/x",
      "/d/x",
      "/newsletter/confirm/x",
      "/newsletter/preferences/x",
    ]) {
      const answer = await get(path, { headers: { cookie: "a=b" } });
      expect([path, answer.headers.getSetCookie()]).toEqual([path, []]);
      expect(answer.status).toBeLessThan(500);
    }
  });

  test.each([
    "/%",
    "/%ff",
    "/%E3%81",
    "/%00",
    "/a%2fb",
    "/..%2f..%2fetc%2fpasswd",
    "/index.html",
    "/consultation.html",
    "/consultation//",
    "//consultation/",
    "/icon.svg//",
    "//",
    "//evil.example",
    "/__FORM_KEY__",
    `/${"a".repeat(5000)}`,
  ])("%s is no page, and no error", async (path) => {
    expect((await get(path)).status).toBe(404);
  });
});

describe("a landing from an advertisement", () => {
  const advertisement = "cid=1&gid=2&tid=kwd-3&kw=%E7%99%82%E9%A4%8A&mt=e";
  const hrefs = (html: string) => elements(html, "a").map(({ href = "" }) => href);
  const tokenOf = (link: string) => /[?&](?:amp;)?c=([\w-]+)/u.exec(link)?.[1];

  test("carries one token through every internal link and form, and through nothing else", async () => {
    const before = hrefs(pages.get("/") ?? "");
    const html = await (await get(`/?${advertisement}`)).text();
    const after = hrefs(html);
    const tokens = new Set(after.map(tokenOf).filter((token) => token !== undefined));
    expect(tokens.size).toBe(1);
    const [token = ""] = tokens;
    const [click] = await db
      .select()
      .from(clicks)
      .where(eq(clicks.id, idFromToken("click", token) ?? randomUUID()));
    expect(click).toMatchObject({ keyword: "療養", campaignId: "1", path: "/", crawler: false });
    expect(after).toEqual(before.map((href) => (href.startsWith("/") ? appendClickToken(href, token) : href)));
    expect(before.some((href) => href.startsWith("tel:")) && before.some((href) => href.startsWith("/"))).toBe(true);
    const rest = (page: string) => elements(page, "link", "img", "script", "source");
    expect(rest(html)).toEqual(rest(pages.get("/") ?? ""));
    expect(html.replaceAll(/(?:\?|&amp;)c=[\w-]{43}/gu, "")).toBe(pages.get("/"));
  });

  test.each([
    ["/a", "/a?c=t"],
    ["/a?x=1&amp;y=2", "/a?x=1&amp;y=2&amp;c=t"],
    ["/a#part", "/a?c=t#part"],
    ["/a?x=1#part#other", "/a?x=1&amp;c=t#part#other"],
    ["/", "/?c=t"],
  ])("%s becomes %s", (link, carried) => {
    expect(appendClickToken(link, "t")).toBe(carried);
  });

  test("the token goes on from page to page into the form, forged ones end at once", async () => {
    const token = tokenForId("click", randomUUID());
    for (const path of ["/", "/guides", "/consultation", "/nothing"]) {
      const carrying = await (await get(`${path}?c=${token}`, { headers: { accept: "text/html" } })).text();
      const links = hrefs(carrying).filter((href) => href.startsWith("/"));
      if (path !== "/nothing") expect([path, links.every((href) => tokenOf(href) === token)]).toEqual([path, true]);
      for (const forged of [`${token.slice(0, -3)}AAA`, tokenForId("receipt", randomUUID()), '"><script>', "x"])
        expect(await (await get(`${path}?c=${encodeURIComponent(forged)}`)).text()).not.toContain("?c=");
    }
    const page = await (await get(`/consultation?c=${token}`)).text();
    expect(elements(page, "form").map(({ action }) => action)).toEqual([`/consultation/check?c=${token}`]);
  });

  test("pictures and stylesheets stay what they are, and are no landing", async () => {
    const count = () => db.$count(clicks);
    const before = await count();
    for (const path of [asset, "/icon.svg", "/robots.txt"]) {
      const plain = await (await get(path)).text();
      const carried = await get(`${path}?${advertisement}&c=${tokenForId("click", randomUUID())}`);
      expect([path, carried.status, (await carried.text()) === plain]).toEqual([path, 200, true]);
    }
    for (const path of ["/api/nothing", "/staff/nothing"]) await get(`${path}?${advertisement}`);
    // A personal link with such parameters behind it: its token must not be stored as where somebody landed.
    for (const path of ["/u/x", "/newsletter/confirm/x", "/consultation/receipt/x", "/guides/received/x"])
      await get(`${path}?${advertisement}`);
    expect(await count()).toBe(before);
  });

  test("a look ahead (HEAD) and a crawler leave no visit", async () => {
    const people = () => db.$count(clicks, eq(clicks.crawler, false));
    const before = await people();
    await get(`/?${advertisement}`, { method: "HEAD" });
    const crawled = await get(`/?${advertisement}`, {
      headers: { "user-agent": "AdsBot-Google (+http://www.google.com/adsbot.html)" },
    });
    expect(await crawled.text()).not.toContain("?c=");
    expect(await people()).toBe(before);
  });
});

describe("while the database is away", () => {
  let url = "";
  beforeAll(async () => {
    url = await testDatabaseUrl();
    await disconnect();
    connect(refusingDatabase);
  });
  afterAll(async () => {
    await disconnect();
    connect(url);
  });

  test("every public page still answers, from an advertisement too", async () => {
    for (const path of pages.keys()) {
      const answer = await get(`${path}?gclid=away`);
      expect([path, answer.status]).toEqual([path, path === "/404" || path === "/500" ? 404 : 200]);
      expect(await answer.text()).not.toContain("?c=");
    }
    expect((await get("/healthz")).status).toBe(200);
    expect((await get("/readyz")).status).toBe(503);
  });

  test("a form is answered with the phone and all that was typed, however often it is sent", async () => {
    const typed = {
      message: "夜に書いています",
      reply_by: "phone",
      phone: "086-000-0000",
      name: "はな",
      consent: "true",
    };
    for (let i = 0; i < 20; i++) {
      const answer = await postForm("/consultation", typed);
      const html = await answer.text();
      expect(answer.status).toBe(503);
      expect(html).toContain("夜に書いています</textarea>");
      expect(words(html)).toContain(settings().phone);
      const kept = elements(html, "input")
        .filter((tag) => "checked" in tag || tag["name"] === "name")
        .map(({ value }) => value);
      expect(kept).toEqual(["phone", "はな", "true"]);
    }
  });

  test("programs and staff are told without details", async () => {
    const program = await postJson("/api/consultations", { message: "ひみつ", reply_by: "none", consent: true });
    const text = await program.text();
    expect([program.status, program.headers.get("content-type")]).toEqual([503, "application/problem+json"]);
    expect(text).not.toMatch(/ひみつ|insert|127\.0\.0\.1|ECONN/u);
    const page = await get("/staff", { cookie: "__Host-komichi.session_token=x.y", headers: { accept: "text/html" } });
    expect([303, 503]).toContain(page.status);
    expect(await page.text()).not.toContain("書いた内容");
  });

  test("and when it is back, so is everything", async () => {
    await disconnect();
    connect(url);
    expect((await get("/readyz")).status).toBe(200);
    expect((await postJson("/api/consultations", { message: "a", reply_by: "none", consent: true })).status).toBe(201);
  });
});

describe("the description of the interface", () => {
  interface Operation {
    requestBody: {
      content: Record<
        string,
        { schema: { required?: string[]; properties: Record<string, object>; additionalProperties?: boolean } }
      >;
    };
    responses: Record<string, { content?: object }>;
  }

  test("names each path, its fields, those it cannot do without, and its answers", async () => {
    const document = (await (await get("/api/openapi.json")).json()) as {
      openapi: string;
      servers: object;
      paths: Record<string, { post: Operation }>;
    };
    expect([document.openapi, document.servers]).toEqual(["3.1.0", [{ url: env.PUBLIC_ORIGIN }]]);
    const told = Object.entries(document.paths).map(([path, { post }]) => {
      const { schema } = post.requestBody.content["application/json"] ?? { schema: { properties: {} } };
      return [path, schema.required?.toSorted(), Object.keys(post.responses), schema.additionalProperties];
    });
    expect(told).toEqual([
      ["/api/consultations", ["consent", "message", "reply_by"], ["201", "413", "415", "422", "429", "503"], false],
      ["/api/downloads", ["email", "guide"], ["201", "404", "410", "413", "415", "422", "429", "503"], false],
      ["/api/subscriptions", ["consent", "email"], ["202", "413", "415", "422", "429", "503"], false],
    ]);
    for (const { post } of Object.values(document.paths))
      for (const { schema } of Object.values(post.requestBody.content))
        for (const field of Object.values(schema.properties)) expect(Object.keys(field)).not.toEqual([]);
  });

  test("what it calls enough is enough, and every path is there", async () => {
    const enough = {
      "/api/consultations": { message: "a", reply_by: "none", consent: true },
      "/api/downloads": { email: "a@example.jp", guide: "learning-in-hospital" },
      "/api/subscriptions": { email: "a@example.jp", consent: true },
    };
    const statuses: Record<string, number> = {};
    for (const [path, body] of Object.entries(enough)) statuses[path] = (await postJson(path, body)).status;
    expect(statuses).toEqual({ "/api/consultations": 201, "/api/downloads": 201, "/api/subscriptions": 202 });
  });
});

test("staff pages are kept by nobody on the way", async () => {
  const cookie = await signIn(await member("manager"));
  for (const path of ["/staff", "/staff/people", "/staff/keywords.csv"])
    expect((await get(path, { cookie })).headers.get("cache-control")).toBe("no-store");
});

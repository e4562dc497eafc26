/** A known address asked in a way it does not know: 405, with the ways that it does. */

import { describe, expect, test } from "vitest";
import { env } from "#db/env.ts";
import { app, ask, get, member, signIn } from "../requests.ts";

const others = ["PUT", "PATCH", "DELETE", "QUERY"];
const told = (answer: Response) => [answer.status, answer.headers.get("allow")];
const read = "GET, HEAD, OPTIONS";
const write = "OPTIONS, POST";
const both = "GET, HEAD, OPTIONS, POST";

describe("of the public site and the interfaces", () => {
  test.each([
    ["/", read],
    ["/about", read],
    ["/og.png", read],
    ["/healthz", read],
    ["/sitemap.xml", read],
    ["/api/openapi.json", read],
    ["/d/nothing", read],
    ["/newsletter/feed.xml", read],
    ["/consultation", both],
    ["/en/consultation", both],
    ["/newsletter", both],
    ["/en/newsletter", both],
    ["/easy/guides/learning-in-hospital", both],
    ["/guides/learning-in-hospital", both],
    ["/u/nothing", both],
    ["/newsletter/confirm/nothing", both],
    ["/consultation/receipt/nothing", both],
    ["/api/consultations", write],
    ["/api/downloads", write],
    ["/api/subscriptions", write],
    ["/u/nothing/reason", write],
  ])("%s allows %s", async (path, allowed) => {
    const methods = [...others, "GET", "HEAD", "POST"].filter((method) => !allowed.split(", ").includes(method));
    for (const method of methods)
      expect([method, ...told(await get(path, { method }))]).toEqual([method, 405, allowed]);
    const options = await get(path, { method: "OPTIONS" });
    expect([...told(options), await options.text()]).toEqual([204, allowed, ""]);
  });

  test("every route is among them, by its own method", async () => {
    const routes = app.routes.filter(({ method, path }) => method !== "ALL" && !/\*|^\/staff|^\/api\/auth/u.test(path));
    expect(routes.length).toBeGreaterThan(20);
    for (const { method, path } of routes) {
      const address = path.replaceAll(/:locale\{.*?\}/gu, "en").replaceAll(/:\w+/gu, "x");
      const [status, allowed] = told(await get(address, { method: "DELETE" }));
      expect([address, status, String(allowed).split(", ").includes(method)]).toEqual([address, 405, true]);
    }
  });

  test.each(["/nothing", "/api", "/api/nothing", "/consultation/x/y", "/about/x", "/landing/school", "/u/%00"])(
    "%s is nowhere, whatever is asked of it",
    async (path) => {
      for (const method of [...others, "GET", "HEAD", "POST", "OPTIONS"])
        expect([method, ...told(await get(path, { method }))]).toEqual([method, 404, null]);
    },
  );

  test("a program is told by a problem, a person by a page", async () => {
    const program = await get("/api/consultations");
    expect(program.headers.get("content-type")).toBe("application/problem+json");
    expect(await program.json()).toMatchObject({ status: 405, title: "この開き方はできません" });
    const person = await get("/u/nothing/reason", { headers: { accept: "text/html" } });
    expect([person.status, person.headers.get("content-type")]).toEqual([405, "text/html; charset=utf-8"]);
    expect(await person.text()).toContain("この開き方はできません");
  });

  test("another site's browser is refused before it learns anything", async () => {
    const answer = await ask("/consultation", { method: "PUT", headers: { origin: "https://example.com" } });
    expect(told(answer)).toEqual([403, null]);
  });
});

describe("of the staff area", () => {
  const ours = { origin: env.PUBLIC_ORIGIN };

  test.each(["/staff", "/staff/people", "/staff/cases/x/entries", "/staff/mail/x/resend", "/staff/nothing"])(
    "%s tells a stranger the way to the sign-in, and nothing else",
    async (path) => {
      for (const method of [...others, "GET", "HEAD", "OPTIONS"]) {
        const answer = await get(path, { method, headers: ours });
        expect([method, ...told(answer)]).toEqual([method, 303, null]);
        expect(answer.headers.get("location")).toMatch(/^\/staff\/sign-in/u);
      }
      // A form's words are handed back on the page for signing in, whether there is such a form or not.
      const posted = told(await get(path, { method: "POST", headers: ours }));
      expect(posted).toEqual([path === "/staff" ? 303 : 401, null]);
    },
  );

  test("a way round the guard tells nothing", async () => {
    for (const path of ["/staff/people%0a", "/staff/cases/%00/state", "//staff/people", "/Staff/people"])
      for (const method of ["PUT", "OPTIONS", "GET"]) {
        const [status, allowed] = told(await get(path, { method, headers: ours }));
        expect([path, method, [303, 404].includes(Number(status)), allowed]).toEqual([path, method, true, null]);
      }
  });

  test("somebody signed in is told", async () => {
    const sent = { cookie: await signIn(await member("manager")), headers: ours };
    const of = async (path: string, method: string) => told(await get(path, { ...sent, method }));
    expect(await of("/staff/people", "PUT")).toEqual([405, both]);
    expect(await of("/staff/people", "OPTIONS")).toEqual([204, both]);
    expect(await of("/staff/mail", "DELETE")).toEqual([405, read]);
    expect(await of("/staff/cases/x/entries", "GET")).toEqual([405, write]);
    expect(await of("/staff/keywords.csv", "POST")).toEqual([405, read]);
    expect(await of("/staff/nothing", "PUT")).toEqual([404, null]);
  });
});

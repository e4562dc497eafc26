/** Who may what: every route and page of the staff area, asked by every role and by nobody. */

import { randomUUID } from "node:crypto";
import { readdirSync } from "node:fs";
import { eq } from "drizzle-orm";
import { beforeAll, expect, test } from "vitest";
import { db } from "#db/client.ts";
import { firstOrNotFound } from "#db/errors.ts";
import { newId } from "#db/random/ids.ts";
import { assignments, cases } from "#db/schema/cases.ts";
import { guides, guideVersions } from "#db/schema/guides.ts";
import { deliveries } from "#db/schema/mail.ts";
import { invitations } from "#db/schema/staff.ts";
import { codes } from "#db/terms/codes.ts";
import { role } from "#db/terms/staff.ts";
import { hashToken, idFromToken, tokenForId } from "#db/vault/vault.ts";
import { createNewsletter } from "#emails/newsletters/newsletters.ts";
import { messageIdFor } from "#emails/outbox/outbox.ts";
import { samplePdf } from "./guides/pdfs.ts";
import { app, ask, type Fields, get, type Member, member, postForm, receive, signIn } from "./requests.ts";

const askers = [...codes(role), "nobody"] as const;
type Asker = (typeof askers)[number];

/** Statuses in the order of `askers`; "in" is the way to the sign-in (401 where it hands a text back), a slash parts own / foreign / unknown. */
const table = `
                                               manager     coordinator peer        fundraiser  analyst     nobody
  GET /staff                                   200         200         200         303         303         in
  GET /staff/cases/:id                         200/200/404 200/200/404 200/404/404 403/403/403 403/403/403 in/in/in
  POST /staff/cases/:id/state                  303/303/404 303/303/404 403/403/403 403/403/403 403/403/403 in/in/in
  POST /staff/cases/:id/assignments            303/303/404 303/303/404 403/403/403 403/403/403 403/403/403 in/in/in
  POST /staff/cases/:id/assignments/end        303/303/404 303/303/404 403/403/403 403/403/403 403/403/403 in/in/in
  POST /staff/cases/:id/entries                303/303/404 303/303/404 303/404/404 403/403/403 403/403/403 in/in/in
  POST /staff/cases/:id/closures               303/303/404 303/303/404 403/403/403 403/403/403 403/403/403 in/in/in
  POST /staff/cases/:id/reopen                 303/303/404 303/303/404 403/403/403 403/403/403 403/403/403 in/in/in
  POST /staff/cases/:id/replies                303/303/404 303/303/404 403/403/403 403/403/403 403/403/403 in/in/in
  POST /staff/cases/:id/receipt-code           200/200/404 200/200/404 403/403/403 403/403/403 403/403/403 in/in/in
  GET /staff/mail                              200         200         403         200         403         in
  POST /staff/mail/:id/resend                  303/303/404 303/303/404 403/403/403 303/404/404 403/403/403 in/in/in
  GET /staff/newsletters                       200         403         403         200         403         in
  GET /staff/newsletters/new                   200         403         403         200         403         in
  GET /staff/newsletters/:id                   200/-/404   403/-/403   403/-/403   200/-/404   403/-/403   in/-/in
  GET /staff/newsletters/:id/send              200/-/404   403/-/403   403/-/403   200/-/404   403/-/403   in/-/in
  POST /staff/newsletters                      303         403         403         303         403         in
  POST /staff/newsletters/:id                  303/-/404   403/-/403   403/-/403   303/-/404   403/-/403   in/-/in
  POST /staff/newsletters/:id/test             303/-/404   403/-/403   403/-/403   303/-/404   403/-/403   in/-/in
  POST /staff/newsletters/:id/send             409/-/404   403/-/403   403/-/403   409/-/404   403/-/403   in/-/in
  POST /staff/newsletters/:id/resend           409/-/404   403/-/403   403/-/403   409/-/404   403/-/403   in/-/in
  GET /staff/guides                            200         200         403         403         403         in
  GET /staff/guides/new                        200         200         403         403         403         in
  GET /staff/guides/:slug                      200/-/404   200/-/404   403/-/403   403/-/403   403/-/403   in/-/in
  POST /staff/guides                           303         303         403         403         403         in
  POST /staff/guides/:slug                     303/-/404   303/-/404   403/-/403   403/-/403   403/-/403   in/-/in
  POST /staff/guides/:slug/versions            303/-/404   303/-/404   403/-/403   403/-/403   403/-/403   in/-/in
  GET /staff/guides/:slug/versions/:version    200/-/404   200/-/404   403/-/403   403/-/403   403/-/403   in/-/in
  POST /staff/guides/:slug/withdrawal          303/-/404   303/-/404   403/-/403   403/-/403   403/-/403   in/-/in
  POST /staff/guides/:slug/return              303/-/404   303/-/404   403/-/403   403/-/403   403/-/403   in/-/in
  GET /staff/keywords                          200         403         403         403         200         in
  GET /staff/keywords.csv                      200         403         403         403         200         in
  GET /staff/people                            200         403         403         403         403         in
  POST /staff/people                           303         403         403         403         403         in
  POST /staff/people/disable                   303         403         403         403         403         in
  POST /staff/people/invitations/:id/revocation 303/-/404  403/-/403   403/-/403   403/-/403   403/-/403   in/-/in
  GET /staff/sign-in                           200         200         200         200         200         200
  POST /staff/sign-in                          422         422         422         422         422         422
  GET /staff/sign-in/code                      200         200         200         200         200         200
  POST /staff/sign-in/code                     422         422         422         422         422         422
  GET /staff/invitations/:token                200/-/404   200/-/404   200/-/404   200/-/404   200/-/404   200/-/404
  POST /staff/invitations/:token               303/-/404   303/-/404   303/-/404   303/-/404   303/-/404   303/-/404
  GET /staff/problem                           404         404         404         404         404         in
  GET /staff/two-factor                        303         303         303         303         303         in
  POST /staff/two-factor                       422         422         422         422         422         in
  POST /staff/sign-out                         303         303         303         303         303         in
`;

/** Route → for each asker, for each thing asked about, the answer. */
const expected = new Map(
  table
    .trim()
    .split("\n")
    .slice(1)
    .map((line) => {
      const [method, path, ...cells] = line.trim().split(/\s+/u);
      return [`${method} ${path}`, cells.map((cell) => cell.split("/"))] as const;
    }),
);

type Whose = "own" | "foreign" | "unknown";

const cookies = new Map<Asker, string>();
const people = {} as Record<(typeof askers)[0], Member>;
let helper: Member;

beforeAll(async () => {
  for (const code of codes(role)) {
    people[code] = await member(code);
    cookies.set(code, await signIn(people[code]));
  }
  helper = await member("coordinator");
});

/** A case that the peer works on, or that only somebody else does. */
async function freshCase(whose: Whose, isClosed: boolean): Promise<string> {
  if (whose === "unknown") return randomUUID();
  const { caseId } = await receive();
  for (const staffId of whose === "own" ? [helper.id, people.peer.id] : [helper.id])
    await db.insert(assignments).values({ caseId, staffId, assignedBy: helper.id });
  if (isClosed) await db.update(cases).set({ state: "closed" }).where(eq(cases.id, caseId));
  return caseId;
}

async function freshInvitation(whose: Whose): Promise<string> {
  const id = newId();
  const token = tokenForId("invitation", id);
  const row = { id, email: `${id}@example.jp`, role: "analyst" as const, tokenHash: hashToken(token) };
  if (whose === "own") await db.insert(invitations).values({ ...row, expiresAt: new Date(Date.now() + 60_000) });
  return token;
}

async function freshUncertain(whose: Whose): Promise<string> {
  const id = newId();
  const kind = whose === "own" ? "confirmation" : "staff_notice"; // a reader's mail, or the work's
  const row = { id, kind, lane: "transactional", state: "uncertain", messageId: messageIdFor(id) } as const;
  if (whose !== "unknown") await db.insert(deliveries).values(row);
  return id;
}

/** A guide of its own, withdrawn where it shall be put back. */
async function freshGuide(whose: Whose, path: string): Promise<string> {
  const slug = `g-${randomUUID()}`;
  if (whose === "unknown") return slug;
  await db.insert(guides).values({ slug, title: "資料", withdrawnAt: path.endsWith("/return") ? new Date() : null });
  const file = firstOrNotFound(
    await db.select().from(guideVersions).where(eq(guideVersions.guideSlug, "learning-in-hospital")),
  );
  await db.insert(guideVersions).values({ ...file, id: newId(), guideSlug: slug });
  return slug;
}

async function freshVictim(): Promise<string> {
  return (await member("analyst")).email;
}

/** The path with something real, foreign or unknown in it. */
async function pathOf(route: string, whose: Whose): Promise<string> {
  const path = route.split(" ")[1] ?? "";
  if (path.startsWith("/staff/cases/")) return path.replace(":id", await freshCase(whose, path.endsWith("/reopen")));
  if (path.startsWith("/staff/mail/")) return path.replace(":id", await freshUncertain(whose));
  if (path.startsWith("/staff/newsletters/:id")) {
    const draft = { subject: "号", body: "本文" };
    return path.replace(":id", whose === "own" ? await createNewsletter(people.manager, draft) : randomUUID());
  }
  if (path.startsWith("/staff/guides/"))
    return path.replace(":slug", await freshGuide(whose, path)).replace(":version", "1");
  if (path.includes("/invitations/:id"))
    return path.replace(":id", idFromToken("invitation", await freshInvitation(whose)) ?? "");
  return path.replace(":token", await freshInvitation(whose));
}

/** What a right form of this route holds. */
async function rightForm(route: string): Promise<Fields> {
  const forms: Record<string, Fields | (() => Promise<Fields>)> = {
    "/state": { state: "waiting", version: "1" },
    "/assignments": { staff_id: people.manager.id },
    "/assignments/end": { staff_id: helper.id },
    "/entries": {
      happened_at: "2026-11-20T14:30",
      channel: "phone",
      from_party: "staff",
      to_party: "family",
      what: "話した。",
    },
    "/replies": { reply: "お返事です。" },
    "/receipt-code": { checked: "true" },
    "/closures": { reason: "settled", version: "1" },
    "/staff/newsletters": { subject: "件名", body: "本文" },
    "/staff/newsletters/:id": { subject: "件名", body: "本文", version: "1" },
    "/send": { version: "1" },
    "/staff/guides": { title: "資料", summary: "紹介", forWhom: "ご家族", file: samplePdf() },
    "/staff/guides/:slug": { title: "資料", summary: "紹介", forWhom: "ご家族" },
    "/versions": { file: samplePdf() },
    "/staff/people": { email: `${randomUUID()}@example.jp`, role: "analyst" },
    "/staff/people/disable": async () => ({ email: await freshVictim() }),
    "/staff/sign-in": { email: "nobody@example.jp", password: "not the password" },
    "/code": { code: "000000" },
    "/two-factor": { code: "000000" },
    "/staff/invitations/:token": { name: "見本", password: "long enough to be a sentence" },
  };
  const path = route.split(" ")[1] ?? "";
  const [, form = {}] =
    Object.entries(forms).find(([end]) => path === end || (!end.startsWith("/staff") && path.endsWith(end))) ?? [];
  return typeof form === "function" ? form() : form;
}

function send(route: string, path: string, asker: Asker, fields: Fields): Promise<Response> {
  const cookie = cookies.get(asker);
  return route.startsWith("GET ")
    ? get(path, { cookie, headers: { accept: "text/html" } })
    : postForm(path, fields, { cookie });
}

const said = (answer: Response) =>
  answer.status === 401 ||
  (answer.status === 303 &&
    answer.headers.get("location")?.startsWith("/staff/sign-in") &&
    answer.headers.getSetCookie().length === 0)
    ? "in"
    : String(answer.status);

const whoseIs = (at: number, of: number): Whose =>
  of === 1 ? "own" : ((["own", "foreign", "unknown"] as const)[at] ?? "unknown");
const routes = [...expected.keys()];

test("the table speaks of every route and page there is, and of no other", () => {
  const written = app.routes.filter(({ method, path }) => method !== "ALL" && path.startsWith("/staff"));
  const folder = new URL("../../site/pages", import.meta.url);
  const pages = readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((file) => file.startsWith("staff") && file.endsWith(".astro"))
    .map((file) => `GET /${file.replace(/(?:\/index)?\.astro$/u, "").replaceAll(/\[(\w+)\]/gu, ":$1")}`);
  const there = new Set([...written.map(({ method, path }) => `${method} ${path}`), ...pages]);
  expect(routes.toSorted()).toEqual([...there].toSorted());
  for (const cells of expected.values()) expect(cells).toHaveLength(askers.length);
});

test.each(routes)("%s answers each role as the table says", async (route) => {
  const cells = expected.get(route) ?? [];
  const got: string[] = [];
  for (const [who, asker] of askers.entries()) {
    const wanted = cells[who] ?? [];
    const statuses: string[] = [];
    for (const [at, cell] of wanted.entries()) {
      const path = await pathOf(route, whoseIs(at, wanted.length));
      statuses.push(cell === "-" ? "-" : said(await send(route, path, asker, await rightForm(route))));
    }
    got.push(statuses.join("/"));
    if (route === "POST /staff/sign-out" && asker !== "nobody") cookies.set(asker, await signIn(people[asker]));
  }
  expect(got).toEqual(cells.map((cell) => cell.join("/")));
});

const posts = routes.filter((route) => route.startsWith("POST ") && route !== "POST /staff/sign-out");
test.each(posts)("%s with a wrong form opens no more doors, and breaks at none", async (route) => {
  for (const [who, asker] of askers.entries()) {
    const wanted = expected.get(route)?.[who] ?? [];
    for (const [at, cell] of wanted.entries()) {
      if (cell === "-") continue;
      const whose = whoseIs(at, wanted.length);
      const answered = said(await send(route, await pathOf(route, whose), asker, { odd: "1" }));
      const isOpen = /^(?:303|409|422)$/u.test(cell);
      const fitting = isOpen ? ["422"] : cell === "in" ? ["in"] : [cell, "404", "422"];
      expect(fitting, `${asker}, ${whose}`).toContain(answered);
    }
  }
});

test.each(routes.filter((route) => route.includes(":")))(
  "%s: an id that can be none is as absent as any other",
  async (route) => {
    for (const asker of askers) {
      for (const id of ["x", "%00", "..%2f..%2fpeople", "' or 1=1 --", "00000000-0000-0000-0000-00000000000g"]) {
        const path = (route.split(" ")[1] ?? "").replace(/:\w+/u, encodeURI(id));
        const answer = await send(route, path, asker, await rightForm(route));
        expect(["404", "403", "in"], `${asker} ${path}`).toContain(said(answer));
      }
    }
  },
);

test.each([
  ...["//staff/people", "/staff/people/", "/Staff/people", "/%73taff/people", "/%2573taff/people", "/staff%2Fpeople"],
  ...[
    "///staff/people",
    "/staff//people",
    "/staff/./people",
    "/x/../staff/people",
    "/staff/sign-in/../people",
    "/staff/people?x=/staff/sign-in",
  ],
  ...[
    "/staff/people.html",
    "/staff/people/index.html",
    "/staff/people%00",
    "/staff/people;a",
    "/staff\\people",
    "/staff/sign-in%2f..%2fpeople",
  ],
])("%s shows nobody the staff", async (path) => {
  const answer = await ask(path, { headers: { accept: "text/html" } });
  expect([303, 404]).toContain(answer.status);
  expect(await answer.text()).not.toContain("@example.jp");
});

/** Who may what: every route and page of the staff area (one file a noun in matrix/), asked by every role and by nobody. */

import { readdirSync } from "node:fs";
import { beforeAll, expect, test } from "vitest";
import { codes } from "#db/terms/codes.ts";
import { role } from "#db/terms/staff.ts";
import { type Asker, askers, type NounAccess, type Ownership, ownership, type People, routesIn } from "./matrix.ts";
import { app, ask, asProgram, type Fields, get, type Member, member, postForm, signIn } from "./requests.ts";

const folder = new URL("matrix/", import.meta.url);
const nouns = await Promise.all(
  readdirSync(folder).map(
    async (file) => ((await import(new URL(file, folder).href)) as { access: NounAccess }).access,
  ),
);

/** Every route of every noun; twice if two nouns name it. */
const listed = nouns.flatMap((noun) => routesIn(noun).map(([route, expected]) => ({ route, expected, noun })));
const byRoute = new Map(listed.map((entry) => [entry.route, entry]));
const routes = [...byRoute.keys()];
const expectedOf = (route: string) => byRoute.get(route)?.expected ?? [];
const methodOf = (route: string) => route.split(" ")[0] ?? "";
const pathOf = (route: string) => route.split(" ")[1] ?? "";

const cookies = new Map<Asker, string>();
let people: People;

beforeAll(async () => {
  const byRole = {} as Record<(typeof askers)[0], Member>;
  for (const code of codes(role)) {
    byRole[code] = await member(code);
    cookies.set(code, await signIn(byRole[code]));
  }
  people = { byRole, colleague: await member("coordinator") };
});

const filledPath = async (route: string, whose: Ownership): Promise<string> =>
  (await byRoute.get(route)?.noun.fill?.(pathOf(route), whose, people)) ?? pathOf(route);

const rightForm = async (route: string): Promise<Fields> =>
  (await byRoute.get(route)?.noun.forms?.[route]?.(people)) ?? {};

/** Posts as a program does: a browser is led to the page of a refused form, whatever the refusal was. */
function send(route: string, path: string, asker: Asker, fields: Fields): Promise<Response> {
  const cookie = cookies.get(asker);
  return methodOf(route) === "GET"
    ? get(path, { cookie, headers: { accept: "text/html" } })
    : postForm(path, fields, { cookie, headers: asProgram });
}

/** The status as the tables write it. */
const statusOf = (answer: Response) =>
  answer.status === 401 ||
  (answer.status === 303 &&
    answer.headers.get("location")?.startsWith("/staff/sign-in") &&
    answer.headers.getSetCookie().length === 0)
    ? "in"
    : String(answer.status);

const ownershipAt = (at: number, of: number): Ownership => (of === 1 ? "own" : (ownership[at] ?? "unknown"));

test("the tables name every route and page there is, each once, and no other", () => {
  const written = app.routes.filter(({ method, path }) => method !== "ALL" && path.startsWith("/staff"));
  const pages = readdirSync(new URL("../../site/pages", import.meta.url), { recursive: true, encoding: "utf8" })
    .filter((file) => file.startsWith("staff") && file.endsWith(".astro"))
    .map((file) => `GET /${file.replace(/(?:\/index)?\.astro$/u, "").replaceAll(/\[(\w+)\]/gu, ":$1")}`);
  const existing = new Set([...written.map(({ method, path }) => `${method} ${path}`), ...pages]);
  expect(listed.map(({ route }) => route).toSorted()).toEqual([...existing].toSorted());
});

test("every route names a status for each role, and every form is of a route of its own noun's table", () => {
  expect(listed.filter(({ expected }) => expected.length !== askers.length).map(({ route }) => route)).toEqual([]);
  const strayForms = nouns.flatMap((noun) => {
    const own = routesIn(noun).map(([route]) => route);
    return Object.keys(noun.forms ?? {}).filter((route) => !own.includes(route));
  });
  expect(strayForms).toEqual([]);
  expect(routes.filter((route) => route.includes(":") && !byRoute.get(route)?.noun.fill)).toEqual([]);
});

test.each(routes)("%s answers each role as the table says", async (route) => {
  const expected = expectedOf(route);
  const answered: string[] = [];
  for (const [column, asker] of askers.entries()) {
    const cells = expected[column] ?? [];
    const statuses: string[] = [];
    for (const [at, cell] of cells.entries()) {
      const path = await filledPath(route, ownershipAt(at, cells.length));
      statuses.push(cell === "-" ? "-" : statusOf(await send(route, path, asker, await rightForm(route))));
    }
    answered.push(statuses.join("/"));
    if (route === "POST /staff/sign-out" && asker !== "nobody") cookies.set(asker, await signIn(people.byRole[asker]));
  }
  expect(answered).toEqual(expected.map((cells) => cells.join("/")));
});

const posts = routes.filter((route) => methodOf(route) === "POST" && route !== "POST /staff/sign-out");
test.each(posts)("%s with a wrong form lets nobody further than a right one, and never answers 500", async (route) => {
  for (const [column, asker] of askers.entries()) {
    const cells = expectedOf(route)[column] ?? [];
    for (const [at, cell] of cells.entries()) {
      if (cell === "-") continue;
      const whose = ownershipAt(at, cells.length);
      const answered = statusOf(await send(route, await filledPath(route, whose), asker, { odd: "1" }));
      const isAllowed = /^(?:303|409|422)$/u.test(cell);
      const fitting = isAllowed ? ["422"] : cell === "in" ? ["in"] : [cell, "404", "422"];
      expect(fitting, `${asker}, ${whose}`).toContain(answered);
    }
  }
});

const malformedIds = ["x", "%00", "..%2f..%2fpeople", "' or 1=1 --", "00000000-0000-0000-0000-00000000000g"];
test.each(routes.filter((route) => route.includes(":")))(
  "%s: a malformed id is answered like one that does not exist",
  async (route) => {
    for (const asker of askers) {
      for (const id of malformedIds) {
        const path = pathOf(route).replace(/:\w+/u, encodeURI(id));
        const answer = await send(route, path, asker, await rightForm(route));
        expect(["404", "403", "in"], `${asker} ${path}`).toContain(statusOf(answer));
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

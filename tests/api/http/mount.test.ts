import { Hono } from "hono";
import { expect, test } from "vitest";
import type { AppEnv } from "#api/http/context.ts";
import { everybody, type Mount, mountRooms } from "#api/http/mount.ts";
import { problemOf } from "#api/http/problems.ts";
import { codes } from "#db/terms/codes.ts";
import { role, type Role } from "#db/terms/staff.ts";

const routes = () =>
  new Hono<AppEnv>().post("/staff/cases/:id/notes", (c) => c.text("noted")).get("/cases", (c) => c.text("listed"));

/** An application with these rows, in which everybody who asks has this role. */
function mounted(table: readonly Mount[], asker?: Role) {
  const app = new Hono<AppEnv>();
  app.use((c, next) => {
    if (asker) c.set("staff", { id: "1", name: "見本", email: "a@example.jp", role: asker });
    return next();
  });
  mountRooms(app, table, ["/staff/sign-in"]);
  return app.onError((error, c) => c.json({}, problemOf(error, c).status as 403));
}

test("a role that the table does not name is refused at the path and all below it, pages too; nothing else is", async () => {
  const room = routes();
  const table: Mount[] = [
    ["/cases", room, everybody],
    ["/staff/cases", room, ["manager", "peer"]],
  ];
  const statuses: Record<string, number[]> = {};
  for (const asker of codes(role)) {
    const app = mounted(table, asker);
    app.get("*", (c) => c.text("page"));
    const answers = [
      await app.request("/staff/cases/1/notes", { method: "POST" }),
      await app.request("/staff/cases/1"),
      await app.request("/staff/cases"),
      await app.request("/staff/casesx"),
      await app.request("/cases"),
    ];
    statuses[asker] = answers.map(({ status }) => status);
  }
  expect(statuses).toEqual({
    manager: [200, 200, 200, 200, 200],
    coordinator: [403, 403, 403, 200, 200],
    peer: [200, 200, 200, 200, 200],
    fundraiser: [403, 403, 403, 200, 200],
    analyst: [403, 403, 403, 200, 200],
  });
});

test("nobody is let in where roles are named, should a room stand outside the staff guard", async () => {
  const room = routes();
  const app = mounted([
    ["/cases", room, everybody],
    ["/staff/cases", room, ["manager"]],
  ]);
  expect((await app.request("/staff/cases/1/notes", { method: "POST" })).status).toBe(500);
});

test.each([
  ["a route of a room that no path leads to", (room: Hono<AppEnv>): Mount[] => [["/cases", room, everybody]]],
  [
    "a path at which no route is",
    (room: Hono<AppEnv>): Mount[] => [
      ["/cases", room, everybody],
      ["/staff/cases", room, ["manager"]],
      ["/staff/notes", room, ["manager"]],
    ],
  ],
  [
    "a path of the staff area open to everybody that is no way to sign in",
    (room: Hono<AppEnv>): Mount[] => [
      ["/cases", room, everybody],
      ["/staff/cases", room, everybody],
    ],
  ],
])("%s stops the start", (_, table) => {
  expect(() => mounted(table(routes()))).toThrow(/\/(?:staff|cases|notes)/u);
});

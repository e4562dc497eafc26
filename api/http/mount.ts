/** Mounting the rooms' routes by a table that names, for each, its paths and who may use them. */

import type { Hono } from "hono";
import { allow } from "#db/actor.ts";
import type { Role } from "#db/terms/staff.ts";
import { type AppContext, type AppEnv, requireStaff } from "./context.ts";

/** Needs no role: the public site, programs, and the ways to sign in. */
export const everybody = "everybody";

/** A path with all below it; the room's routes that serve it; the roles that may use it. */
export type Mount = readonly [path: string, routes: Hono<AppEnv>, who: typeof everybody | readonly Role[]];

/**
 * Mounts the rooms of the table. Where roles are named, every other role is refused (403) at the path and below it,
 * pages included, before the room reads the request; the rooms' own functions still check by `allow`. Throws when
 * a room has a route outside its paths, when no route is at a path, and when everybody may use a path of the
 * staff area that is not one of `signInPaths`.
 */
export function mountRooms(app: Hono<AppEnv>, table: readonly Mount[], signInPaths: readonly string[]): void {
  for (const [path, , who] of table) {
    if (who !== everybody) app.use(`${path}/*`, onlyRoles(who));
    else if (isBelow("/staff", path) && !signInPaths.includes(path)) throw new Error(`everybody may use ${path}`);
  }
  for (const routes of new Set(table.map(([, routes]) => routes))) {
    const paths = table.filter((row) => row[1] === routes).map(([path]) => path);
    checkPaths(paths, routes);
    app.route("/", routes);
  }
}

const isBelow = (path: string, other: string) => other === path || other.startsWith(`${path}/`);

function checkPaths(paths: readonly string[], routes: Hono<AppEnv>): void {
  const served = routes.routes.filter(({ method }) => method !== "ALL").map(({ path }) => path);
  const outside = served.find((route) => !paths.some((path) => isBelow(path, route)));
  if (outside !== undefined) throw new Error(`no path in the table leads to the route ${outside}`);
  const unused = paths.find((path) => !served.some((route) => isBelow(path, route)));
  if (unused !== undefined) throw new Error(`no route is at ${unused}`);
}

const onlyRoles = (roles: readonly Role[]) => async (c: AppContext, next: () => Promise<void>) => {
  allow(requireStaff(c), ...roles);
  await next();
};

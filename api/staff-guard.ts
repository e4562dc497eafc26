/** Nothing under /staff is reached without a session, except the ways to get one. */
import { createMiddleware } from "hono/factory";
import type { House } from "./context.ts";
import { whoIs } from "./staff.ts";

const isOpen = (path: string) => /^\/staff\/(?:sign-in(?:\/code)?|invitations\/[\w-]+)$/u.test(path);
const isEnrolling = (path: string) => path === "/staff/two-factor" || path === "/staff/sign-out";

/** Puts the member of staff on the context, or sends the browser to where it can sign in. */
export const staffGuard = createMiddleware<House>(async (c, next) => {
  const staff = await whoIs(c.req.raw.headers);
  const { path } = c.req;
  if (staff?.isEnrolled || (staff && isEnrolling(path))) {
    const { isEnrolled: _, ...person } = staff;
    c.set("staff", person);
    return next();
  }
  if (isOpen(path)) return next();
  if (staff) return c.redirect("/staff/two-factor", 303);
  const here = c.req.method === "GET" ? `?next=${encodeURIComponent(path + new URL(c.req.url).search)}` : "";
  return c.redirect(`/staff/sign-in${here}`, 303);
});

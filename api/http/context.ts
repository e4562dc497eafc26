/** What travels with a request through the Hono application. */

import type { HttpBindings } from "@hono/node-server";
import type { Context } from "hono";
import type { Staff } from "#db/actor.ts";
import type { Locale } from "#db/terms/locale.ts";

export interface AppEnv {
  Bindings: Partial<HttpBindings>;
  Variables: {
    requestId: string;
    /** Answers with a page of the site, for what is shown and not redirected to. */
    show: (path: string, locals: App.Locals, status?: number) => Promise<Response>;
    staff?: Staff;
    /** Language of the form that was sent, for what is said of it. */
    locale?: Locale;
    /** Page to show again, with everything typed, when this form is refused. */
    page?: string;
    submitted?: Record<string, unknown>;
  };
}

export type AppContext = Context<AppEnv>;

/** True when the asker is a program: the JSON API, or a JSON body, or no wish for HTML. */
export function wantsJson(c: AppContext): boolean {
  if (c.req.path.startsWith("/api/")) return true;
  if (c.req.header("content-type")?.startsWith("application/json")) return true;
  const accept = c.req.header("accept") ?? "";
  return accept.includes("json") && !accept.includes("text/html");
}

/** The signed-in member of staff; the staff guard has made sure that there is one. */
export function requireStaff(c: AppContext): Staff {
  const staff = c.get("staff");
  if (!staff) throw new Error("a staff route was mounted outside the staff guard");
  return staff;
}

/** The types of Hono's context in this application, and what is read from it everywhere. */

import type { HttpBindings } from "@hono/node-server";
import type { Context } from "hono";
import type { Staff } from "#db/actor.ts";
import type { Locale } from "#db/terms/locale.ts";

export interface AppEnv {
  Bindings: Partial<HttpBindings>;
  Variables: {
    requestId: string;
    /** Responds with a rendered page of the site, where a redirect would not do. */
    show: (path: string, locals: Partial<App.Locals>, status?: number) => Promise<Response>;
    /** What a visitor would get at a path of ours, asked in this process: the status, and the path at which its redirects end. */
    ask?: (path: string) => Promise<{ status: number; path: string }>;
    staff?: Staff;
    /** What a staff page of this path shows beside its own: drafts, and the errors of a refused form (api/drafts). */
    localsOf?: (path: string) => Promise<Partial<App.Locals>>;
    /** Language of the submitted form, in which its errors are written. */
    locale?: Locale;
    /** Path of the page that shows the form again, with everything typed, when it is refused. */
    page?: string;
    /** It is the main form of that page, wherever it is posted to. */
    isMainForm?: boolean;
    /** What was typed, as it came. */
    submitted?: Record<string, unknown>;
  };
}

export type AppContext = Context<AppEnv>;

/** True when the client is a program: the JSON API, a JSON body, or an Accept that prefers JSON to HTML. */
export function wantsJson(c: AppContext): boolean {
  if (c.req.path.startsWith("/api/")) return true;
  if (c.req.header("content-type")?.startsWith("application/json")) return true;
  const accept = c.req.header("accept") ?? "";
  return accept.includes("json") && !accept.includes("text/html");
}

/** The signed-in member of staff. Only for routes behind the staff guard (api/staff/guard.ts), which sets it. */
export function requireStaff(c: AppContext): Staff {
  const staff = c.get("staff");
  if (!staff) throw new Error("a staff route was mounted outside the staff guard");
  return staff;
}

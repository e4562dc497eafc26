/// <reference types="astro/client" />

declare namespace App {
  interface Locals {
    /** The signed-in member of staff; pages under /staff always have one. */
    staff?: import("#db/actor.ts").Staff;
    /** What was typed and what was wrong with it, when a form comes back at 422 or 409. */
    form?: { values: Record<string, unknown>; errors: Record<string, string> };
    /** Language of a page that stands at the same address in all of them, such as an answer to a form. */
    locale?: import("#db/terms.ts").Locale | undefined;
    /** Status and sentence of a page that only explains. */
    problem?: { status: number; title: string; detail: string };
    /** What a family reads who came back (api/routes/returns.ts), and whether they have just written on. */
    correspondence?: import("#api/correspondence.ts").Correspondence;
    isAdded?: boolean;
    /** A family's new receipt code, shown once to whoever made it (api/routes/replies.ts). */
    receiptCode?: string;
    /** What a page threw while it was rendered (site/middleware.ts). */
    failure?: { error: unknown };
  }
}

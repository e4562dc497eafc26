/// <reference types="astro/client" />

declare namespace App {
  interface Locals {
    /** The moment the page is rendered for; all that a public page knows of time. */
    time: import("#api/pages/page-time.ts").PageTime;
    /** The site's own address, without a path. */
    origin: string;
    /** Id of the headline of an advertisement group, on the landing page. */
    headline?: string | undefined;
    /** Code of the topic that is ticked on an empty consultation form. */
    topic?: string | undefined;
    /** Address at which the page is shown, where it is not the page's own (api/kept-pages). */
    address?: string;
    /** Somebody looked for what they had typed, and nothing of it is left. */
    isLost?: boolean | undefined;
    /** The signed-in member of staff; pages under /staff always have one. */
    staff?: import("#db/actor.ts").Staff;
    /**
     * What was typed and what was wrong with it, when a form comes back refused or to be changed. `name` says which of
     * the page's forms it was (formName in api/forms/read-form.ts); absent for the main one.
     */
    form?: { name?: string | undefined; values: Record<string, unknown>; errors: Record<string, string> };
    /** What this member of staff typed into forms of this page and has not sent, the newest first. */
    drafts?: import("#api/drafts/drafts.ts").PageDraft[];
    /** How many drafts this member of staff has; absent while the database is away. */
    draftCount?: number;
    /** Language of a page that stands at the same address in all of them, such as an answer to a form. */
    locale?: import("#db/terms/locale.ts").Locale | undefined;
    /** Status and sentence of a page that only explains. */
    problem?: { status: number; title: string; detail: string };
    /** What a family wrote and was answered (api/correspondence/routes.ts), and whether they have just added a message. */
    correspondence?: import("#api/correspondence/correspondence.ts").Correspondence;
    isAdded?: boolean;
    /** A family's new receipt code, shown once to whoever made it (api/correspondence/reply-routes.ts). */
    receiptCode?: string;
    /** A picture that is not public yet, on the page that shows its entry to those who may see it, and where its files lie. */
    preview?: { picture: import("#api/published/published.ts").PublishedPicture; base: string };
    /** What a visitor would get at a path of ours, and at which one its redirects end, for pages that check links. */
    ask?: ((path: string) => Promise<{ status: number; path: string }>) | undefined;
    /** What a page threw while it was rendered (site/middleware.ts). */
    failure?: { error: unknown };
  }
}

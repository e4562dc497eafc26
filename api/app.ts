/** The HTTP application: which room serves which paths and who may, and what every request passes through. */

import { Hono } from "hono";
import { absenceRoutes } from "#api/absences/routes.ts";
import { approvalRoutes, previewRoutes, registerRoutes } from "#api/approvals/routes.ts";
import { logoRoutes } from "#api/brand/routes.ts";
import { carryList } from "#api/case-access/back-to-list.ts";
import { caseRoutes } from "#api/cases/routes.ts";
import { contactRoutes } from "#api/contacts/routes.ts";
import { contentFileRoutes } from "#api/content-files/routes.ts";
import { contentRoutes } from "#api/content/routes.ts";
import { replyRoutes } from "#api/correspondence/reply-routes.ts";
import { correspondenceRoutes } from "#api/correspondence/routes.ts";
import { downloadRoutes } from "#api/downloads/routes.ts";
import { draftRoutes } from "#api/drafts/routes.ts";
import { answerRefusal, staffForms } from "#api/drafts/staff-forms.ts";
import { guideRoutes } from "#api/guides/routes.ts";
import { handoverRoutes } from "#api/handovers/routes.ts";
import { healthRoutes } from "#api/health/routes.ts";
import type { AppEnv, AppContext } from "#api/http/context.ts";
import { addSecurityHeaders, sameOrigin } from "#api/http/guard.ts";
import { formTimeout, limitBody } from "#api/http/limits.ts";
import { everybody, type Mount, mountRooms } from "#api/http/mount.ts";
import { tooLarge } from "#api/http/problems.ts";
import { requestId } from "#api/http/request-id.ts";
import { receiptRoutes } from "#api/intake/receipt-routes.ts";
import { consultationRoutes } from "#api/intake/routes.ts";
import { showKept } from "#api/kept-pages/show.ts";
import { keywordRoutes } from "#api/keywords/routes.ts";
import { mailRoutes } from "#api/mail/routes.ts";
import { newsletterRoutes } from "#api/newsletters/routes.ts";
import { noticeRoutes } from "#api/notices/routes.ts";
import type { Site } from "#api/pages/site.ts";
import { peerRoutes } from "#api/peers/routes.ts";
import { phoneIntakeRoutes } from "#api/phone-intake/routes.ts";
import { entryPictureRoutes, pictureRoutes } from "#api/pictures/routes.ts";
import { readerRoutes } from "#api/readers/routes.ts";
import { readinessRoutes } from "#api/readiness/routes.ts";
import { reminderRoutes } from "#api/reminders/routes.ts";
import { sampleRoutes } from "#api/sample/routes.ts";
import { settingsRoutes } from "#api/settings/routes.ts";
import { sideNoteRoutes } from "#api/side-notes/routes.ts";
import { staffGuard } from "#api/sign-in/guard.ts";
import { signInRoutes } from "#api/sign-in/routes.ts";
import { sitemapRoutes } from "#api/sitemap/routes.ts";
import { invitationRoutes, staffRoutes } from "#api/staff/routes.ts";
import { subscriptionRoutes } from "#api/subscriptions/routes.ts";
import { unsubscribeRoutes } from "#api/subscriptions/unsubscribe-routes.ts";
import { summaryRoutes } from "#api/summaries/routes.ts";
import { supportBookRoutes } from "#api/support-book/routes.ts";
import { surveyRoutes } from "#api/surveys/routes.ts";
import { answerProblem } from "#api/web/answer-problem.ts";
import { keepFurigana } from "#api/web/furigana-links.ts";
import { isAddress, notFoundOrNotAllowed } from "#api/web/methods.ts";
import { renderInstead, servePage } from "#api/web/serve-page.ts";
import { textRoutes } from "#api/words/routes.ts";
import { env } from "#db/env.ts";
import { codes } from "#db/terms/codes.ts";
import { contentRoles } from "#db/terms/content.ts";
import { role } from "#db/terms/staff.ts";
import { summaryRoles } from "#db/terms/summaries.ts";
import { openapiDocument } from "./openapi.ts";

/** Path with all below it, the routes that serve it, and who may: roles are enforced by `mountRooms`. */
const table: readonly Mount[] = [
  ["/healthz", healthRoutes, everybody],
  ["/readyz", healthRoutes, everybody],
  ["/metrics", healthRoutes, everybody],
  ["/sitemap.xml", sitemapRoutes, everybody],
  ["/robots.txt", sitemapRoutes, everybody],
  ["/news/feed.xml", sitemapRoutes, everybody],
  ["/consultation", consultationRoutes, everybody],
  ["/:locale{easy|en}/consultation", consultationRoutes, everybody],
  ["/api/consultations", consultationRoutes, everybody],
  ["/consultation/receipt", receiptRoutes, everybody],
  ["/consultation/return", correspondenceRoutes, everybody],
  ["/easy/consultation/return", correspondenceRoutes, everybody],
  ["/en/consultation/return", correspondenceRoutes, everybody],
  ["/guides", guideRoutes, everybody],
  ["/guides", downloadRoutes, everybody],
  ["/:locale{easy|en}/guides", downloadRoutes, everybody],
  ["/api/downloads", downloadRoutes, everybody],
  ["/d", downloadRoutes, everybody],
  ["/surveys", surveyRoutes, everybody],
  ["/support-book", supportBookRoutes, everybody],
  ["/newsletter", subscriptionRoutes, everybody],
  ["/:locale{easy|en}/newsletter", subscriptionRoutes, everybody],
  ["/api/subscriptions", subscriptionRoutes, everybody],
  // Before the issues, whose ids would match too.
  ["/staff/newsletters/readers", readerRoutes, ["manager", "fundraiser"]],
  ["/newsletter/feed.xml", newsletterRoutes, everybody],
  ["/u", unsubscribeRoutes, everybody],
  ["/preview", previewRoutes, everybody],
  ["/pictures", pictureRoutes, everybody],
  ["/staff/sign-in", signInRoutes, everybody],
  ["/staff/sign-out", signInRoutes, everybody],
  ["/staff/two-factor", signInRoutes, everybody],
  ["/api/auth", signInRoutes, everybody],
  ["/staff/invitations", invitationRoutes, everybody],
  ["/staff/people", staffRoutes, ["manager"]],
  ["/staff/people/:id/absences", absenceRoutes, ["manager"]],
  ["/staff/me", summaryRoutes, ["manager", "coordinator", "peer", "analyst"]],
  ["/staff/me/summary", summaryRoutes, summaryRoles],
  ["/staff/me/absences", absenceRoutes, ["manager", "coordinator", "peer"]],
  ["/staff/me/notices", noticeRoutes, ["manager", "coordinator", "peer"]],
  ["/staff/cases", caseRoutes, ["manager", "coordinator", "peer"]],
  ["/staff/cases/:id/entries", reminderRoutes, ["manager", "coordinator", "peer"]],
  ["/staff/cases/:id/reminders", reminderRoutes, ["manager", "coordinator", "peer"]],
  ["/staff/cases/:id/entries/:entry/peers", peerRoutes, ["manager", "coordinator"]],
  ["/staff/cases/:id/brief", peerRoutes, ["manager", "coordinator"]],
  ["/staff/cases/:id/hand-over", handoverRoutes, ["manager", "coordinator"]],
  ["/staff/cases/:id/contact", contactRoutes, ["manager", "coordinator"]],
  ["/staff/cases/:id/side-note", sideNoteRoutes, ["manager", "coordinator"]],
  ["/staff/cases/:id/take-over", handoverRoutes, ["manager", "coordinator"]],
  ["/staff/cases/:id/replies", replyRoutes, ["manager", "coordinator"]],
  ["/staff/cases/:id/receipt-code", replyRoutes, ["manager", "coordinator"]],
  ["/staff/cases/new", phoneIntakeRoutes, ["manager", "coordinator"]],
  ["/staff/cases/:id/consent", phoneIntakeRoutes, ["manager", "coordinator"]],
  ["/staff/drafts", draftRoutes, codes(role)],
  ["/staff/mail", mailRoutes, ["manager", "coordinator", "fundraiser"]],
  ["/staff/newsletters", newsletterRoutes, ["manager", "fundraiser"]],
  ["/staff/guides", guideRoutes, ["manager", "coordinator"]],
  ["/staff/settings/confirmations", readinessRoutes, ["manager"]],
  ["/staff/settings/real", readinessRoutes, ["manager"]],
  ["/staff/settings/logo", logoRoutes, ["manager"]],
  ["/staff/settings/sample", sampleRoutes, ["manager"]],
  ["/staff/settings", settingsRoutes, ["manager"]],
  ["/staff/words", textRoutes, ["manager"]],
  ["/staff/content/content.json", contentFileRoutes, ["manager"]],
  ["/staff/content/file", contentFileRoutes, ["manager"]],
  ["/staff/content/:kind/:id/picture", entryPictureRoutes, contentRoles],
  ["/staff/consents", registerRoutes, contentRoles],
  ["/staff/content/:kind/:id/erasure", registerRoutes, ["manager"]],
  ["/staff/content/:kind/:id/consents", approvalRoutes, contentRoles],
  ["/staff/content/:kind/:id/:locale/consents", approvalRoutes, contentRoles],
  ["/staff/content", contentRoutes, contentRoles],
  ["/staff/keywords.csv", keywordRoutes, ["manager", "analyst"]],
  ["/staff/keywords/uploads", keywordRoutes, ["manager", "analyst"]],
  ["/staff/keywords/imports", keywordRoutes, ["manager", "analyst"]],
];

/** Paths of the staff area that need no role: signing in and out, and accepting an invitation. */
const signInPaths = ["/staff/sign-in", "/staff/sign-out", "/staff/two-factor", "/staff/invitations"];

/** So many redirects are followed at most. */
const mostRedirects = 5;

/** What a visitor without a session would be answered at this path, and at which path of ours the redirects from it end. */
async function answerAt(
  app: Hono<AppEnv>,
  path: string,
  left = mostRedirects,
): Promise<{ status: number; path: string }> {
  const { status, headers } = await app.request(path, { method: "HEAD" }, {});
  const to = URL.parse(headers.get("location") ?? "", new URL(path, env.PUBLIC_ORIGIN).href);
  const isFollowed = status >= 300 && status < 400 && headers.has("location") && left > 0;
  if (!isFollowed || to?.origin !== env.PUBLIC_ORIGIN) return { status, path };
  return answerAt(app, to.pathname + to.search, left - 1);
}

/** The application over one built site. */
export function createApp(site: Site): Hono<AppEnv> {
  const refuseSize = (c: AppContext, kilobytes: number) => answerProblem(c, site, tooLarge(c, kilobytes));
  const app: Hono<AppEnv> = new Hono<AppEnv>()
    .use(requestId)
    .use((c, next) => {
      c.set("show", (path, locals, status = 200) => renderInstead(c, site, path, locals, status));
      c.set("ask", (path) => answerAt(app, path));
      return next();
    })
    .use(addSecurityHeaders)
    .use((c, next) => (isAddress(c.req.path) ? next() : Promise.resolve(c.notFound())))
    .use(keepFurigana)
    .use(limitBody(refuseSize))
    .use(sameOrigin)
    .use(formTimeout)
    .use("/staff", staffGuard)
    .use("/staff/*", staffGuard)
    .use("/staff/guides/*", limitBody(refuseSize))
    .use("/staff/*", carryList)
    .use("/staff/keywords/uploads", limitBody(refuseSize))
    .use("/staff/settings/logo", limitBody(refuseSize))
    .use("/staff/content/file", limitBody(refuseSize))
    .use("/staff/content/:kind/:id/picture", limitBody(refuseSize))
    .use("/staff/newsletters/:id/insert", limitBody(refuseSize))
    .use("/staff", staffForms)
    .use("/staff/*", staffForms);
  mountRooms(app, table, signInPaths);
  return app
    .get("/api/openapi.json", (c) => c.json(openapiDocument()))
    .get("*", async (c) => (await showKept(c)) ?? servePage(c, site))
    .notFound(notFoundOrNotAllowed(site, () => app.routes))
    .onError((error, c) => answerRefusal(c, error, (problem) => answerProblem(c, site, problem)));
}

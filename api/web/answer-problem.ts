/** Responses to problems (api/http/problems.ts). */

import { formName } from "#api/forms/read-form.ts";
import { type AppContext, wantsJson } from "#api/http/context.ts";
import { answerLanguage, isStaffPath, type Problem, problemOf } from "#api/http/problems.ts";
import { redirectToKept } from "#api/kept-pages/keep.ts";
import type { Site } from "#api/pages/site.ts";
import { brokenPage, missingPage, renderInstead } from "./serve-page.ts";

/** The response: a way to the form with everything typed, or the form itself, a page that explains, or RFC 9457 for programs. */
export async function answerProblem(c: AppContext, site: Site, problem: Problem): Promise<Response> {
  const response = wantsJson(c) ? asJson(problem) : await asPage(c, site, problem);
  if (problem.retryAfter !== undefined) response.headers.set("Retry-After", String(problem.retryAfter));
  return response;
}

function asJson({ status, title, detail, errors }: Problem): Response {
  const body = { type: "about:blank", title, status, ...(detail && { detail }), ...(status === 422 && { errors }) };
  return new Response(JSON.stringify(body), { status, headers: { "Content-Type": "application/problem+json" } });
}

/** Refused for what was sent: the page has an address of its own. Not while the database is away, or for too many requests. */
const keptStatuses = new Set([409, 422]);

async function asPage(c: AppContext, site: Site, problem: Problem): Promise<Response> {
  const page = c.get("page");
  try {
    if (page !== undefined && problem.errors) {
      const form = { name: formName(c), values: c.get("submitted") ?? {}, errors: problem.errors };
      const refused = { page, locals: { form, locale: c.get("locale") }, status: problem.status };
      const isKept = !isStaffPath(c) && keptStatuses.has(problem.status);
      const kept = isKept ? await redirectToKept(c, page, refused) : undefined;
      return kept ?? (await renderInstead(c, site, page, refused.locals, problem.status));
    }
    if (isStaffPath(c)) return await renderInstead(c, site, "/staff/problem", { problem }, problem.status);
    const missing = problem.status === 404 ? await missingPage(c, site) : undefined;
    const locale = answerLanguage(c);
    return missing ?? (await renderInstead(c, site, "/problem", { problem, locale }, problem.status));
  } catch (error) {
    // The page itself may throw: a case of somebody else, an invitation that was used.
    const pageProblem = problemOf(error, c);
    return pageProblem.status === 500 || pageProblem.status === 503
      ? brokenPage(c, site, pageProblem.status)
      : asPage(c, site, { ...pageProblem, errors: undefined });
  }
}

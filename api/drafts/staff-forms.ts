/**
 * What every POST of the staff area passes through: a repeat of a stored form gets the answer of the first, a refused
 * form becomes a draft, and the answer leads to its page.
 */

import { readBody } from "#api/http/bodies.ts";
import { type AppContext, wantsJson } from "#api/http/context.ts";
import { type Problem, problemOf } from "#api/http/problems.ts";
import { type FirstStep, transaction, withFirstStep } from "#db/client.ts";
import { Refused } from "#db/errors.ts";
import { log, traceOf } from "#db/log.ts";
import { draftWords } from "#db/words/staff/drafts.ts";
import { draftFormName, draftsOfPage } from "./drafts.ts";
import {
  bodyHmacOf,
  claimKey,
  keyHmacOf,
  recordLocation,
  type SentForm,
  type Stored,
  storedUnder,
} from "./form-keys.ts";
import { countDrafts } from "./list.ts";
import { forgetRefusals, saveDraft } from "./save.ts";
import { hasWords, isKeyedForm, keptValues, pageBehind, type UnsentForm } from "./unsent.ts";

interface Post extends SentForm {
  /** What was typed, without files and key. */
  values: Record<string, unknown>;
  claim: FirstStep;
}

/** The posts of requests under way, for the answer to an error. */
const posts = new WeakMap<AppContext["req"]["raw"], Post>();

/** Middleware behind the staff guard. */
export async function staffForms(c: AppContext, next: () => Promise<void>): Promise<Response | void> {
  const staff = c.get("staff");
  if (!staff) return next();
  c.set("localsOf", (path) => localsOfPage(staff.id, path, c.req.query("done") !== undefined));
  const post = await postOf(c, staff.id);
  if (!post) return next();
  posts.set(c.req.raw, post);
  const stored = await storedUnder(post);
  if (stored?.isSame) return repeatedAnswer(c, stored);
  // Other words under a used key go on to the verb, whose transaction finds the key taken; its route names the page.
  await withFirstStep(post.claim, next);
  if (c.error === undefined && c.res.status < 400) await finish(c, post);
}

/**
 * For a button of a form that stores nothing yet: saves what was typed as the form's draft on `page`, and the form
 * does not count as sent. When the database is away, the error's answer shows the words as for any other form.
 */
export async function saveAsDraft(c: AppContext, page: string): Promise<void> {
  const post = posts.get(c.req.raw);
  if (!post) return;
  const { staffId, form, values, keyHmac, bodyHmac, draftId, claim } = post;
  claim.isDone = true; // neither the draft's transaction nor the answer takes the form's key
  try {
    await saveDraft(staffId, { form, page, values, errors: {} }, { keyHmac, draftId, bodyHmac });
  } catch (error) {
    claim.isDone = false;
    throw error;
  }
}

/** The form that was posted; undefined for another request, and for a body that the route refuses by itself. */
async function postOf(c: AppContext, staffId: string): Promise<Post | undefined> {
  const form = c.req.path;
  if (c.req.method !== "POST" || !isKeyedForm(form)) return undefined;
  const body = await readBody(c).catch(() => undefined);
  if (!body) return undefined;
  const { values } = body;
  const keyHmac = keyHmacOf(staffId, values["key"] ?? c.req.header("idempotency-key"));
  const draftId = typeof values["draft"] === "string" ? values["draft"] : undefined;
  const sent = { staffId, form, keyHmac, draftId, bodyHmac: await bodyHmacOf(form, values) };
  const claim: FirstStep = { run: (tx) => claimKey(tx, sent), isDone: false };
  return { ...sent, values: keptValues(values), claim };
}

/** After a form was stored: notes the answer for repeats. A page in the answer itself, such as a new code, is not shown again. */
async function finish(c: AppContext, post: Post): Promise<void> {
  if (!post.claim.isDone) await transaction((tx) => claimKey(tx, post));
  const page = pageOf(c);
  if (page !== undefined) await forgetRefusals(post.staffId, page);
  const location = c.res.headers.get("location") ?? `${page ?? "/staff"}?done=repeated`;
  await recordLocation(post, location);
}

/** Path of the page that showed the form: as its route names it, else where the browser came from, else the case. */
const pageOf = (c: AppContext): string | undefined => c.get("page") ?? pageBehind(c.req.path, c.req.header("referer"));

/** The answer to a repeat: where the first one led. */
const repeatedAnswer = (c: AppContext, stored: Stored | undefined) =>
  c.redirect(stored?.location ?? pageOf(c) ?? "/staff", 303);

/** Problems that a page can show with the form; the others are explained in the answer itself. */
const shownOnPage = [404, 409, 422, 429];

/**
 * The answer to an error of the application. A refused staff form is kept as a draft, and the answer leads to its page,
 * which shows the words and the errors. `answer` makes every other answer.
 */
export async function answerRefusal(
  c: AppContext,
  error: unknown,
  answer: (problem: Problem) => Promise<Response>,
): Promise<Response> {
  const post = posts.get(c.req.raw);
  if (!post || post.claim.isDone) return answer(problemOf(error, c));
  post.claim.isDone = true; // what follows stores nothing of the form
  const stored = await storedUnder(post).catch(() => undefined);
  if (stored?.isSame) return repeatedAnswer(c, stored);
  const problem = problemOf(stored ? new Refused(draftWords.otherWords) : error, c);
  return wantsJson(c) ? answer(problem) : answerWithWords(c, post, problem, answer);
}

async function answerWithWords(
  c: AppContext,
  post: Post,
  problem: Problem,
  answer: (problem: Problem) => Promise<Response>,
): Promise<Response> {
  const { form, values } = post;
  const page = pageOf(c);
  const errors = problem.errors ?? { form: problem.detail || draftWords.missing };
  const unsent: UnsentForm = { form, page: page ?? "/staff", values, errors };
  const isWorthKeeping = hasWords(values) || shownOnPage.includes(problem.status);
  const outcome = isWorthKeeping && page !== undefined ? await saveOrLog(c, post, unsent) : "lost";
  // Another press of the same form was stored meanwhile.
  if (outcome === "sent") return repeatedAnswer(c, await storedUnder(post));
  if (outcome === "saved" && page !== undefined && shownOnPage.includes(problem.status)) {
    if (problem.retryAfter !== undefined) c.header("Retry-After", String(problem.retryAfter));
    return c.redirect(page, 303);
  }
  if (!hasWords(values)) return answer(problem);
  const detail = `${problem.detail || errors["form"] || ""}${outcome === "saved" ? "" : draftWords.onlyHere}`;
  const shown = { ...unsent, id: "", savedAt: new Date(), hasWords: true };
  return c.get("show")("/staff/problem", { problem: { ...problem, detail }, drafts: [shown] }, problem.status);
}

/** While the database is away nothing can be kept: the words stay in the answer. */
async function saveOrLog(c: AppContext, { staffId, keyHmac, draftId, bodyHmac }: Post, unsent: UnsentForm) {
  return saveDraft(staffId, unsent, { keyHmac, draftId, bodyHmac }).catch((error: unknown) => {
    log("draft.lost", { requestId: c.get("requestId"), ...traceOf(error) });
    return "lost" as const;
  });
}

/** What a page of this path shows of earlier forms: drafts in their boxes, and why the newest one was refused. */
async function localsOfPage(staffId: string, path: string, isSaved: boolean): Promise<Partial<App.Locals>> {
  const drafts = await draftsOfPage(staffId, path);
  const draftCount = await countDrafts(staffId);
  const inForms = drafts.filter(({ form }, at) => drafts.findIndex((one) => one.form === form) === at);
  const refused = isSaved ? undefined : inForms.find(({ errors }) => Object.keys(errors).length > 0);
  if (!refused) return { drafts, draftCount };
  return { drafts, draftCount, form: { name: draftFormName(refused), values: refused.values, errors: refused.errors } };
}

import { Hono } from "hono";
import { readForm, validate } from "#api/forms/read-form.ts";
import { requestOrigin } from "#api/forms/request-origin.ts";
import type { AppEnv, AppContext } from "#api/http/context.ts";
import { closeCorrespondence } from "#api/kept-pages/delete.ts";
import { forgetKept, keepOrShow, type KeptPage, redirectToKept } from "#api/kept-pages/keep.ts";
import { showKept } from "#api/kept-pages/show.ts";
import { db } from "#db/client.ts";
import { Gone, Invalid, TooMany } from "#db/errors.ts";
import { codes } from "#db/terms/codes.ts";
import { locale, type Locale } from "#db/terms/locale.ts";
import { pathIn, wordsIn } from "#db/words/words.ts";
import { addMessage, type Correspondence, openCorrespondence, reopenCorrespondence } from "./correspondence.ts";
import { accessForms, closeForm, type MessageForm, messageForms } from "./forms.ts";

/** The page in the language of the path. */
const pageIn = (language: Locale) => pathIn(language, "/consultation/return");
const wordsOf = (language: Locale) => wordsIn(language).correspondence;

async function open(c: AppContext, language: Locale): Promise<Response> {
  const page = pageIn(language);
  const { reference, code, message, key } = await readForm(c, accessForms[language], page);
  // All that is shown again when the form is refused: not the code.
  const values = { reference, message, key };
  c.set("submitted", values);
  try {
    const correspondence = await openCorrespondence({ reference, code }, await requestOrigin(c, "form"));
    if (correspondence === undefined) throw new Invalid({ reference: wordsOf(language).wrong });
    if (message.trim() === "") return await showOpen(c, language, correspondence);
    const submitted = { pass: correspondence.pass, message, key };
    c.set("submitted", submitted);
    return await add(c, language, () => validate(messageForms[language], submitted));
  } catch (error) {
    if (!(error instanceof TooMany)) throw error;
    const form = { values, errors: { form: wordsOf(language).tooManyTries } };
    return withRetryAfter(await c.get("show")(page, { form }, 429), error);
  }
}

/** Adds a message; the record of an erased family is answered with a page that says so. */
async function add(c: AppContext, language: Locale, read: () => MessageForm | Promise<MessageForm>): Promise<Response> {
  try {
    return await addOrShowAgain(c, language, read);
  } catch (error) {
    if (!(error instanceof Gone)) throw error;
    return c.get("show")(pageIn(language), { problem: { status: 410, ...wordsOf(language).erased } }, 410);
  }
}

async function addOrShowAgain(
  c: AppContext,
  language: Locale,
  read: () => MessageForm | Promise<MessageForm>,
): Promise<Response> {
  const words = wordsOf(language);
  try {
    const form = await read();
    const correspondence = await addMessage(form, await requestOrigin(c, "form", form));
    await forgetKept(form.key);
    if (correspondence) return await showOpen(c, language, correspondence, { isAdded: true });
    return await showAgain(c, language, { form: words.expired });
  } catch (error) {
    if (error instanceof TooMany)
      return withRetryAfter(await showAgain(c, language, { form: words.tooManyWritten }, 429), error);
    // Without submitted values the body itself was unreadable, and there is nothing to show again.
    if (!(error instanceof Invalid) || c.get("submitted") === undefined) throw error;
    return showAgain(c, language, error.errors["key"] === undefined ? error.errors : { form: words.resent });
  }
}

/** The open correspondence, at an address of its own. */
async function showOpen(
  c: AppContext,
  language: Locale,
  correspondence: Correspondence,
  locals: KeptPage["locals"] = {},
  status = 200,
): Promise<Response> {
  const page = pageIn(language);
  const { pass, reference } = correspondence;
  const kept = await redirectToKept(c, page, { page, locals, status, correspondence: { reference, pass } });
  return kept ?? c.get("show")(page, { ...locals, correspondence }, status);
}

/** Closes every page that shows this correspondence, on a telephone that others use as well. */
async function close(c: AppContext, language: Locale): Promise<Response> {
  const { pass } = await readForm(c, closeForm, pageIn(language));
  const correspondence = await reopenUnlessErased(pass);
  if (correspondence !== undefined) await closeCorrespondence(db, [correspondence.reference]);
  return c.redirect(`${pageIn(language)}?lost`, 303);
}

/** The page with everything typed and what was wrong; once the pass has expired, the form that opens it. */
async function showAgain(c: AppContext, language: Locale, errors: Record<string, string>, status = 422) {
  const { pass, message, key } = c.get("submitted") ?? {};
  const correspondence = typeof pass === "string" ? await reopenCorrespondence(pass) : undefined;
  // A key that belongs to an earlier message is dropped: the next press is a new message.
  const isKeyUsed = errors["form"] === wordsOf(language).resent;
  const locals = { form: { values: { message, ...(!isKeyUsed && { key }) }, errors } };
  const page = pageIn(language);
  if (status !== 422) return c.get("show")(page, { ...locals, ...(correspondence && { correspondence }) }, status);
  if (correspondence) return showOpen(c, language, correspondence, locals, status);
  return keepOrShow(c, page, { page, locals, status });
}

/** An open correspondence, read anew; undefined once the pass has expired, or the family was erased. */
const reopenUnlessErased = (pass: string) =>
  reopenCorrespondence(pass).catch((error: unknown) => {
    if (error instanceof Gone) return undefined;
    throw error;
  });

/** What a kept page shows beside what was kept; undefined where that is gone. */
async function beside({ correspondence: open }: KeptPage): Promise<Partial<App.Locals> | undefined> {
  if (open === undefined) return {};
  const correspondence = await reopenUnlessErased(open.pass);
  return correspondence && { correspondence };
}

function withRetryAfter(response: Response, { retryAfter }: TooMany): Response {
  response.headers.set("Retry-After", String(retryAfter));
  return response;
}

/**
 * The family's way back to its correspondence, in each language, without a cookie. What it opens has an address for an hour,
 * or until the family closes it (api/kept-pages).
 */
export const correspondenceRoutes = new Hono<AppEnv>();
for (const language of codes(locale) as Locale[]) {
  const page = pageIn(language);
  correspondenceRoutes
    .post(page, (c) => open(c, language))
    .post(`${page}/messages`, (c) => add(c, language, () => readForm(c, messageForms[language], page)))
    .post(`${page}/close`, (c) => close(c, language))
    .get(`${page}/kept/:token`, async (c) => (await showKept(c, beside)) ?? c.notFound())
    .get(`${page}/close`, (c) => c.redirect(page, 303))
    .get(`${page}/messages`, (c) => c.redirect(page, 303));
}

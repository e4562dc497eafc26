import { Hono } from "hono";
import { readForm } from "#api/forms/read-form.ts";
import { requestOrigin } from "#api/forms/request-origin.ts";
import type { AppEnv, AppContext } from "#api/http/context.ts";
import { Gone, Invalid, TooMany } from "#db/errors.ts";
import { codes } from "#db/terms/codes.ts";
import { locale, type Locale } from "#db/terms/locale.ts";
import { pathIn, wordsIn } from "#db/words/words.ts";
import { addMessage, openCorrespondence, reopenCorrespondence } from "./correspondence.ts";
import { AdditionForm, longestMessage, ReturnForm } from "./forms.ts";

/** The page in the language of the path; nothing but its forms ever leads further in. */
const pageIn = (language: Locale) => pathIn(language, "/consultation/return");
const wordsOf = (language: Locale) => wordsIn(language).correspondence;

interface Addition {
  pass: string;
  message: string;
  key?: string | undefined;
}

async function open(c: AppContext, language: Locale): Promise<Response> {
  const { reference, code, message, key } = await readForm(c, ReturnForm, pageIn(language));
  const values = { reference, message, key };
  c.set("submitted", values);
  try {
    const opened = await openCorrespondence({ reference, code }, requestOrigin(c, "form"));
    if (opened === undefined) throw new Invalid({ reference: wordsOf(language).wrong });
    if (message.trim() !== "") return await write(c, language, { pass: opened.pass, message, key });
    return await c.get("show")(pageIn(language), { correspondence: opened });
  } catch (error) {
    if (!(error instanceof TooMany)) throw error;
    const form = { values, errors: { form: wordsOf(language).tooManyTries } };
    return later(await c.get("show")(pageIn(language), { form }, 429), error);
  }
}

const add = async (c: AppContext, language: Locale) =>
  write(c, language, await readForm(c, AdditionForm, pageIn(language)));

/** Keeps the words, or shows the page again with all of them and what was wrong. */
async function write(c: AppContext, language: Locale, addition: Addition): Promise<Response> {
  const words = wordsOf(language);
  const { pass, key } = addition;
  const message = addition.message.replace(/\r\n?/gu, "\n");
  const show = (locals: App.Locals, status?: number) => c.get("show")(pageIn(language), locals, status);
  const again = async (field: string, sentence: string, status = 422) => {
    const correspondence = await reopenCorrespondence(pass);
    // A key that was used up is dropped: the next press is a new message.
    const form = { values: { message, ...(sentence !== words.resent && { key }) }, errors: { [field]: sentence } };
    return correspondence ? show({ correspondence, form }, status) : show({ form }, status);
  };
  try {
    const wrong = wrongWith(message, language);
    if (wrong !== undefined) return await again("message", wrong);
    const opened = await addMessage({ pass, message }, requestOrigin(c, "form", addition));
    if (opened) return await show({ correspondence: opened, isAdded: true });
    return await show({ form: { values: { message, key }, errors: { form: words.expired } } }, 422);
  } catch (error) {
    if (error instanceof Gone) return show({ problem: { status: 410, ...words.erased } }, 410);
    if (error instanceof TooMany) return later(await again("form", words.tooManyWritten, 429), error);
    if (error instanceof Invalid && error.errors["key"] !== undefined) return again("form", words.resent);
    throw error;
  }
}

function wrongWith(message: string, language: Locale): string | undefined {
  const { missing, long, control } = wordsOf(language);
  if (message.trim() === "") return missing;
  if (/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/u.test(message) || !message.isWellFormed()) return control;
  return [...message].length > longestMessage ? long : undefined;
}

function later(answer: Response, { retryAfter }: TooMany): Response {
  answer.headers.set("Retry-After", String(retryAfter));
  return answer;
}

/** Coming back in each language. What was opened stands in the answer itself: no cookie, no secret in a URL. */
export const returnRoutes = new Hono<AppEnv>();
for (const language of codes(locale) as Locale[]) {
  returnRoutes
    .post(pageIn(language), (c) => open(c, language))
    .post(`${pageIn(language)}/messages`, (c) => add(c, language))
    .get(`${pageIn(language)}/messages`, (c) => c.redirect(pageIn(language), 303));
}

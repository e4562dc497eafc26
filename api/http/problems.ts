/** Errors as HTTP problems: status, title and a sentence for the person. */

import { HTTPException } from "hono/http-exception";
import { Forbidden, Gone, Invalid, isDatabaseAway, NotFound, Refused, SignedOut, TooMany } from "#db/errors.ts";
import { log, traceOf } from "#db/log.ts";
import { settings } from "#db/settings/settings.ts";
import type { Locale } from "#db/terms/locale.ts";
import { languageOfPath, wordsIn } from "#db/words/words.ts";
import type { AppContext } from "./context.ts";
import { isUpload, maxMegabytes } from "./uploads.ts";

export interface Problem {
  status: number;
  title: string;
  /** One or two sentences for the person. */
  detail: string;
  errors?: Record<string, string>;
  retryAfter?: number;
}

/** The sentence with our phone number. */
function phoneSentence(locale: Locale): string {
  const { contact, errors } = wordsIn(locale);
  return errors.call(settings().phone, contact.hours);
}

/** Joins sentences: English ones with a space, Japanese ones without. */
const join = (locale: Locale, ...sentences: string[]) => sentences.filter(Boolean).join(locale === "en" ? " " : "");

/** Staff pages answer with staff's own screens, and without the phone number for families. */
export const isStaffPath = (c: AppContext) => /^\/staff(?:\/|$)/u.test(c.req.path);

/** The language in which the person is answered: of the form that was sent, else of the address. Staff are answered in Japanese. */
export const answerLanguage = (c: AppContext): Locale => c.get("locale") ?? languageOfPath(c.req.path);

/** The problem an error stands for. Any error not thrown on purpose is logged: a 503 while the database is away, else a 500. */
export function problemOf(error: unknown, c: AppContext): Problem {
  const { problems, missing } = wordsIn(answerLanguage(c));
  if (error instanceof Invalid) return { status: 422, title: problems.check, detail: "", errors: error.errors };
  if (error instanceof SignedOut)
    return {
      status: 401,
      title: "ログインし直してください",
      detail: error.message,
      errors: { form: error.message },
    };
  if (error instanceof Refused)
    return { status: 409, title: problems.notNow, detail: error.message, errors: { form: error.message } };
  if (error instanceof NotFound) return { status: 404, title: missing.title, detail: "" };
  if (error instanceof Gone) return { status: 410, title: problems.gone, detail: error.message };
  if (error instanceof Forbidden) return forbidden(c);
  if (error instanceof TooMany) return tooMany(c, error);
  if (error instanceof HTTPException)
    return { status: error.status, title: problems.notReceived, detail: error.message };
  return unexpected(c, error);
}

function tooMany(c: AppContext, { retryAfter }: TooMany): Problem {
  const locale = answerLanguage(c);
  const detail = isStaffPath(c)
    ? `続けての操作を、いったん止めています。${retryAfter}秒待って、もう一度お試しください。`
    : join(locale, wordsIn(locale).errors.tooMany(retryAfter), phoneSentence(locale));
  return { status: 429, title: wordsIn(locale).problems.wait, detail, retryAfter, errors: { form: detail } };
}

function unexpected(c: AppContext, error: unknown): Problem {
  const locale = answerLanguage(c);
  const { problems, errors } = wordsIn(locale);
  const trace = traceOf(error);
  log("failed", { requestId: c.get("requestId"), ...trace });
  const apology = c.get("page") === undefined ? problems.apology : errors.broken;
  const detail = join(locale, apology, isStaffPath(c) ? "" : phoneSentence(locale));
  return {
    status: isDatabaseAway(trace.code) ? 503 : 500,
    title: problems.broken,
    detail,
    errors: { form: detail },
  };
}

function forbidden(c: AppContext): Problem {
  const locale = answerLanguage(c);
  const { title, detail } = wordsIn(locale).problems.forbidden;
  return {
    ...{ status: 403, title },
    detail: isStaffPath(c)
      ? "あなたの役割では使えない画面か、ほかのサイトから送られた操作です。必要なときは、管理者に相談してください。"
      : join(locale, detail, phoneSentence(locale)),
  };
}

/** What is uploaded at this path. */
function uploaded(path: string): string {
  if (path.startsWith("/staff/settings")) return "ロゴ";
  return path.startsWith("/staff/newsletters") ? "画像" : "PDF";
}

/** The body is larger than the limit of its route, in kilobytes. */
export function tooLarge(c: AppContext, kilobytes: number): Problem {
  if (isUpload(c.req.path)) {
    const remedy = c.req.path.startsWith("/staff/keywords")
      ? `レポートは ${maxMegabytes} MB までです。前の画面に戻り、期間を分けて書き出したファイルを、一つずつ選んでください。サーバーでコマンド import-ads を使うと、大きなファイルも取り込めます。`
      : `${uploaded(c.req.path)} は ${maxMegabytes} MB までにしてください。前の画面に戻り、小さくしたファイルを選び直してください。`;
    const detail = `ファイルが大きすぎます。${remedy}`;
    return { status: 413, title: "大きすぎて受け取れませんでした", detail };
  }
  const locale = answerLanguage(c);
  const { title, detail } = wordsIn(locale).problems.tooLong;
  return {
    ...{ status: 413, title },
    detail: isStaffPath(c)
      ? `一度に送れるのは ${kilobytes} KB までです。前の画面に戻り、いくつかに分けて送ってください。`
      : join(locale, detail, phoneSentence(locale)),
  };
}

/** Errors as HTTP problems: status, title and a sentence for the person. */

import { HTTPException } from "hono/http-exception";
import { Forbidden, Gone, Invalid, isDatabaseAway, NotFound, Refused, SignedOut, TooMany } from "#db/errors.ts";
import { log, traceOf } from "#db/log.ts";
import { settings } from "#db/settings/settings.ts";
import type { Locale } from "#db/terms/locale.ts";
import { wordsIn } from "#db/words/words.ts";
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

/** The problem an error stands for. Any error not thrown on purpose is logged: a 503 while the database is away, else a 500. */
export function problemOf(error: unknown, c: AppContext): Problem {
  if (error instanceof Invalid)
    return { status: 422, title: "入力内容をご確認ください", detail: "", errors: error.errors };
  if (error instanceof SignedOut)
    return {
      status: 401,
      title: "ログインし直してください",
      detail: error.message,
      errors: { unsaved: error.message },
    };
  if (error instanceof Refused)
    return { status: 409, title: "いまはできません", detail: error.message, errors: { form: error.message } };
  if (error instanceof NotFound) return { status: 404, title: "ページが見つかりません", detail: "" };
  if (error instanceof Gone) return { status: 410, title: "このリンクはもう使えません", detail: error.message };
  if (error instanceof Forbidden) return forbidden(c);
  if (error instanceof TooMany) return tooMany(c, error);
  if (error instanceof HTTPException)
    return { status: error.status, title: "送信を受け取れませんでした", detail: error.message };
  return unexpected(c, error);
}

function tooMany(c: AppContext, { retryAfter }: TooMany): Problem {
  const locale = c.get("locale") ?? "ja";
  const detail = isStaffPath(c)
    ? `続けての操作を、いったん止めています。${retryAfter}秒待って、もう一度お試しください。`
    : join(locale, wordsIn(locale).errors.tooMany(retryAfter), phoneSentence(locale));
  return { status: 429, title: "少し時間をおいてください", detail, retryAfter, errors: { form: detail } };
}

function unexpected(c: AppContext, error: unknown): Problem {
  const locale = c.get("locale") ?? "ja";
  const trace = traceOf(error);
  log("failed", { requestId: c.get("requestId"), ...trace });
  const apology =
    c.get("page") === undefined
      ? "こちらの不具合です。ご迷惑をおかけします。少し時間をおいて、もう一度お試しください。"
      : wordsIn(locale).errors.broken;
  const detail = join(locale, apology, isStaffPath(c) ? "" : phoneSentence(locale));
  return {
    status: isDatabaseAway(trace.code) ? 503 : 500,
    title: "うまく動いていません",
    detail,
    errors: { form: detail },
  };
}

function forbidden(c: AppContext): Problem {
  const detail = isStaffPath(c)
    ? "あなたの役割では使えない画面か、ほかのサイトから送られた操作です。必要なときは、管理者に相談してください。"
    : `ほかのサイトから送られた操作は受け付けていません。お手数ですが、このサイトのページを開き直して、もう一度お試しください。${phoneSentence("ja")}`;
  return { status: 403, title: "この操作はできません", detail };
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
  const detail = isStaffPath(c)
    ? `一度に送れるのは ${kilobytes} KB までです。前の画面に戻り、いくつかに分けて送ってください。`
    : `文章が長すぎて、お預かりできませんでした。前の画面に戻り、4000文字までに短くして送ってください。続きは、お返事のときにうかがいます。${phoneSentence("ja")}`;
  return { status: 413, title: "長すぎて受け取れませんでした", detail };
}

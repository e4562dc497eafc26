/** What people and programs are told when something was wrong. */
import { HTTPException } from "hono/http-exception";
import { Forbidden, Gone, Invalid, NotFound, Refused, TooMany } from "#db/errors.ts";
import { log, traceOf } from "#db/log.ts";
import { organisation } from "#db/terms.ts";
import { type HouseContext, wantsJson } from "./context.ts";
import { brokenPage, renderInstead, serveFile, type Site } from "./pages.ts";

export interface Problem {
  status: number;
  title: string;
  /** One or two sentences for the person. */
  detail: string;
  errors?: Record<string, string>;
  retryAfter?: number;
}

const phone = `お急ぎのときは、お電話（${organisation.phone}、${organisation.hours.label}）でもご相談いただけます。`;

/** Turns an error into what is said of it. Anything unknown is a bug: a 500, or a 503 while the database is away. */
export function problemOf(error: unknown, c: HouseContext): Problem {
  if (error instanceof Invalid)
    return { status: 422, title: "入力内容をご確認ください", detail: "", errors: error.errors };
  if (error instanceof Refused)
    return { status: 409, title: "いまはできません", detail: error.message, errors: { form: error.message } };
  if (error instanceof NotFound) return { status: 404, title: "ページが見つかりません", detail: "" };
  if (error instanceof Gone) return { status: 410, title: "期限が切れています", detail: error.message };
  if (error instanceof Forbidden)
    return { status: 403, title: "この操作はできません", detail: "権限がないか、別のサイトから送られた操作です。" };
  if (error instanceof TooMany) {
    const detail = `短い時間にたくさんの送信がありました。${error.retryAfter} 秒ほど待って、もう一度送ってください。${phone}`;
    return {
      status: 429,
      title: "少し時間をおいてください",
      detail,
      retryAfter: error.retryAfter,
      errors: { form: detail },
    };
  }
  if (error instanceof HTTPException) return { status: error.status, title: "送信を受け取れませんでした", detail: "" };
  const trace = traceOf(error);
  log("failed", { requestId: c.get("requestId"), ...trace });
  const isAway = /^(?:ECONN|CONNECTION_|CONNECT_TIMEOUT|ENOENT$|57P)/u.test(trace.code ?? "");
  const kept = c.get("submitted") && "書いた内容はこの画面に残っています。";
  const detail = `ただいま受け付けの仕組みが止まっています。${kept ?? ""}少しおいて、もう一度お試しください。${phone}`;
  return { status: isAway ? 503 : 500, title: "うまく動いていません", detail, errors: { form: detail } };
}

/** The answer: the form again with everything typed, a page that explains, or RFC 9457 for programs. */
export async function answerProblem(c: HouseContext, site: Site, problem: Problem): Promise<Response> {
  const response = wantsJson(c) ? asJson(problem) : await asPage(c, site, problem);
  if (problem.retryAfter !== undefined) response.headers.set("Retry-After", String(problem.retryAfter));
  return response;
}

function asJson({ status, title, detail, errors }: Problem): Response {
  const body = { type: "about:blank", title, status, ...(detail && { detail }), ...(status === 422 && { errors }) };
  return new Response(JSON.stringify(body), { status, headers: { "Content-Type": "application/problem+json" } });
}

async function asPage(c: HouseContext, site: Site, problem: Problem): Promise<Response> {
  const page = c.get("page");
  try {
    if (page !== undefined && problem.errors) {
      const form = { values: c.get("submitted") ?? {}, errors: problem.errors };
      return await renderInstead(c, site, page, { form }, problem.status);
    }
    const prepared = problem.status === 404 ? serveFile(c, site, undefined, 404, "/404") : undefined;
    return prepared ?? (await renderInstead(c, site, "/problem", { problem }, problem.status));
  } catch (error) {
    // The page itself may refuse this visitor: another's case, an invitation that was used.
    const why = problemOf(error, c);
    return why.status === 500 || why.status === 503
      ? brokenPage(c, site, why.status)
      : asPage(c, site, { ...why, errors: undefined });
  }
}

/** Whether the public address leads here, by https, and the proxy in front is known. */

import { env } from "#db/env.ts";
import { installationMark } from "#db/vault/tokens.ts";
import { doctorWords } from "#db/words/staff/doctor.ts";
import { type Check, ok, type Outside, skipped, todo, warn } from "./check.ts";

const say = doctorWords.origin;

/** That an address without https is no public one is said by `missingForReal`. */
export async function originChecks({ get }: Outside): Promise<Check[]> {
  const origin = env.PUBLIC_ORIGIN;
  if (!origin.startsWith("https://"))
    return [
      skipped("origin.answer", say.notYet(origin)),
      ...(env.SMTP_URL === undefined ? [] : [warn("origin.mail", say.mailWithoutHttps(origin), say.mailAdvice)]),
    ];
  const answer = await get(`${origin}/healthz`).then(
    (found) => judge(origin, found),
    (error: unknown) => judgeError(origin, error),
  );
  return [answer, proxy()];
}

function judge(origin: string, { status, headers }: Response): Check {
  const code = "origin.answer";
  if (status !== 200) return todo(code, say.status(origin, status), say.statusAdvice);
  const isOurs = headers.get("X-Installation") === installationMark();
  return isOurs ? ok(code, say.ok(origin)) : todo(code, say.other(origin), say.otherAdvice);
}

/** Many networks do not lead back to their own public address: that it cannot be reached from here says little. */
function judgeError(origin: string, error: unknown): Check {
  const { name, cause } = error as Error & { cause?: { code?: unknown } };
  const code = typeof cause?.code === "string" ? cause.code : name;
  return /CERT|SELF_SIGNED|VERIFY/u.test(code)
    ? todo("origin.answer", say.certificate(origin, code), say.certificateAdvice)
    : skipped("origin.answer", say.unreachable(origin, code));
}

/** This product speaks no TLS itself: where the address is https, something stands before it. */
const proxy = (): Check =>
  env.TRUSTED_PROXIES.length > 0
    ? ok("origin.proxy", say.proxyOk)
    : todo("origin.proxy", say.noProxy, say.noProxyAdvice);

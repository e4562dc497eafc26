/** Probable typos in the domain of mail addresses. They are pointed out after sending, and never refuse a form. */

import { foldMailAddress } from "#api/forms/mail-address.ts";

const emailTypos: Record<string, string> = {
  ...Object.fromEntries(
    ["gmial.com", "gamil.com", "gmai.com", "gmali.com", "gmail.co", "gmail.co.jp", "gmail.ne.jp", "gmail.jp"].map(
      (typed) => [typed, "gmail.com"],
    ),
  ),
  "docomo.co.jp": "docomo.ne.jp",
  "docomo.jp": "docomo.ne.jp",
  "docomo.ne.com": "docomo.ne.jp",
  "ezweb.co.jp": "ezweb.ne.jp",
  "yahoo.ne.jp": "yahoo.co.jp",
  "yaho.co.jp": "yahoo.co.jp",
  "icloud.co.jp": "icloud.com",
  "iclould.com": "icloud.com",
  "icoud.com": "icloud.com",
};

/** The address with the domain that was probably meant; undefined where nothing looks wrong or nobody can know. */
export function correctedAddress(typed: unknown): string | undefined {
  if (typeof typed !== "string") return undefined;
  const address = foldMailAddress(typed);
  const domain = suggestDomain(address);
  return domain === undefined || domain === "" ? undefined : address.slice(0, address.lastIndexOf("@") + 1) + domain;
}

/** The domain that was probably meant; "" where the domain looks incomplete; undefined where nothing looks wrong. */
export function suggestDomain(address: string): string | undefined {
  const domain = address.slice(address.lastIndexOf("@") + 1).toLowerCase();
  if (!domain.includes(".")) return "";
  const corrected = domain.replace(/\.con$/u, ".com").replace(/\.(co|ne)\.(?:jo|ip|jpp)$/u, ".$1.jp");
  return emailTypos[corrected] ?? (corrected === domain ? undefined : corrected);
}

/** The signature by which other mail servers know that a mail is ours (RFC 6376). */

import { createPrivateKey, type KeyObject } from "node:crypto";
import { readFileSync } from "node:fs";
import { env } from "#db/env.ts";

export interface DkimSignature {
  domainName: string;
  keySelector: string;
  privateKey: KeyObject;
  headerFieldNames: string;
}

/** The headers that DKIM signs. RFC 8058 requires List-Unsubscribe and List-Unsubscribe-Post among them; nodemailer's own list lacks the second. */
export const signedHeaders =
  "From:To:Subject:Date:Message-ID:MIME-Version:Content-Type:Content-Transfer-Encoding:Reply-To:Auto-Submitted:List-Id:List-Unsubscribe:List-Unsubscribe-Post";

/** The DKIM settings of the environment; undefined when there are none. Throws, with a sentence that names the variables, when some are missing or the key is not RSA. */
export function dkimFromEnv({
  DKIM_DOMAIN,
  DKIM_SELECTOR,
  DKIM_KEY_FILE,
}: Pick<typeof env, "DKIM_DOMAIN" | "DKIM_SELECTOR" | "DKIM_KEY_FILE"> = env): DkimSignature | undefined {
  if (DKIM_DOMAIN === undefined && DKIM_SELECTOR === undefined && DKIM_KEY_FILE === undefined) return undefined;
  if (DKIM_DOMAIN === undefined || DKIM_SELECTOR === undefined || DKIM_KEY_FILE === undefined)
    throw new Error("DKIM needs all three of DKIM_DOMAIN, DKIM_SELECTOR and DKIM_KEY_FILE.");
  // Parsed once: signing with a key object takes half the time of signing with PEM text.
  const privateKey = createPrivateKey(readFileSync(DKIM_KEY_FILE));
  // nodemailer signs with rsa-sha256 only; given another key it sends the message unsigned and reports nothing.
  if (privateKey.asymmetricKeyType !== "rsa")
    throw new Error("The environment variable DKIM_KEY_FILE is not usable: it must hold an RSA key.");
  return { domainName: DKIM_DOMAIN, keySelector: DKIM_SELECTOR, privateKey, headerFieldNames: signedHeaders };
}

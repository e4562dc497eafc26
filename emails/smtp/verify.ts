/** Whether a mail server can be used: a conversation up to the point at which a message would follow. */

import { createTransport } from "nodemailer";
import { isLoopback } from "#db/env.ts";
import { replyOf, type SmtpError } from "./replies.ts";

/** How far the conversation with a mail server came: `ready` is as far as a message would need. */
export interface MailServerState {
  state: "ready" | "refused_login" | "no_login" | "no_tls" | "certificate" | "timeout" | "unreachable";
  /** Reply code of the server, or the error's code. */
  reply: string;
  isEncrypted: boolean;
  isSignedIn: boolean;
}

/**
 * Greets the mail server, encrypts (which a server on this machine need not), signs in where the URL holds a name, and
 * says goodbye. Never throws.
 */
export async function verifyMailServer(
  url: string,
  { timeoutMs = 10_000, needsTls = !isLoopback(url) } = {},
): Promise<MailServerState> {
  const { protocol, username } = new URL(url);
  const [isEncrypted, isSignedIn] = [needsTls || protocol === "smtps:", username !== ""];
  const transport = createTransport({
    url,
    ...(needsTls && protocol === "smtp:" && { requireTLS: true }),
    // A server that offers no login is not passed over in silence, as it is with messages.
    forceAuth: isSignedIn,
    ...{ connectionTimeout: timeoutMs, greetingTimeout: timeoutMs, socketTimeout: timeoutMs },
  });
  try {
    await transport.verify();
    return { state: "ready", reply: "", isEncrypted, isSignedIn };
  } catch (error) {
    return { ...troubleOf(error as SmtpError), isEncrypted, isSignedIn };
  } finally {
    transport.close();
  }
}

function troubleOf(error: SmtpError): Pick<MailServerState, "state" | "reply"> {
  const { code = "", responseCode = 0, response, message } = error;
  const reply = (response === undefined ? "" : replyOf(response)) || code.slice(0, 40);
  // 500 to 504: the server does not know the command.
  if (code === "EAUTH") return { state: /^50\d$/u.test(String(responseCode)) ? "no_login" : "refused_login", reply };
  if (/certificate|altnames|self[- ]signed/iu.test(message)) return { state: "certificate", reply };
  if (code === "ETLS") return { state: "no_tls", reply };
  return { state: code === "ETIMEDOUT" ? "timeout" : "unreachable", reply };
}

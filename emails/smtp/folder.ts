/** A folder in place of a mail server: each message is an .eml file. */

import { mkdirSync } from "node:fs";
import { rename, rm, writeFile } from "node:fs/promises";
import { createTransport } from "nodemailer";
import { mailFile } from "#emails/mail-files.ts";
import type { DkimSignature } from "./dkim.ts";
import type { Mailer } from "./mailer.ts";
import { mimeOf } from "./mime.ts";
import type { SmtpError } from "./replies.ts";

export function openMailFolder(folder: string, signature: DkimSignature | undefined): Mailer {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const writer = createTransport({
    streamTransport: true,
    buffer: true,
    newline: "windows",
    disableFileAccess: true,
    disableUrlAccess: true,
    ...(signature && { dkim: signature }),
  });
  return {
    send: async (message) => {
      const { message: bytes } = await writer.sendMail((await mimeOf(message)).mail);
      try {
        await writeWhole(mailFile(folder, message.deliveryId), bytes as Buffer);
      } catch (error) {
        // A full disk, as a rule: nothing about this message, like a server that does not answer.
        return { state: "unreachable", reply: (error as SmtpError).code ?? "" };
      }
      return { state: "accepted", reply: "file" };
    },
    close: () => writer.close(),
  };
}

/** Writes atomically: under another name first, which an erasure knows as well, flushed to the disk (fsync), then renamed. Leaves nothing where it fails. */
async function writeWhole({ path, draft }: ReturnType<typeof mailFile>, bytes: Buffer): Promise<void> {
  try {
    await writeFile(draft, bytes, { mode: 0o600, flush: true });
    await rename(draft, path);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
}

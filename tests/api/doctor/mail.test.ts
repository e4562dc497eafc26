/** What `doctor` sees of mail: a real conversation with a server that fails in one way, and the sender's records. */

import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { SMTPServer, type SMTPServerOptions } from "smtp-server";
import { afterEach, describe, expect, test } from "vitest";
import { mailServerChecks } from "#api/doctor/mail.ts";
import { env } from "#db/env.ts";
import { verifyMailServer } from "#emails/smtp/verify.ts";
import { expectToDo, installation, records, sentenceOf, world } from "./installation.ts";

installation();

const open: { close: (done: () => void) => void }[] = [];
afterEach(async () => {
  for (const server of open.splice(0)) await new Promise<void>((resolve) => server.close(resolve));
});

/** A server that knows one password, "good". Returns its host and port. */
async function mailServer(options: SMTPServerOptions = {}): Promise<string> {
  const server = new SMTPServer({
    ...{ logger: false, authOptional: true, allowInsecureAuth: true, disabledCommands: ["STARTTLS"] },
    onAuth: ({ password }, _session, done) =>
      password === "good" ? done(null, { user: "a" }) : done(new Error("no such user")),
    ...options,
  });
  server.on("error", () => {}); // a client that does not trust the certificate hangs up
  open.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return `127.0.0.1:${(server.server.address() as AddressInfo).port}`;
}

describe("the conversation with the mail server", () => {
  test("signs in, and says so", async () => {
    const host = await mailServer();
    env.SMTP_URL = `smtp://a:good@${host}`;
    expect(await sentenceOf("mail.server")).toBe(
      `ok: メールサーバー ${host} とつながりました（この機械の中、ログインできました）。`,
    );
  });

  test("that refuses the password, or knows no login, is told apart", async () => {
    env.SMTP_URL = `smtp://a:bad@${await mailServer()}`;
    expect(await expectToDo("mail.server")).toMatch(/ログインを断りました（535.*パスワードを確かめて/su);
    env.SMTP_URL = `smtp://a:good@${await mailServer({ disabledCommands: ["STARTTLS", "AUTH"] })}`;
    expect(await expectToDo("mail.server")).toContain("ログインを受け付けていません");
  });

  test("that cannot be reached, or not in time, is told apart", async () => {
    env.SMTP_URL = "smtp://127.0.0.1:9";
    expect(await expectToDo("mail.server")).toContain("つながりません（ESOCKET）");
    const silent = createServer(() => {}).listen(0, "127.0.0.1");
    await new Promise((resolve) => silent.once("listening", resolve));
    open.push(silent);
    env.SMTP_URL = `smtp://127.0.0.1:${(silent.address() as AddressInfo).port}`;
    const [check] = await mailServerChecks(true, (url) => verifyMailServer(url, { timeoutMs: 200 }));
    expect(check).toMatchObject({ state: "todo", sentence: expect.stringContaining("時間内に答えません") });
  });

  /** As for a server elsewhere, to which words would go in the open. */
  const elsewhere = async (options?: SMTPServerOptions) => {
    env.SMTP_URL = `smtp://a:good@${await mailServer(options)}`;
    const [check] = await mailServerChecks(true, (url) => verifyMailServer(url, { needsTls: true }));
    return `${check?.state}: ${check?.sentence}`;
  };

  test("is encrypted, or somebody could read on the way", async () => {
    expect(await elsewhere()).toMatch(/^todo: .*STARTTLS がありません/u);
    // The library's own certificate, which nobody has signed.
    expect(await elsewhere({ disabledCommands: [] })).toMatch(/^todo: .*証明書が正しくありません/u);
    expect((await verifyMailServer("smtp://mail.kaze.invalid")).isEncrypted).toBe(true);
  });

  test("that does not take place, since mails are files, is something to do once families come", async () => {
    delete env.SMTP_URL;
    expect(await expectToDo("mail.server")).toContain("SMTP_URL がないので");
    expect((await mailServerChecks(false))[0]?.state).toBe("warn");
    expect(await sentenceOf("mail.records")).toMatch(/^skipped/u);
  });
});

describe("the sender's records", () => {
  test("that are not there are named with what to add", async () => {
    delete records["kaze.jp"];
    expect(await expectToDo("mail.spf")).toContain("送信サービスの案内にある値");
    delete records["_dmarc.kaze.jp"];
    expect(await expectToDo("mail.spf", "mail.dmarc")).toContain(
      "DNS の _dmarc.kaze.jp に、TXT レコード「v=DMARC1; p=none」を入れてください。",
    );
  });

  test("of another text can wait where a mail service may have its own", async () => {
    env.SMTP_URL = "smtp://mail.kaze.invalid";
    expect(await sentenceOf("mail.spf")).toMatch(/^warn: .*include:mail\.kaze\.jp/u);
    records["kaze.jp"] = [["v=spf1 a:mail.kaze.invalid -all"]];
    expect(await sentenceOf("mail.spf")).toMatch(/^ok/u);
  });

  test("that cannot be asked for now are no fault", async () => {
    world.resolveTxt = () => Promise.reject(Object.assign(new Error("no network"), { code: "ECONNREFUSED" }));
    expect(await sentenceOf("mail.dmarc")).toMatch(/^skipped: .*いまは確かめられません/u);
  });
});

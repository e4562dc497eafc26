import { generateKeyPairSync } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { dkimVerify } from "mailauth/lib/dkim/verify.js";
import PostalMime from "postal-mime";
import { afterEach, describe, expect, test } from "vitest";
import { env } from "#db/env.ts";
import { newToken } from "#db/vault/tokens.ts";
import { filledIn } from "#emails/composers/issue-content.ts";
import { noMaterial } from "#emails/markdown/material.ts";
import { dkimFromEnv } from "#emails/smtp/dkim.ts";
import { type Mailer, openMailer, type OutgoingMail } from "#emails/smtp/mailer.ts";
import { newsletterMail } from "#emails/templates/newsletter.ts";
import { openSmtpServer, type Faults } from "../smtp-server.ts";

const message = (to: string, over: Partial<OutgoingMail> = {}): OutgoingMail => ({
  deliveryId: "01900000-0000-7000-8000-000000000001",
  messageId: "<01900000-0000-7000-8000-000000000001@example.jp>",
  to: [{ name: "", address: to }],
  subject: "受け付けました",
  text: "本文です。\n",
  html: "<p>本文です。</p>",
  headers: { "Auto-Submitted": "auto-generated" },
  ...over,
});

/** One-click is offered by a site with https alone. */
async function overHttps<T>(make: () => Promise<T>): Promise<T> {
  const before = env.PUBLIC_ORIGIN;
  env.PUBLIC_ORIGIN = "https://soudan.example.jp";
  return make().finally(() => {
    env.PUBLIC_ORIGIN = before;
  });
}

const placeholder = newToken();
const shared = await overHttps(() =>
  newsletterMail({
    subject: "秋のたより",
    body: "こんにちは。\n\n".repeat(60),
    ...{ preheader: "", showsSubject: false, material: noMaterial },
    list: { slug: "news", name: "メールマガジン", replyTo: "" },
    unsubscribeToken: placeholder,
    preferencesToken: newToken(),
  }),
);

/** A copy of one mail, with a link of its own. */
async function copyTo(to: string): Promise<OutgoingMail> {
  const values = new Map([[placeholder, newToken()]]);
  const content = filledIn(shared, values);
  return message(to, { ...content, copy: { content: shared, values } });
}

const open: { close: () => unknown }[] = [];
afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});

async function connect(faults: Faults = {}, connections = 2) {
  const server = await openSmtpServer(faults);
  const mailer = openMailer({ smtpUrl: server.url, connections, signature: undefined });
  open.push(mailer, server);
  return { server, mailer };
}

describe("a conversation with a mail server", () => {
  test("the message arrives with the fixed Message-ID, our name and both forms of the text", async () => {
    const { server, mailer } = await connect();
    expect(await mailer.send(message("hanako@example.jp"))).toEqual({ state: "accepted", reply: "250" });
    const mail = await PostalMime.parse(server.received[0]?.text ?? "");
    expect({
      from: mail.from,
      to: mail.to,
      subject: mail.subject,
      messageId: mail.messageId,
      text: mail.text?.trim(),
      html: mail.html?.trim(),
      automatic: mail.headers.find(({ key }) => key === "auto-submitted")?.value,
      program: mail.headers.find(({ key }) => key === "x-mailer")?.value,
    }).toEqual({
      from: { name: "ほしのこみち（見本）", address: "soudan@example.jp" },
      to: [{ name: "", address: "hanako@example.jp" }],
      subject: "受け付けました",
      messageId: "<01900000-0000-7000-8000-000000000001@example.jp>",
      text: "本文です。",
      html: "<p>本文です。</p>",
      automatic: "auto-generated",
      program: undefined,
    });
  });

  test.each([
    ["a..b@docomo.ne.jp", '"a..b"@docomo.ne.jp'],
    ["a.@ezweb.ne.jp", '"a."@ezweb.ne.jp'],
    [".a@ezweb.ne.jp", '".a"@ezweb.ne.jp'],
    ["a.b@docomo.ne.jp", "a.b@docomo.ne.jp"],
    ["o'neil+a@example.jp", "o'neil+a@example.jp"],
  ])("the carrier address %s is written to, as %s", async (typed, onTheWire) => {
    const { server, mailer } = await connect();
    expect((await mailer.send(message(typed))).state).toBe("accepted");
    const [{ to, text } = { to: [], text: "" }] = server.received;
    expect(to).toEqual([onTheWire]);
    expect(/^To: <?(.*?)>?\r?$/mu.exec(text)?.[1]).toBe(onTheWire);
  });

  test("answers go where the mail says, or to the sender", async () => {
    const { server, mailer } = await connect();
    for (const replyTo of ["kifu@example.jp", "", undefined])
      await mailer.send(message("hanako@example.jp", { replyTo }));
    const mails = await Promise.all(server.received.map(({ text }) => PostalMime.parse(text)));
    expect(mails.map((mail) => mail.replyTo?.map(({ address }) => address))).toEqual([
      ["kifu@example.jp"],
      undefined,
      undefined,
    ]);
  });

  test("an address that looks like two reaches neither", async () => {
    const { server, mailer } = await connect();
    for (const mail of [message("a@example.jp, b@example.jp"), await copyTo("a@example.jp, b@example.jp")])
      expect((await mailer.send(mail)).state).toBe("failed");
    expect(server.received).toEqual([]);
  });

  test.each<[string, Faults, object]>([
    ["refused for now at the recipient", { recipient: 450 }, { state: "retry", reply: "450" }],
    ["refused for now after the text", { text: 451 }, { state: "retry", reply: "451" }],
    ["refused for good at the recipient", { recipient: 550 }, { state: "failed", reply: "550" }],
    ["refused for good after the text", { text: 554 }, { state: "failed", reply: "554" }],
    ["out of step", { text: 503 }, { state: "retry", reply: "503" }],
    ["cut off before the text", { hangUpBeforeText: true }, { state: "unreachable", reply: "ECONNECTION" }],
    ["cut off after the text", { hangUpAfterText: true }, { state: "uncertain", reply: "ECONNECTION" }],
  ])("%s", async (_name, faults, outcome) => {
    const { server, mailer } = await connect(faults);
    expect(await mailer.send(message("hanako@example.jp"))).toEqual(outcome);
    expect(server.received).toEqual([]);
  });

  test("cut off on a connection that has carried a message before is told apart in the same way", async () => {
    const { server, mailer } = await connect({}, 1);
    await mailer.send(message("hanako@example.jp"));
    server.faults.hangUpBeforeText = true;
    expect((await mailer.send(message("hanako@example.jp"))).state).toBe("unreachable");
    server.faults.hangUpBeforeText = false;
    await mailer.send(message("hanako@example.jp"));
    server.faults.hangUpAfterText = true;
    expect((await mailer.send(message("hanako@example.jp"))).state).toBe("uncertain");
    server.faults.hangUpAfterText = false;
    expect((await mailer.send(message("hanako@example.jp"))).state).toBe("accepted");
    expect(server.received.length).toBe(3);
  });

  test("a server that is not there is unreachable, and the same mailer finds it when it is back", async () => {
    const first = await openSmtpServer();
    await first.close();
    const mailer = openMailer({ smtpUrl: first.url, connections: 2, signature: undefined });
    open.push(mailer);
    expect((await mailer.send(message("hanako@example.jp"))).state).toBe("unreachable");
    const again = await openSmtpServer({}, first.port);
    open.push(again);
    expect((await mailer.send(message("hanako@example.jp"))).state).toBe("accepted");
  });

  test("a send given up by its signal before the text is no lost message", async () => {
    const { server, mailer } = await connect();
    const outcome = await mailer.send(message("hanako@example.jp"), AbortSignal.abort());
    expect([outcome.state, server.received.length]).toEqual(["unreachable", 0]);
  });
});

describe("DKIM", () => {
  const folder = mkdtempSync(join(tmpdir(), "komichi-dkim-"));
  const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const keyFile = join(folder, "dkim.pem");
  writeFileSync(keyFile, privateKey.export({ type: "pkcs8", format: "pem" }));
  const settings = { DKIM_DOMAIN: "example.jp", DKIM_SELECTOR: "k1", DKIM_KEY_FILE: keyFile };
  const record = publicKey.export({ type: "spki", format: "der" }).toString("base64");
  const resolver = async () => [[`v=DKIM1; k=rsa; p=${record}`]];

  test("a newsletter's signature verifies and covers the one-click headers", async () => {
    const server = await openSmtpServer();
    const mailer = openMailer({ smtpUrl: server.url, connections: 1, signature: dkimFromEnv(settings) });
    open.push(mailer, server);
    const issue = await overHttps(() =>
      newsletterMail({
        subject: "秋のたより",
        body: "こんにちは。",
        ...{ preheader: "", showsSubject: false, material: noMaterial },
        list: { slug: "news", name: "メールマガジン", replyTo: "" },
        unsubscribeToken: "t0ken",
        preferencesToken: "t1ken",
      }),
    );
    expect((await mailer.send(message("hanako@example.jp", issue))).state).toBe("accepted");
    const text = server.received[0]?.text ?? "";
    const { headers } = await PostalMime.parse(text);
    const list = headers.filter(({ key }) => key.startsWith("list-")).map(({ key, value }) => [key, value]);
    expect(Object.fromEntries(list)).toEqual({
      "list-id": "<news.example.jp>",
      "list-unsubscribe": "<https://soudan.example.jp/u/t0ken>",
      "list-unsubscribe-post": "List-Unsubscribe=One-Click",
    });
    const verdict = await dkimVerify(Buffer.from(text), { resolver } as never);
    expect(verdict.results.map((result: { status: { result: string } }) => result.status.result)).toEqual(["pass"]);
    const signed = /\bh=([^;]+)/u.exec(text.replace(/\r?\n\s+/gu, ""))?.[1]?.split(":");
    expect(signed).toEqual(
      expect.arrayContaining(["from", "to", "subject", "message-id", "list-unsubscribe", "list-unsubscribe-post"]),
    );
  });

  test("of a copy of a prepared mail it verifies as well, with the reader's own link in it", async () => {
    const server = await openSmtpServer();
    const mailer = openMailer({ smtpUrl: server.url, connections: 1, signature: dkimFromEnv(settings) });
    open.push(mailer, server);
    for (const to of ["abc..def.@docomo.ne.jp", "hanako@example.jp"])
      expect((await mailer.send(await copyTo(to))).state).toBe("accepted");
    expect(server.received.map(({ to }) => to)).toEqual([['"abc..def."@docomo.ne.jp'], ["hanako@example.jp"]]);
    const unfolded = server.received.map(({ text }) => text.replace(/\r?\n[ \t]+/gu, " "));
    const links = unfolded.map((text) => /^List-Unsubscribe: <(\S+)>\r?$/mu.exec(text)?.[1]);
    expect(new Set(links).size).toBe(2);
    for (const { text, to } of server.received) {
      const verdict = await dkimVerify(Buffer.from(text), { resolver } as never);
      expect(verdict.results.map((result: { status: { result: string } }) => result.status.result)).toEqual(["pass"]);
      const signed = /\bh=([^;]+)/u.exec(text.replace(/\r?\n\s+/gu, ""))?.[1]?.split(":");
      expect(signed).toEqual(expect.arrayContaining(["list-id", "list-unsubscribe", "list-unsubscribe-post"]));
      expect(Math.max(...text.split(/\r?\n/u).map((line) => line.length))).toBeLessThan(998);
      const mail = await PostalMime.parse(text);
      expect([mail.to?.[0]?.address?.replaceAll('"', ""), mail.subject]).toEqual([
        to[0]?.replaceAll('"', ""),
        "秋のたより",
      ]);
      expect(mail.text).toContain(links[server.received.findIndex((one) => one.text === text)]);
      expect(mail.html).toContain(links[server.received.findIndex((one) => one.text === text)]);
    }
  });

  test("an altered message does not verify", async () => {
    const server = await openSmtpServer();
    const mailer = openMailer({ smtpUrl: server.url, connections: 1, signature: dkimFromEnv(settings) });
    open.push(mailer, server);
    await mailer.send(message("hanako@example.jp", { html: "<p>plain</p>", text: "plain\n" }));
    const altered = (server.received[0]?.text ?? "").replaceAll("plain", "plaim");
    const verdict = await dkimVerify(Buffer.from(altered), { resolver } as never);
    expect(verdict.results.map((result: { status: { result: string } }) => result.status.result)).not.toContain("pass");
  });

  test("half a configuration, or a key of another kind, stops the start with a sentence", () => {
    expect(() => dkimFromEnv({ ...settings, DKIM_SELECTOR: undefined })).toThrow("all three");
    const other = join(folder, "ed25519.pem");
    writeFileSync(other, generateKeyPairSync("ed25519").privateKey.export({ type: "pkcs8", format: "pem" }));
    expect(() => dkimFromEnv({ ...settings, DKIM_KEY_FILE: other })).toThrow("RSA");
    expect(dkimFromEnv({ DKIM_DOMAIN: undefined, DKIM_SELECTOR: undefined, DKIM_KEY_FILE: undefined })).toBeUndefined();
  });
});

test("without a server each message is one file, named by its delivery, readable by its owner only", async () => {
  const folder = join(mkdtempSync(join(tmpdir(), "komichi-outbox-")), "outbox");
  const mailer: Mailer = openMailer({ smtpUrl: undefined, folder, signature: undefined });
  const outcome = await mailer.send(message("a..b@docomo.ne.jp"));
  expect(outcome).toEqual({ state: "accepted", reply: "file" });
  expect(readdirSync(folder)).toEqual(["01900000-0000-7000-8000-000000000001.eml"]);
  const path = join(folder, "01900000-0000-7000-8000-000000000001.eml");
  expect((statSync(path).mode & 0o777).toString(8)).toBe("600");
  const mail = await PostalMime.parse(readFileSync(path));
  expect([mail.subject, mail.messageId]).toEqual([
    "受け付けました",
    "<01900000-0000-7000-8000-000000000001@example.jp>",
  ]);
});

test("a file that cannot be written is a server that cannot be reached: the message waits, and nothing half is left", async () => {
  const folder = mkdtempSync(join(tmpdir(), "komichi-outbox-"));
  const mailer: Mailer = openMailer({ smtpUrl: undefined, folder, signature: undefined });
  // A device on which there is never any room.
  symlinkSync("/dev/full", join(folder, "01900000-0000-7000-8000-000000000001.eml.tmp"));
  expect(await mailer.send(message("a..b@docomo.ne.jp"))).toEqual({ state: "unreachable", reply: "ENOSPC" });
  expect(readdirSync(folder)).toEqual([]);
  expect(await mailer.send(message("a..b@docomo.ne.jp"))).toEqual({ state: "accepted", reply: "file" });
});

/** Addresses with a domain in Japanese letters: accepted wherever a family or a reader types one, shown as typed, mailed as mail servers know them. */

import { type AddressInfo, connect, createServer } from "node:net";
import { isNotNull } from "drizzle-orm";
import { beforeEach, describe, expect, test } from "vitest";
import { openCase } from "#api/cases/case.ts";
import { ContactForm } from "#api/contacts/forms.ts";
import { MailAddress } from "#api/forms/fields.ts";
import { ListForm } from "#api/newsletters/forms.ts";
import { CallForm } from "#api/phone-intake/forms.ts";
import { CorrectForm, FindForm } from "#api/readers/forms.ts";
import { search } from "#api/search/search.ts";
import { InvitationForm, NewStaff } from "#api/staff/forms.ts";
import { db } from "#db/client.ts";
import { isMailAddress, normaliseAddress, readableAddress } from "#db/formats/mail-address.ts";
import { downloadGrants } from "#db/schema/guides.ts";
import { deliveries, subscribers } from "#db/schema/mail.ts";
import { SettingValues } from "#db/settings/keys.ts";
import { blindIndex } from "#db/vault/blind-index.ts";
import { wordsIn } from "#db/words/words.ts";
import { addressIndex, maskAddress } from "#emails/addresses.ts";
import { compose } from "#emails/outbox/compose.ts";
import { claimBatch } from "#emails/outbox/outbox.ts";
import { ownAddress } from "#emails/recipients.ts";
import { openMailer } from "#emails/smtp/mailer.ts";
import { openSmtpServer } from "../emails/smtp-server.ts";
import { call, caseIn, send } from "./phone-intake/calls.ts";
import { member, postForm, postJson, receive, signIn } from "./requests.ts";

const typed = "user@日本語.jp";
const wired = "user@xn--wgv71a119e.jp";
/** As people type it, as browsers send it, and from a Japanese keyboard. */
const spellings = [typed, wired, "ｕｓｅｒ＠日本語．ｊｐ", "USER@日本語。jp", "user@日本語.JP、"];

const coordinator = await member("coordinator");
const cookie = await signIn(coordinator);

beforeEach(async () => {
  await db.delete(deliveries);
});

/** A wire to this server that keeps what is said to it: the server itself reads names back into their letters. */
async function wireTo(url: string) {
  const said: string[] = [];
  const wire = createServer((client) => {
    const server = connect(Number(new URL(url).port), "127.0.0.1");
    client.on("data", (bytes) => said.push(bytes.toString("utf8")));
    for (const socket of [client, server]) socket.on("error", () => {});
    client.pipe(server).pipe(client);
  });
  await new Promise<void>((resolve) => wire.listen(0, "127.0.0.1", resolve));
  const smtpUrl = `smtp://127.0.0.1:${(wire.address() as AddressInfo).port}`;
  return { smtpUrl, said: () => said.join(""), close: () => wire.close() };
}

/** Every RCPT of the envelope and every To of what is queued now, as they go over the wire. */
async function sentTo() {
  const server = await openSmtpServer();
  const wire = await wireTo(server.url);
  const mailer = openMailer({ smtpUrl: wire.smtpUrl, connections: 1, signature: undefined });
  for (const delivery of await claimBatch("transactional", 10)) {
    if (delivery.kind === "staff_notice") continue;
    const mail = await compose(delivery);
    if (typeof mail !== "string") await mailer.send(mail);
  }
  mailer.close();
  wire.close();
  await server.close();
  return wire
    .said()
    .match(/^(?:RCPT TO|To): ?.*$/gmu)
    ?.map((line) => line.trim());
}

const toWire = [`RCPT TO:<${wired}>`, `To: ${wired}`];

describe("mailed as xn--, shown as typed", () => {
  test("a consultation", async () => {
    const { caseId } = await receive({ email: typed, reply_by: "email" });
    const [asked] = (await openCase(coordinator, caseId)).consultations;
    expect(asked?.contact.email).toBe(typed);
    expect(await sentTo()).toEqual(toWire);
  });

  test("a call taken by staff", async () => {
    const answer = await send(cookie, call({ answer: "email", address: "user@xn--wgv71a119e.jp、" }));
    const [asked] = (await openCase(coordinator, caseIn(answer))).consultations;
    expect(asked?.contact.email).toBe(typed);
    expect(await sentTo()).toEqual(toWire);
  });

  test("a guide", async () => {
    const answer = await postForm("/guides/learning-in-hospital", { email: wired, key: "idn-guide" });
    expect(answer.status).toBe(303);
    const [grant] = await db.select().from(downloadGrants);
    expect(grant && ownAddress("download_grants", grant)).toBe(typed);
    expect(await sentTo()).toEqual(toWire);
  });

  test("the newsletter, from the form and from a program, as one reader", async () => {
    expect(
      (await postForm("/newsletter", { email: wired, lists: "news", consent: "on", key: "idn-news" })).status,
    ).toBe(200);
    expect((await postJson("/api/subscriptions", { email: typed, consent: true })).status).toBe(202);
    const readers = await db.select().from(subscribers).where(isNotNull(subscribers.email));
    expect(readers.map((reader) => ownAddress("subscribers", reader))).toEqual([typed]);
    expect(await sentTo()).toEqual(toWire);
  });
});

test("every spelling has one blind index, by which the case is found", async () => {
  const { caseId } = await receive({ email: "found@例え.jp", reply_by: "email" });
  for (const spelling of ["found@例え.jp", "FOUND@xn--r8jz45g.jp", "ｆｏｕｎｄ＠例え。jp"])
    expect((await search(coordinator, spelling)).ids).toEqual([caseId]);
  const [first, ...others] = spellings.slice(0, 4).map((spelling) => addressIndex(spelling).toString("hex"));
  expect(new Set(others)).toEqual(new Set([first]));
});

test("the index of an address in plain letters is what it always was", () => {
  for (const [address, before] of [
    ["hanako@example.jp", "hanako@example.jp"],
    [" Hanako@EXAMPLE.jp　", "hanako@example.jp"],
    ["ｈａｎａｋｏ＠ｅｘａｍｐｌｅ．ｊｐ", "hanako@example.jp"],
    ["a..b@docomo.ne.jp", "a..b@docomo.ne.jp"],
    [wired, wired],
    ["日本語", "日本語"],
    ["", ""],
  ] as const)
    expect([address, addressIndex(address)]).toEqual([address, blindIndex("email", before)]);
});

test.each([
  [typed, wired, typed],
  [wired, wired, typed],
  ["USER@日本語.JP", "USER@xn--wgv71a119e.jp", "USER@日本語.jp"],
  ["a@ア・イ。jp", "a@xn--ccke4x.jp", "a@ア・イ.jp"],
  ["hanako@Example.jp", "hanako@Example.jp", "hanako@Example.jp"],
  ["no address", "no address", "no address"],
  // No domain that there could be: it stays, and is refused by its form.
  ["a@日 本", "a@日 本", "a@日 本"],
])("%s goes to %s and is read as %s", (address, toServer, toPeople) => {
  expect([normaliseAddress(address), readableAddress(address)]).toEqual([toServer, toPeople]);
  expect(readableAddress(normaliseAddress(address)).toLowerCase()).toBe(toPeople.toLowerCase());
});

test("the mask shows the domain as people read it, also of an address that was stored as xn--", () => {
  expect([maskAddress(wired), maskAddress(typed)]).toEqual(["u•••@日本語.jp", "u•••@日本語.jp"]);
});

test.each(["ユーザー@日本語.jp", "user@日 本.jp", `user@${"日".repeat(300)}.jp`])("%s is refused", async (email) => {
  const answer = await postJson("/api/subscriptions", { email, consent: true });
  expect(answer.status).toBe(422);
});

/** What the host of a web address may hold beside its name, and what is not seen: none of it is a domain's. */
const noDomains = [
  "例え.jp/【事務局より】このアドレスは確認済みです。",
  "xn--r8jz45g.jp/【事務局より】",
  "例え.jp\n改行",
  "例え.jp?bcc=other@example.jp",
  "例え.jp?bcc=other",
  `例え.jp#${"長".repeat(150)}`,
  "例え.jp/\u202egnp.exe",
  "例え\u202e.jp",
  "例え\u200d.jp",
  "例え%2Ejp",
  "例え.jp\\",
  "例え.jp:25",
  "例え【済】.jp",
  "xn--com-6y3b.jp",
].map((domain) => `a@${domain}`);

describe.each(noDomains)("%j", (email) => {
  const { emailShape } = wordsIn("ja").errors;

  test("is neither translated nor read as another address", () => {
    expect(isMailAddress(email)).toBe(false);
    expect(normaliseAddress(email)).toBe(email.normalize("NFKC"));
  });

  test("is refused wherever somebody may type it, with the sentence of a wrong address", async () => {
    const key = crypto.randomUUID();
    const asked = { name: "名", message: "話", reply_by: "email", consent: true };
    for (const answer of [
      await postJson("/api/subscriptions", { email, consent: true }),
      await postJson("/api/consultations", { ...asked, email, key }),
      await postJson("/api/downloads", { email, guide: "learning-in-hospital", key }),
    ])
      expect([answer.status, await answer.json()]).toMatchObject([422, { errors: { email: emailShape } }]);
    for (const form of [FindForm, CorrectForm, ContactForm, ListForm, InvitationForm, NewStaff]) {
      const { issues } = form.safeParse({ [form === ListForm ? "reply_to" : "email"]: email }).error ?? { issues: [] };
      expect(issues.map(({ message }) => message)).toContain(emailShape);
    }
    expect(
      CallForm.safeParse({ ...call({ answer: "email", address: email }), do: "take" }).error?.issues,
    ).toMatchObject([{ path: ["address"], message: emailShape }]);
    expect(SettingValues.shape["mail_from.address"].safeParse(email).success).toBe(false);
    expect(SettingValues.shape.notify.safeParse([email]).success).toBe(false);
  });
});

test("what is kept is what was checked: marks that IDNA drops are gone, and invisible ones around an address", () => {
  for (const written of ["a@例え\ufe0f.jp", "\u200ba@例え.jp\u200b", "\u202aa@xn--r8jz45g.jp\u202c"])
    expect(MailAddress.parse(written)).toBe("a@例え.jp");
});

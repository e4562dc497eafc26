import { asc, eq } from "drizzle-orm";
import { beforeEach, describe, expect, test } from "vitest";
import { db } from "#db/client.ts";
import { leads } from "#db/schema/leads.ts";
import { consentTexts, deliveries, subscribers, subscriptions, suppressions } from "#db/schema/mail.ts";
import { auditEvents } from "#db/schema/staff.ts";
import { tokenForId } from "#db/vault/tokens.ts";
import { wordsIn } from "#db/words/words.ts";
import { addressIndex } from "#emails/addresses.ts";
import { eraseReaderIn } from "#emails/lists/erase.ts";
import { confirmSubscription, describeConfirmation } from "#emails/lists/subscriptions.ts";
import { describeUnsubscription, unsubscribe } from "#emails/lists/unsubscribe.ts";
import { compose } from "#emails/outbox/compose.ts";
import { claimBatch } from "#emails/outbox/outbox.ts";
import { overtaken } from "../../locks.ts";
import { deleteReaders } from "../fixtures.ts";
import { form, json, mailApp } from "../requests.ts";
import { at, request } from "./readers.ts";

const days = (count: number) => new Date(at("03:00").getTime() + count * 86_400_000);
const requestFor = (email: string, now?: Date) => request(undefined, now, email);

async function only() {
  const rows = await db.select().from(subscriptions);
  expect(rows.length).toBe(1);
  const [row] = rows;
  if (!row) throw new Error("no subscription");
  return row;
}
const tokens = async () => {
  const { id, subscriberId } = await only();
  return { confirm: tokenForId("confirm", id), stop: tokenForId("unsubscribe", subscriberId) };
};
const stateBehind = async (token: string, now?: Date) => (await describeConfirmation(token, now)).state;
const trail = async () =>
  (await db.select().from(auditEvents).orderBy(asc(auditEvents.id))).map(
    ({ staffId, action, noun }) => `${staffId ?? "nobody"} ${action} ${noun}`,
  );
const mailsQueued = async () =>
  (await db.select().from(deliveries)).filter(({ state }) => state !== "cancelled").map(({ kind }) => kind);

let seen = 0;
beforeEach(async () => {
  await deleteReaders();
  await db.delete(leads);
  seen = (await trail()).length;
});
const newTrail = async () => (await trail()).slice(seen);

describe("requesting", () => {
  test("keeps the words agreed to, the form and the moment, seals the address, and mails one link", async () => {
    await requestFor("Ｈanako@example.jp ");
    const row = await only();
    const [consent] = await db.select().from(consentTexts).where(eq(consentTexts.id, row.consentTextId));
    expect({ ...row, id: 0, subscriberId: 0, listId: 0, consentTextId: consent?.body }).toEqual({
      id: 0,
      subscriberId: 0,
      listId: 0,
      state: "pending",
      consentTextId: wordsIn("ja").consents.newsletter,
      form: "/newsletter",
      requestedAt: at("03:00"),
      expiresAt: days(7),
      confirmedAt: null,
      unsubscribeReason: null,
      unsubscribedAt: null,
    });
    const [subscriber] = await db.select().from(subscribers);
    expect(subscriber?.emailIndex).toEqual(addressIndex("hanako@example.jp"));
    expect(subscriber?.email?.toString("latin1")).not.toContain("anako");
    const [claimed] = await claimBatch("transactional", 5);
    const message = claimed && (await compose(claimed));
    expect(message).toMatchObject({ to: [{ address: "Hanako@example.jp" }] });
    expect(await newTrail()).toEqual(["nobody request subscription"]);
  });

  test("again within a day sends no second mail; later it does, to the same person, for a week more", async () => {
    await requestFor("hanako@example.jp", at("03:00"));
    await requestFor("HANAKO@example.jp", new Date(days(1).getTime() - 1000));
    expect(await mailsQueued()).toEqual(["confirmation"]);
    await requestFor("hanako@example.jp", days(1));
    expect(await mailsQueued()).toEqual(["confirmation", "confirmation"]);
    expect(await only()).toMatchObject({ requestedAt: at("03:00"), expiresAt: days(8) });
  });

  test("twenty requests at once make one subscriber and one mail", async () => {
    await Promise.all(Array.from({ length: 20 }, () => requestFor("hanako@example.jp")));
    expect((await db.select().from(subscribers)).length).toBe(1);
    expect(await mailsQueued()).toEqual(["confirmation"]);
    await Promise.all(Array.from({ length: 20 }, () => requestFor("hanako@example.jp", days(1))));
    expect(await mailsQueued()).toEqual(["confirmation", "confirmation"]);
  });

  test("by somebody who reads already sends nothing and changes nothing", async () => {
    await requestFor("hanako@example.jp");
    await confirmSubscription((await tokens()).confirm, at("04:00"));
    const before = await only();
    expect(await requestFor("hanako@example.jp", at("09:00"))).toBeUndefined();
    expect([await only(), await mailsQueued()]).toEqual([before, ["confirmation"]]);
  });
});

describe.each(["request", "correction"] as const)("while the reader is erased (%s)", (reason) => {
  // An address of its own: what was mailed to a corrected one counts on.
  const email = `${reason}@example.jp`;
  const during = async <T>(meanwhile: () => Promise<T>) => {
    const { subscriberId } = await only();
    return overtaken(
      (tx) => tx.select().from(subscribers).where(eq(subscribers.id, subscriberId)).for("update"),
      (tx) => eraseReaderIn(tx, subscriberId, { reason, by: null, now: at("04:00") }),
      meanwhile,
    );
  };

  test("a request of the same address waits, becomes a reader of its own and is answered as any other", async () => {
    await requestFor(email);
    const asked = { email, consent: true };
    const answer = await during(async () => mailApp().request("/api/subscriptions", json(asked)));
    expect([answer.status, await answer.json()]).toEqual([202, { status: "confirmation_sent" }]);
    const readers = await db.select().from(subscribers);
    expect(readers.filter(({ emailIndex }) => emailIndex?.equals(addressIndex(email))).length).toBe(1);
    expect(await db.$count(subscriptions, eq(subscriptions.state, "pending"))).toBe(1);
  });

  test("a confirmation is answered that its link is over", async () => {
    await requestFor(email);
    const { confirm } = await tokens();
    await expect(during(() => confirmSubscription(confirm, at("05:00")))).rejects.toThrow("期限");
    expect(await stateBehind(confirm)).toBe("expired");
  });
});

describe("confirming", () => {
  test("looking changes nothing, however often; the button does, once", async () => {
    await requestFor("hanako@example.jp");
    const { confirm } = await tokens();
    const before = await only();
    for (let i = 0; i < 3; i++) expect(await stateBehind(confirm, at("04:00"))).toBe("pending");
    expect(await only()).toEqual(before);
    await confirmSubscription(confirm, at("04:00"));
    await confirmSubscription(confirm, at("05:00"));
    expect([(await only()).state, (await only()).confirmedAt]).toEqual(["confirmed", at("04:00")]);
    expect(await stateBehind(confirm)).toBe("confirmed");
    expect(await newTrail()).toEqual(["nobody request subscription", "nobody confirm subscription"]);
  });

  test("ends after seven days, and after an unsubscription", async () => {
    await requestFor("hanako@example.jp");
    const { confirm, stop } = await tokens();
    expect(await stateBehind(confirm, days(7))).toBe("expired");
    await expect(confirmSubscription(confirm, days(7))).rejects.toThrow("期限");
    await unsubscribe(stop);
    expect(await stateBehind(confirm, at("04:00"))).toBe("expired");
    await expect(confirmSubscription(confirm, at("04:00"))).rejects.toThrow("期限");
  });

  test("a token for another purpose, or a made-up one, opens nothing", async () => {
    await requestFor("hanako@example.jp");
    const { stop } = await tokens();
    for (const token of [stop, "", "x".repeat(43), tokenForId("confirm", crypto.randomUUID())]) {
      expect(await stateBehind(token)).toBe("unknown");
      await expect(confirmSubscription(token)).rejects.toThrow();
    }
    expect((await only()).state).toBe("pending");
  });

  test.each([
    ["request", []],
    ["complaint", []],
    ["bounce", ["bounce"]],
  ] as const)("a fresh yes against an earlier %s leaves %j", async (reason, left) => {
    await db.insert(suppressions).values({ emailIndex: addressIndex("hanako@example.jp"), reason });
    await requestFor("hanako@example.jp");
    await confirmSubscription((await tokens()).confirm, at("04:00"));
    expect((await db.select().from(suppressions)).map((row) => row.reason)).toEqual(left);
  });
});

describe("unsubscribing", () => {
  test("acts once, again is no error, and the address is not written to any more", async () => {
    await requestFor("hanako@example.jp");
    const { confirm, stop } = await tokens();
    await confirmSubscription(confirm, at("04:00"));
    expect((await describeUnsubscription(stop)).state).toBe("reading");
    await unsubscribe(stop, at("05:00"));
    await unsubscribe(stop, at("06:00"));
    const row = await only();
    expect([row.state, row.unsubscribedAt, (await describeUnsubscription(stop)).state]).toEqual([
      "unsubscribed",
      at("05:00"),
      "stopped",
    ]);
    expect((await db.select().from(suppressions)).map(({ reason }) => reason)).toEqual(["request"]);
    expect(await newTrail()).toEqual([
      "nobody request subscription",
      "nobody confirm subscription",
      "nobody unsubscribe subscription",
    ]);
  });
});

describe("by HTTP", () => {
  test("the API says the same to a stranger, a reader and one who just asked", async () => {
    const post = async () => {
      const response = await mailApp().request(
        "/api/subscriptions",
        json({ email: "hanako@example.jp", consent: true }),
      );
      return [response.status, await response.json()];
    };
    const answer = [202, { status: "confirmation_sent" }];
    expect(await post()).toEqual(answer);
    expect(await post()).toEqual(answer);
    await confirmSubscription((await tokens()).confirm);
    expect(await post()).toEqual(answer);
    expect(await mailsQueued()).toEqual(["confirmation"]);
    const kinds = (await db.select().from(leads)).map(({ kind, channel }) => [kind, channel]);
    expect(kinds).toEqual(Array.from({ length: 3 }, () => ["subscription", "api"]));
  });

  test.each(["/newsletter", "/api/subscriptions"])("a plain form posted to %s is led on to a page", async (path) => {
    const response = await mailApp().request(
      path,
      form({ email: "hanako@example.jp", lists: "news", consent: "true", website: "" }),
    );
    expect([response.status, response.headers.get("location")]).toEqual([
      303,
      expect.stringMatching(/^\/newsletter\/kept\/[\w-]{43}$/u),
    ]);
    expect((await only()).state).toBe("pending");
  });

  test.each([
    [{ email: "hanako@example.jp" }, ["consent"]],
    [{ email: "hanako@example.jp", consent: false }, ["consent"]],
    [{ consent: true }, ["email"]],
    [{ email: "hanako", consent: true }, ["email"]],
    [{ email: ["a@example.jp"], consent: true }, ["email"]],
    [{ email: "hanako@example.jp", consent: true, list: "all" }, ["list"]],
    [{ email: "hanako@example.jp", consent: true, lists: [] }, ["lists"]],
    [{ email: "hanako@example.jp", consent: true, lists: [["news"]] }, ["lists"]],
    [{ email: "hanako@example.jp", consent: true, lists: ["news", "gossip"] }, ["lists"]],
  ])("%j is refused and the field is named", async (body, fields) => {
    const response = await mailApp().request("/api/subscriptions", json(body));
    const { errors } = (await response.json()) as { errors: object };
    expect([response.status, Object.keys(errors)]).toEqual([422, fields]);
    expect(await db.select().from(subscriptions)).toEqual([]);
  });

  test("one network cannot have mail sent to address after address", async () => {
    const app = mailApp();
    const statuses = [];
    for (let i = 0; i < 61; i++) {
      const response = await app.request("/api/subscriptions", json({ email: `r${i}@example.jp`, consent: true }));
      statuses.push(response.status);
    }
    const sent = (await mailsQueued()).length;
    // The minute may turn while we ask; every refusal still means that nothing was kept.
    expect(sent).toBe(statuses.filter((status) => status === 202).length);
    expect(statuses.every((status) => status === 202 || status === 429)).toBe(true);
  });

  test("a robot that opens links, or asks for their heads, changes nothing", async () => {
    await requestFor("hanako@example.jp");
    const { confirm, stop } = await tokens();
    await confirmSubscription(confirm, at("04:00"));
    const before = await only();
    for (const path of [`/u/${stop}`, `/newsletter/confirm/${confirm}`])
      for (const method of ["GET", "HEAD", "OPTIONS"]) await mailApp().request(path, { method });
    expect((await describeUnsubscription(stop)).state).toBe("reading");
    expect([await only(), await db.select().from(suppressions)]).toEqual([before, []]);
  });

  test.each([
    ["a mail program (RFC 8058)", "application/x-www-form-urlencoded", "List-Unsubscribe=One-Click", 200],
    [
      "a mail program that sends multipart",
      "multipart/form-data; boundary=b",
      '--b\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nList-Unsubscribe=One-Click\r\n--b--',
      200,
    ],
    ["a program without any body", undefined, "", 200],
  ])("%s stops the newsletter in one request", async (_who, type, body, status) => {
    await requestFor("hanako@example.jp");
    const { stop } = await tokens();
    const headers: HeadersInit = type === undefined ? [] : [["content-type", type]];
    const response = await mailApp().request(`/u/${stop}`, { method: "POST", headers, body });
    expect([response.status, response.headers.get("location"), (await only()).state]).toEqual([
      status,
      null,
      "unsubscribed",
    ]);
  });

  test("a person pressing the buttons comes back to the page that says it is done", async () => {
    await requestFor("hanako@example.jp", new Date());
    const { confirm, stop } = await tokens();
    const confirmed = await mailApp().request(`/newsletter/confirm/${confirm}`, form({}));
    expect([confirmed.status, confirmed.headers.get("location"), (await only()).state]).toEqual([
      303,
      `/newsletter/confirm/${confirm}`,
      "confirmed",
    ]);
    const stopped = await mailApp().request(`/u/${stop}`, form({}));
    expect([stopped.status, stopped.headers.get("location"), (await only()).state]).toEqual([
      303,
      `/u/${stop}`,
      "unsubscribed",
    ]);
  });

  test("made-up tokens are absent", async () => {
    for (const path of ["/u/x", `/u/${"x".repeat(43)}`, "/newsletter/confirm/x"])
      expect((await mailApp().request(path, form({}))).status).toBe(404);
  });
});

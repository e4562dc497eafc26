/** Correcting a reader's address: the new one proves nothing, the old one is forgotten. */

import { eq } from "drizzle-orm";
import { beforeEach, describe, expect, test } from "vitest";
import { repeatErasures } from "#api/restore/replay.ts";
import type { Staff } from "#db/actor.ts";
import { readLog } from "#db/backup/logs.ts";
import { db } from "#db/client.ts";
import { deliveries, subscribers, subscriptions } from "#db/schema/mail.ts";
import { tokenForId } from "#db/vault/tokens.ts";
import { wordsIn } from "#db/words/words.ts";
import { addressIndex } from "#emails/addresses.ts";
import { viewReadership } from "#emails/lists/lists.ts";
import { describePreferences, savePreferences } from "#emails/lists/preferences.ts";
import { confirmSubscription } from "#emails/lists/subscriptions.ts";
import { describeUnsubscription, unsubscribe } from "#emails/lists/unsubscribe.ts";
import { compose } from "#emails/outbox/compose.ts";
import { claimBatch } from "#emails/outbox/outbox.ts";
import { correctReader } from "#emails/readers/correct.ts";
import { searchReader } from "#emails/readers/find.ts";
import { viewReader } from "#emails/readers/reader.ts";
import { stopList } from "#emails/readers/stop.ts";
import { deleteReaders, makeStaff } from "../fixtures.ts";
import { at, hanako, request, rows, suppressed } from "../lists/readers.ts";
import { mailsOf, reader } from "./reader.ts";

let staff: Staff;
beforeEach(async () => {
  await deleteReaders();
  staff = await makeStaff("fundraiser");
});

describe("correcting the address", () => {
  const right = "hanako.suzuki@example.jp";
  const findNew = async () =>
    (
      await db
        .select()
        .from(subscribers)
        .where(eq(subscribers.emailIndex, addressIndex(right)))
    )[0];

  test("proves nothing: what was read waits until the button in the mail to the new address is pressed", async () => {
    const { subscriberId } = await reader("news", "events");
    await stopList(staff, subscriberId, "events", at("05:00"));
    const before = await rows();
    const { id, outcome } = await correctReader(staff, subscriberId, right, at("06:00"));
    expect(outcome).toBe("mailed");
    const view = await viewReader(staff, id, at("06:01"));
    expect(view.address).toBe(right);
    expect(
      view.lists.map(({ slug, state, confirmedAt, requestedAt, consent }) => [
        slug,
        state,
        confirmedAt,
        requestedAt,
        consent,
      ]),
    ).toEqual([
      ["news", "waiting", null, before[0]?.confirmedAt && at("03:00"), wordsIn("ja").consents.newsletter],
      ["events", "left", at("04:00"), at("03:00"), wordsIn("ja").consents.newsletter],
    ]);
    // Mails to the old address stay in sight, and are told apart.
    expect(view.messages.map(({ kind, isToFormer }) => [kind, isToFormer])).toEqual([
      ["confirmation", false],
      ["confirmation", true],
    ]);
    // What staff did before the correction too.
    expect(view.history.map(({ action, list }) => [action, list])).toEqual([
      ["correct_address", null],
      ["unsubscribe", "催しのお知らせ"],
    ]);
    const [mail] = (await claimBatch("transactional", 10)).filter((one) => one.subscriberId === id);
    const composed = mail && (await compose(mail));
    expect(composed).toMatchObject({ to: [{ address: right }] });
    const [own] = (await db.select().from(subscriptions).where(eq(subscriptions.subscriberId, id))).filter(
      ({ state }) => state === "pending",
    );
    await confirmSubscription(tokenForId("confirm", own?.id ?? ""), at("07:00"));
    expect((await viewReader(staff, id)).lists[0]?.state).toBe("reading");
  });

  test("forgets the old one: address, key, index; it is nobody's any more", async () => {
    const { subscriberId } = await reader("news");
    await correctReader(staff, subscriberId, right, at("06:00"));
    const [old] = await db.select().from(subscribers).where(eq(subscribers.id, subscriberId));
    expect([old?.wrappedKey, old?.email, old?.emailIndex]).toEqual([null, null, null]);
    await expect(searchReader(staff, hanako)).rejects.toThrow("invalid");
    await expect(viewReader(staff, subscriberId)).rejects.toThrow("reader");
    expect(await suppressed()).toEqual([]);
  });

  test("no link that went to the old address confirms, shows or changes anything of the new one", async () => {
    const { subscriberId, stop, preferences, confirm } = await reader("news");
    const [{ id: oldId } = { id: "" }] = await rows();
    const [confirmed, leave] = [confirm("news"), tokenForId("leave_list", oldId)];
    const { id } = await correctReader(staff, subscriberId, right, at("06:00"));
    await expect(confirmSubscription(confirmed, at("06:30"))).rejects.toThrow();
    expect(await describePreferences(preferences)).toBeUndefined();
    await expect(savePreferences(preferences, ["news"], "x")).rejects.toThrow("erased");
    for (const link of [stop, leave]) {
      await unsubscribe(link, at("06:40"));
      const shown = await describeUnsubscription(link);
      expect([shown.state, shown.preferences]).toEqual(["stopped", undefined]);
    }
    expect((await viewReader(staff, id, at("06:50"))).lists.map(({ state }) => state)).toEqual(["waiting"]);
    expect(await suppressed()).toEqual([]);
  });

  test("the same mailbox written differently needs no confirmation, and is shown as it is written now", async () => {
    const { subscriberId } = await reader("news");
    expect(await correctReader(staff, subscriberId, "Hanako@Example.jp")).toEqual({
      id: subscriberId,
      outcome: "respelled",
    });
    const view = await viewReader(staff, subscriberId);
    expect([view.address, view.lists[0]?.state]).toEqual(["Hanako@Example.jp", "reading"]);
  });

  test("to the address of another reader is refused, and nothing changes", async () => {
    const { subscriberId } = await reader("news");
    await request(["news"], at("05:00"), right);
    await expect(correctReader(staff, subscriberId, right)).rejects.toMatchObject({
      errors: { email: expect.stringContaining("別の読者") },
    });
    expect((await viewReader(staff, subscriberId)).lists[0]?.state).toBe("reading");
  });

  test("of somebody who left everything mails nobody", async () => {
    const { subscriberId, stop } = await reader("news");
    await unsubscribe(stop, at("05:00"));
    const { id, outcome } = await correctReader(staff, subscriberId, right, at("06:00"));
    expect([outcome, await mailsOf(id)]).toEqual(["moved", []]);
  });

  test("there and back asks an address once a day: the next mail waits, and so does that of the form", async () => {
    const { subscriberId } = await reader("news"); // asked at 03:00
    const there = await correctReader(staff, subscriberId, right, at("06:00"));
    const back = await correctReader(staff, there.id, hanako, at("07:00"));
    const again = await correctReader(staff, back.id, right, at("08:00"));
    expect([there, back, again].map(({ outcome }) => outcome)).toEqual(["mailed", "planned", "planned"]);
    const dayLater = (time: string) => new Date(at(time).getTime() + 86_400_000);
    const dueOf = async (id: string) =>
      (await db.select().from(deliveries).where(eq(deliveries.subscriberId, id))).map(({ dueAt }) => dueAt);
    expect([await dueOf(back.id), await dueOf(again.id)]).toEqual([[dayLater("03:00")], [dayLater("06:00")]]);
    const view = await viewReader(staff, again.id, at("09:00"));
    expect([view.confirmationFrom, view.isConfirmationPlanned]).toEqual([dayLater("06:00"), true]);
    await request(["events"], at("10:00"));
    expect(await dueOf(await searchReader(staff, hanako))).toEqual([dayLater("03:00")]);
  });

  test("is no leaving: the numbers of who left and why do not count it", async () => {
    const { subscriberId } = await reader("news");
    await correctReader(staff, subscriberId, right, at("06:00"));
    const { lists, unsubscriptions } = await viewReadership(staff, at("07:00"));
    expect([lists[0], unsubscriptions]).toEqual([
      expect.objectContaining({ slug: "news", readers: 0, waiting: 1, left: 0 }),
      0,
    ]);
  });

  test("a restored backup does not write to the old address again", async () => {
    const { subscriberId } = await reader("news");
    const kept = await db.select().from(subscribers).where(eq(subscribers.id, subscriberId));
    await correctReader(staff, subscriberId, right, at("06:00"));
    const { wrappedKey, email, emailIndex } = kept[0] ?? {};
    await db
      .update(subscribers)
      .set({ wrappedKey: wrappedKey ?? null, email: email ?? null, emailIndex: emailIndex ?? null })
      .where(eq(subscribers.id, subscriberId));
    const lines = (await readLog("tombstones", [])).filter((line) => line["subscriber"] === subscriberId);
    expect(await repeatErasures(lines)).toBe(1);
    await expect(searchReader(staff, hanako)).rejects.toThrow("invalid");
  });

  test("of two at once to one address, one is refused", async () => {
    const one = await reader("news");
    await request(["news"], at("05:00"), "other@example.jp");
    const other = await searchReader(staff, "other@example.jp");
    const done = await Promise.allSettled([
      correctReader(staff, one.subscriberId, right),
      correctReader(staff, other, right),
    ]);
    expect(done.map(({ status }) => status).toSorted()).toEqual(["fulfilled", "rejected"]);
    expect(await findNew()).toBeDefined();
  });
});

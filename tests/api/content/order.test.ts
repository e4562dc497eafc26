/** The order of a list, what is put away, and what is deleted. */

import { eq } from "drizzle-orm";
import { beforeEach, describe, expect, test } from "vitest";
import { archiveEntry, bringBackEntry, deleteEntry } from "#api/content/archive.ts";
import { listEntries } from "#api/content/entries.ts";
import type { Move } from "#api/content/forms.ts";
import { listVersion, moveEntry } from "#api/content/order.ts";
import { publishText, withdrawText } from "#api/content/publish.ts";
import { db } from "#db/client.ts";
import { Forbidden, NotFound, Refused } from "#db/errors.ts";
import { approvals } from "#db/schema/approvals.ts";
import { content, contentRevisions, contentTexts } from "#db/schema/content.ts";
import { contentWords } from "#db/words/staff/content.ts";
import { member, trailOf } from "../requests.ts";
import { added, textOf } from "./typed.ts";

const manager = await member("manager");

/** Names of the entries of the list, each by its letter. */
let ids: Record<string, string> = {};
beforeEach(async () => {
  await db.delete(approvals);
  await db.delete(contentTexts);
  await db.delete(contentRevisions);
  await db.delete(content);
  ids = {};
  for (const letter of "abcde")
    ids[letter] = await added(manager, "partner", { "ja.name": letter, "ja.does": "していること" });
});

const order = async () =>
  (await listEntries(manager, "partner"))
    .filter(({ archivedAt }) => archivedAt === null)
    .map(({ texts }) => texts.ja.draft?.body["name"])
    .join("");

/** A button as the list shows it now: pressed later, it still says what it said. */
async function button(letter: string, move: Move) {
  const shown = await order();
  const past = shown.at(shown.indexOf(letter) + (move === "up" ? -1 : 1)) ?? "";
  const pressed = { id: ids[letter] ?? "", move, past: ids[past], version: await listVersion(manager, "partner") };
  return () => moveEntry(manager, "partner", pressed);
}

const press = async (letter: string, move: Move) => (await button(letter, move))();

test("what stands in the order of its days is not moved by hand", async () => {
  const id = await added(manager, "news", { "ja.title": "お知らせ", "facts.day": "2026-11-01" });
  await added(manager, "news", { "ja.title": "次のお知らせ", "facts.day": "2026-11-02" });
  await expect(moveEntry(manager, "news", { id, move: "last", version: 0 })).rejects.toThrow(contentWords.byDay);
});

test("an entry goes up, down, and to either end", async () => {
  await press("c", "up");
  expect(await order()).toBe("acbde");
  await press("a", "down");
  expect(await order()).toBe("cabde");
  await press("e", "first");
  expect(await order()).toBe("ecabd");
  await press("c", "last");
  expect(await order()).toBe("eabdc");
  await expect(press("e", "up")).rejects.toThrow(contentWords.onEdge);
  await expect(press("c", "last")).rejects.toThrow(contentWords.onEdge);
  expect((await trailOf(ids["c"] ?? "")).at(-1)).toMatchObject({ action: "move", detail: { move: "last" } });
});

describe("two people", () => {
  test("who move different entries lose nothing", async () => {
    const [mine, theirs] = [await button("b", "up"), await button("e", "up")];
    await theirs();
    await mine();
    expect(await order()).toBe("baced");
  });

  test("who press at the same moment lose nothing", async () => {
    const [mine, theirs] = [await button("b", "up"), await button("e", "up")];
    await Promise.all([mine(), theirs()]);
    expect(await order()).toBe("baced");
  });

  test("and more, who all send theirs to the end at the same moment, lose nothing", async () => {
    for (let round = 0; round < 5; round++) {
      const [one = "", two = "", three = "", ...others] = await order();
      const buttons = await Promise.all([one, two, three].map((letter) => button(letter, "last")));
      await Promise.all(buttons.map((pressed) => pressed()));
      expect((await order()).slice(0, 2)).toBe(others.join(""));
    }
  });

  test("of whom the second would pass another entry than the one that was shown: refused, nothing is moved", async () => {
    const [mine, theirs] = [await button("c", "up"), await button("c", "up")];
    await theirs();
    await expect(mine()).rejects.toThrow(new Refused(contentWords.orderChanged));
    expect(await order()).toBe("acbde");
  });

  test("to an end it goes in any case", async () => {
    const [mine, theirs] = [await button("d", "first"), await button("c", "first")];
    await theirs();
    await mine();
    expect(await order()).toBe("dcabe");
  });
});

describe("what is put away", () => {
  test("is in no list and on no page, keeps its place, and comes back as it was", async () => {
    const id = ids["b"] ?? "";
    await publishText({ staff: manager, kind: "partner", id, locale: "ja" }, { no: 1, version: 1 });
    await archiveEntry(manager, "partner", id);
    expect(await order()).toBe("acde");
    expect((await textOf(manager, "partner", id)).shownNo).toBeUndefined();
    await press("c", "up");
    expect(await order()).toBe("cade");
    await expect(
      publishText({ staff: manager, kind: "partner", id, locale: "ja" }, { no: 1, version: 2 }),
    ).rejects.toThrow(contentWords.isPutAway);
    await bringBackEntry(manager, "partner", id);
    expect(await order()).toBe("cabde");
    expect((await textOf(manager, "partner", id)).code).toBe("shown");
  });

  test("is passed over by those that move", async () => {
    await archiveEntry(manager, "partner", ids["b"] ?? "");
    await expect(moveEntry(manager, "partner", { id: ids["b"] ?? "", move: "first", version: 0 })).rejects.toThrow(
      NotFound,
    );
    await press("a", "down");
    expect(await order()).toBe("cade");
  });
});

describe("deleting", () => {
  test("is for what was never public: nothing of it stays", async () => {
    const id = ids["b"] ?? "";
    await deleteEntry(manager, "partner", id);
    expect(await order()).toBe("acde");
    expect(await db.select().from(contentRevisions).where(eq(contentRevisions.contentId, id))).toEqual([]);
    expect((await trailOf(id)).at(-1)).toMatchObject({ action: "delete", staffId: manager.id });
  });

  test("is refused for what was public once, also after it was withdrawn and scheduled anew", async () => {
    const at = { staff: manager, kind: "partner", id: ids["b"] ?? "", locale: "ja" } as const;
    await publishText(at, { no: 1, version: 1 });
    await expect(deleteEntry(manager, "partner", at.id)).rejects.toThrow(contentWords.wasPublished);
    await withdrawText(at, 2);
    await publishText(at, { no: 1, version: 3, publishAt: new Date(Date.now() + 3_600_000) });
    await expect(deleteEntry(manager, "partner", at.id)).rejects.toThrow(contentWords.wasPublished);
    expect(await order()).toBe("abcde");
  });

  test("is refused where its day came a moment ago", async () => {
    const at = { staff: manager, kind: "partner", id: ids["b"] ?? "", locale: "ja" } as const;
    const now = new Date();
    await publishText(at, { no: 1, version: 1, publishAt: new Date(now.getTime() + 1000) }, now);
    await expect(deleteEntry(manager, "partner", at.id, new Date(now.getTime() + 2000))).rejects.toThrow(
      contentWords.wasPublished,
    );
  });

  test("is refused where somebody consented to it", async () => {
    const id = ids["b"] ?? "";
    const place = { contentId: id, locale: "ja" as const, revisionNo: 1, until: "2030-01-01" };
    await db
      .insert(approvals)
      .values({ ...place, reference: "1", givenOn: "2026-11-01", channels: ["site"], recordedAt: new Date() });
    await expect(deleteEntry(manager, "partner", id)).rejects.toThrow(contentWords.hasRecords);
  });
});

test("nobody orders, puts away or deletes what another role keeps", async () => {
  const fundraiser = await member("fundraiser");
  const id = ids["b"] ?? "";
  const attempts = [
    moveEntry(fundraiser, "partner", { id, move: "first", version: 0 }),
    archiveEntry(fundraiser, "partner", id),
    bringBackEntry(fundraiser, "partner", id),
    deleteEntry(fundraiser, "partner", id),
    listVersion(fundraiser, "partner"),
  ];
  expect(await Promise.allSettled(attempts)).toEqual(
    attempts.map(() => ({ status: "rejected", reason: expect.any(Forbidden) })),
  );
  expect(await order()).toBe("abcde");
});

import { sql } from "drizzle-orm";
import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { eraseEntry } from "#api/approvals/erase-entry.ts";
import { makeLink } from "#api/approvals/links.ts";
import { type Given, recordOnPaper, recordTranslation, withdrawConsent } from "#api/approvals/record.ts";
import { readRegister, type RegisterView } from "#api/approvals/register.ts";
import { remindOfEndings } from "#api/approvals/remind.ts";
import { noteUse } from "#api/approvals/uses.ts";
import { archiveEntry } from "#api/content/archive.ts";
import { publishText } from "#api/content/publish.ts";
import { saveEntry } from "#api/content/save.ts";
import { applyRetention, deleteExpired } from "#api/privacy/retention.ts";
import { dayAfter, dayOf, instantOf } from "#db/calendar/days.ts";
import { db } from "#db/client.ts";
import { newId } from "#db/random/ids.ts";
import { pictures } from "#db/schema/content.ts";
import type { ContentKind } from "#db/terms/content.ts";
import { compose } from "#emails/outbox/compose.ts";
import { added, type Fields, textOf, typed } from "../content/typed.ts";
import { emptyContent } from "../published/empty.ts";
import { everything, get, type Member, member, signIn } from "../requests.ts";

let manager: Member;
let fundraiser: Member;
let coordinator: Member;
beforeAll(async () => {
  manager = await member("manager");
  fundraiser = await member("fundraiser");
  coordinator = await member("coordinator");
});
beforeEach(async () => {
  await emptyContent();
  await db.execute(sql`delete from deliveries`);
});

const today = dayOf(new Date());
const given = (days: number): Given => ({
  ...{ reference: "同意書 3", givenBy: "灰谷ことり", givenOn: dayAfter(today, -3) },
  ...{ until: dayAfter(today, days), channels: ["site"] },
});

/** A published voice or story with a consent for so many days. */
async function consented(kind: "voice" | "story", words: string, days: number): Promise<string> {
  const field: Fields =
    kind === "voice"
      ? { "ja.words": words, "ja.from": "母" }
      : { "ja.title": words, "ja.who": "家族", "ja.asked": "相談", "ja.now": "いま" };
  const by = kind === "voice" ? fundraiser : coordinator;
  const id = await added(by, kind, field);
  await publishText({ staff: by, kind, id, locale: "ja" }, { no: 1, version: 1 });
  await recordOnPaper(by, { kind, contentId: id, locale: "ja", revisionNo: 1 }, given(days));
  return id;
}

/** Gives an entry a picture that needs a consent. Returns its id. */
async function withPicture(contentId: string): Promise<string> {
  const id = newId();
  await db.insert(pictures).values({ id, needsConsent: true, alt: { ja: "窓" }, uploadedAt: new Date() });
  await db.execute(
    sql`update content set facts = facts || jsonb_build_object('picture', ${id}::text) where id = ${contentId}`,
  );
  return id;
}

const titles = async (staff: Member, view: RegisterView, now?: Date) =>
  (await readRegister(staff, { view, page: 1 }, now)).consents.map(({ title }) => title);

describe("the register", () => {
  test("says of each consent what it is for, by whom, until when and where it is shown; what ends first stands first", async () => {
    await consented("voice", "長い声", 500);
    const id = await consented("voice", "短い声", 30);
    await noteUse(fundraiser, { kind: "voice", contentId: id }, { place: "3月号のメールマガジン", usedOn: today });
    const { consents, counts } = await readRegister(fundraiser, { view: "valid", page: 1 });
    expect(consents).toMatchObject([
      {
        ...{ title: "短い声", kind: "voice", locale: "ja", reference: "同意書 3", givenBy: "灰谷ことり" },
        ...{ until: dayAfter(today, 30), isPublic: true, paths: ["/", "/stories"] },
        uses: [{ place: "3月号のメールマガジン", usedOn: today, by: fundraiser.name }],
      },
      { title: "長い声", uses: [] },
    ]);
    expect(counts).toEqual({ valid: 2, ending: 1, ended: 0, withdrawn: 0, all: 2 });
  });

  test("shows each role the kinds that it keeps", async () => {
    await consented("voice", "声", 100);
    await consented("story", "事例", 100);
    expect(await titles(manager, "all")).toHaveLength(2);
    expect([await titles(fundraiser, "all"), await titles(coordinator, "all")]).toEqual([["声"], ["事例"]]);
    await expect(titles(await member("peer"), "all")).rejects.toThrow();
  });

  test("knows what is over and what was taken back, as the pages do", async () => {
    await consented("voice", "終わる声", 10);
    const id = await consented("voice", "取り下げた声", 100);
    await withdrawConsent(fundraiser, "voice", id);
    const later = new Date(Date.now() + 11 * 86_400_000);
    expect([await titles(fundraiser, "valid"), await titles(fundraiser, "valid", later)]).toEqual([["終わる声"], []]);
    expect([await titles(fundraiser, "ended"), await titles(fundraiser, "ended", later)]).toEqual([[], ["終わる声"]]);
    expect(await titles(fundraiser, "withdrawn")).toEqual(["取り下げた声"]);
    const { consents } = await readRegister(fundraiser, { view: "all", page: 1 }, later);
    expect(consents.map(({ isPublic }) => isPublic)).toEqual([false, false]);
  });

  test("has a translation with the day of what it translates, and only the newest consent to a text", async () => {
    const id = await added(fundraiser, "voice", {
      "ja.words": "声",
      "ja.from": "母",
      "en.words": "Voice",
      "en.from": "Mother",
    });
    const at = { kind: "voice", contentId: id, revisionNo: 1 } as const;
    await recordOnPaper(fundraiser, { ...at, locale: "ja" }, given(10));
    await recordOnPaper(fundraiser, { ...at, locale: "ja" }, given(90), new Date(Date.now() + 1000));
    await recordTranslation(fundraiser, { ...at, locale: "en" }, { locale: "ja", revisionNo: 1 });
    const { consents } = await readRegister(fundraiser, { view: "all", page: 1 });
    expect(consents.map(({ locale, until, isTranslation }) => [locale, until, isTranslation]).toSorted()).toEqual([
      ["en", dayAfter(today, 90), true],
      ["ja", dayAfter(today, 90), false],
    ]);
  });

  test("is a page", async () => {
    await consented("voice", "夜に、やっと眠れました。", 30);
    const html = await (await get("/staff/consents?show=ending", { cookie: await signIn(fundraiser) })).text();
    for (const words of ["夜に、やっと眠れました。", "灰谷ことり", "まもなく終わります", "いま出ています"])
      expect(html).toContain(words);
  });
});

describe("the reminder", () => {
  const mails = async () =>
    db.execute<{ staff_id: string; id: string }>(
      sql`select staff_id, id from deliveries where kind = 'consents_ending'`,
    );

  test("reaches whoever keeps the entry once, also from two processes, and names nothing of it", async () => {
    await consented("voice", "やっと眠れました", 60);
    await consented("voice", "もうひとつの声", 20);
    await consented("voice", "まだ先の声", 61);
    await Promise.all([remindOfEndings(new Date()), remindOfEndings(new Date())]);
    expect(await remindOfEndings(new Date())).toEqual({ reminders: 0 });
    const sent = await mails();
    expect(sent.map(({ staff_id: to }) => to)).toEqual([fundraiser.id]);
    const mail = await compose({ id: sent[0]?.id ?? "", kind: "consents_ending", staffId: fundraiser.id } as never);
    const text = JSON.stringify(mail);
    expect(text).toContain("/staff/consents?show=ending");
    for (const words of ["眠れました", "灰谷", "声", "同意書"]) expect(text).not.toContain(words);
  });

  test("goes to all who keep the kind where whoever made the entry has left", async () => {
    const id = await consented("story", "事例", 10);
    await db.execute(sql`update content set created_by = null where id = ${id}`);
    await remindOfEndings(new Date());
    const keepers = await db.execute<{ id: string }>(
      sql`select id from staff where role in ('manager', 'coordinator') and disabled_at is null`,
    );
    expect((await mails()).map(({ staff_id: to }) => to).toSorted()).toEqual(
      keepers.map(({ id: to }) => to).toSorted(),
    );
  });

  test("is not sent for what was taken back, replaced or put away, nor for what is over", async () => {
    await withdrawConsent(fundraiser, "voice", await consented("voice", "取り下げ", 10));
    const renewed = await consented("voice", "更新", 10);
    const at = { kind: "voice", contentId: renewed, locale: "ja", revisionNo: 1 } as const;
    await recordOnPaper(fundraiser, at, given(300), new Date(Date.now() + 1000));
    await archiveEntry(fundraiser, "voice", await consented("voice", "しまった", 10));
    await consented("voice", "終わった", 0);
    expect(await remindOfEndings(new Date(Date.now() + 2 * 86_400_000))).toEqual({ reminders: 0 });
  });

  test("is not sent for a consent that a newer one replaced, whatever picture each of them names", async () => {
    const id = await consented("voice", "写真を外した声", 10);
    await db.execute(sql`update approvals set picture_id = ${await withPicture(id)} where content_id = ${id}`);
    await db.execute(sql`update content set facts = facts - 'picture' where id = ${id}`);
    const at = { kind: "voice", contentId: id, locale: "ja", revisionNo: 1 } as const;
    await recordOnPaper(fundraiser, at, given(300), new Date(Date.now() + 1000));
    expect(await remindOfEndings(new Date())).toEqual({ reminders: 0 });
  });

  test("is not sent for a text that another took the place of, and is for a picture that stays", async () => {
    const id = await consented("voice", "前の声", 10);
    await saveEntry(fundraiser, "voice", id, await typed(fundraiser, "voice", id, { "ja.words": "新しい声" }));
    const { version } = await textOf(fundraiser, "voice", id);
    await publishText({ staff: fundraiser, kind: "voice", id, locale: "ja" }, { no: 2, version });
    const at = { kind: "voice", contentId: id, locale: "ja", revisionNo: 2 } as const;
    await recordOnPaper(fundraiser, at, given(300), new Date(Date.now() + 1000));
    const later = new Date(Date.now() + 2000);
    expect(await remindOfEndings(later)).toEqual({ reminders: 0 });
    await db.execute(sql`update approvals set picture_id = ${await withPicture(id)}
      where content_id = ${id} and revision_no = 1`);
    expect(await remindOfEndings(later)).toEqual({ reminders: 1 });
  });

  test("waits where there is nobody to write to, and is not thought sent", async () => {
    await consented("story", "事例", 10);
    await db.execute(sql`update staff set disabled_at = now() where role in ('manager', 'coordinator')`);
    expect(await remindOfEndings(new Date())).toEqual({ reminders: 0 });
    await db.execute(sql`update staff set disabled_at = null where role in ('manager', 'coordinator')`);
    expect(await remindOfEndings(new Date())).toEqual({ reminders: 1 });
  });

  test("of a process that starts at night leaves in the morning", async () => {
    await consented("voice", "声", 30);
    await remindOfEndings(instantOf(dayAfter(today, 3), "03:00"));
    const [sent] = await db.execute<{ due_at: string }>(
      sql`select due_at from deliveries where kind = 'consents_ending'`,
    );
    expect(new Date(sent?.due_at ?? "")).toEqual(instantOf(dayAfter(today, 3), "09:00"));
  });
});

describe("what is kept", () => {
  const years = (count: number, days = 0) =>
    new Date(new Date().setUTCFullYear(new Date().getUTCFullYear() + count) + days * 86_400_000);
  const namesLeft = async () =>
    (await db.execute<{ n: number }>(sql`select count(*)::int as n from approvals where given_by is not null`))[0]?.n;

  test("of a consent: the name, for the years of the settings after its end; the reference stays", async () => {
    await consented("voice", "声", 0);
    await applyRetention(years(3, -1));
    expect(await namesLeft()).toBe(1);
    expect(await applyRetention(years(3, 2))).toMatchObject({ consents: 1 });
    expect(await namesLeft()).toBe(0);
    const { consents } = await readRegister(fundraiser, { view: "all", page: 1 });
    expect(consents).toMatchObject([{ givenBy: undefined, reference: "同意書 3" }]);
  });

  test("of a link: nothing a month after it is over, unless it was answered", async () => {
    const id = await consented("voice", "声", 300);
    await makeLink(fundraiser, { kind: "voice", contentId: id, locale: "ja", revisionNo: 1 }, "look");
    await deleteExpired(new Date(Date.now() + 40 * 86_400_000));
    expect((await db.execute(sql`select id from preview_links`)).length).toBe(1);
    await deleteExpired(new Date(Date.now() + 46 * 86_400_000));
    expect((await db.execute(sql`select id from preview_links`)).length).toBe(0);
  });

  test("of an entry that is erased: no word, name or note; only that it was", async () => {
    const id = await consented("voice", "鳴子さんの声", 100);
    await noteUse(fundraiser, { kind: "voice", contentId: id }, { place: "鳴子の冊子", usedOn: today });
    await expect(eraseEntry(manager, "voice", id)).rejects.toThrow("しまって");
    await archiveEntry(fundraiser, "voice", id);
    await expect(eraseEntry(fundraiser, "voice", id)).rejects.toThrow();
    await eraseEntry(manager, "voice" satisfies ContentKind, id);
    expect(await everything()).not.toContain("鳴子");
    expect(
      (await db.execute(sql`select action from audit_events where noun_id = ${id} and action = 'erase'`)).length,
    ).toBe(1);
  });
});

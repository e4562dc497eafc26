/** Saving settings: only what differs, conflicts by key, history, taking back, and the file. */

import { assert, asyncProperty, constantFrom, array, record, boolean } from "fast-check";
import { afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { settingsHistory } from "#api/settings/history.ts";
import { saveSettings, type ShownValues } from "#api/settings/save.ts";
import { planTakeBack, takeBack } from "#api/settings/take-back.ts";
import { exportSettings, givenSettings, importSettings } from "#api/settings/transfer.ts";
import { db } from "#db/client.ts";
import { firstOrNotFound } from "#db/errors.ts";
import { settingsChanges, settingsValues } from "#db/schema/settings.ts";
import { environmentValues } from "#db/settings/environment.ts";
import { neutralValues, type SettingValues } from "#db/settings/keys.ts";
import { replaceSettings, settings, settingsFrom } from "#db/settings/settings.ts";
import { type Member, member, trailOf } from "../requests.ts";

let hana: Member;
let ken: Member;
beforeAll(async () => {
  hana = { ...(await member("manager")), name: "見本 manager" };
  ken = await member("manager");
});
beforeEach(async () => {
  await db.delete(settingsValues);
  replaceSettings(settingsFrom({}, "sample", settings().number));
});
afterEach(() => {
  for (const key of Object.keys(environmentValues)) Reflect.deleteProperty(environmentValues, key);
});

const given = () => givenSettings();
const sets = async () => new Set((await db.select().from(settingsChanges)).map(({ setId }) => setId)).size;

describe("a save", () => {
  test("writes what differs from what the form showed, as one set with its author, and is in force at once", async () => {
    const before = await sets();
    await saveSettings(hana, { "name.ja": "かぜのいえ", reply_days: 5 }, {});
    expect(await given()).toEqual({ "name.ja": "かぜのいえ", reply_days: 5 });
    expect([settings().name.ja, settings().replyDays]).toEqual(["かぜのいえ", 5]);
    expect((await sets()) - before).toBe(1);
    const [last] = await settingsHistory(hana);
    expect(last).toMatchObject({ key: "reply_days", before: undefined, after: 5, by: hana.name, how: "edit" });
    expect(await trailOf(last?.setId ?? "")).toEqual([
      { action: "save", staffId: hana.id, detail: { keys: "name.ja,reply_days", how: "edit" } },
    ]);
  });

  test("of the same again, or of nothing, writes nothing", async () => {
    await saveSettings(hana, { "name.ja": "かぜのいえ" }, {});
    const before = await sets();
    expect(await saveSettings(hana, { "name.ja": " かぜのいえ " }, { "name.ja": "かぜのいえ" })).toEqual([]);
    expect(await saveSettings(hana, { "purpose.ja": "" }, {})).toEqual([]);
    expect(await sets()).toBe(before);
  });

  test("of what is proposed gives it, once; an emptied text is taken away", async () => {
    await saveSettings(hana, { reply_days: neutralValues.reply_days, notify: [] }, {});
    expect(await given()).toEqual({ reply_days: 3 });
    await saveSettings(hana, { "name.en": "Kaze" }, {});
    await saveSettings(hana, { "name.en": "" }, { "name.en": "Kaze" });
    expect(await given()).toEqual({ reply_days: 3 });
  });

  test("of no closing over the new year is a value of its own", async () => {
    await saveSettings(hana, { year_end: null }, {});
    expect(await given()).toEqual({ year_end: null });
    expect(settings().values.year_end).toBeNull();
    const [last] = await settingsHistory(hana, ["year_end"]);
    expect([last?.before, last?.after]).toEqual([undefined, null]);
  });

  test("is refused by key, with a sentence, and nothing of it is written", async () => {
    const values = { "name.ja": "かぜのいえ", phone: "でんわ", reply_days: 0 } as Partial<SettingValues>;
    const error = await saveSettings(hana, values, {}).catch((one: unknown) => one);
    expect(Object.keys((error as { errors: object }).errors)).toEqual(["phone", "reply_days"]);
    const closed = { mon: null, tue: null, wed: null, thu: null, fri: null, sat: null, sun: null };
    await expect(saveSettings(hana, { hours: closed }, {})).rejects.toMatchObject({ name: "Invalid" });
    expect(await given()).toEqual({});
  });

  test("is for managers alone", async () => {
    for (const role of ["coordinator", "peer", "fundraiser", "analyst"] as const)
      await expect(saveSettings(await member(role), { "name.ja": "x" }, {})).rejects.toMatchObject({
        name: "Forbidden",
      });
  });

  test("does not touch what the environment decides", async () => {
    environmentValues.notify = ["a@b.jp"];
    await expect(saveSettings(hana, { notify: ["c@d.jp"] }, {})).rejects.toMatchObject({
      errors: { notify: expect.stringContaining("STAFF_NOTIFY") as string },
    });
  });
});

describe("two people", () => {
  test("who change the same key: the later one is told who and when, and nothing is written", async () => {
    const shown: ShownValues = { phone: undefined, "name.ja": undefined };
    await saveSettings(ken, { phone: "086-111-1111" }, shown, { now: new Date("2026-11-28T10:05+09:00") });
    const late = saveSettings(hana, { phone: "086-222-2222", "name.ja": "かぜのいえ" }, shown);
    await expect(late).rejects.toThrow(`${ken.name}さんが 2026/11/28(土) 10:05 に「電話番号」を変えました`);
    expect(await given()).toEqual({ phone: "086-111-1111" });
    // Both were shown: saved again with what was shown then, it goes through.
    await saveSettings(hana, { phone: "086-222-2222" }, { phone: "086-111-1111" });
    expect((await given()).phone).toBe("086-222-2222");
  });

  test("who change different keys of one form do not meet, and an untouched field takes nothing back", async () => {
    const shown: ShownValues = { phone: "086-000-1111", "name.ja": "まえ" };
    await saveSettings(hana, shown as Partial<SettingValues>, {});
    await saveSettings(ken, { phone: "086-111-1111", "name.ja": "まえ" }, shown);
    await saveSettings(hana, { phone: "086-000-1111", "name.ja": "あと" }, shown);
    expect(await given()).toEqual({ phone: "086-111-1111", "name.ja": "あと" });
  });

  test("who gave the same answer agree", async () => {
    await saveSettings(ken, { phone: "none" }, {});
    expect(await saveSettings(hana, { phone: "none" }, {})).toEqual([]);
  });

  test("at the same moment: of two changes of one key one is refused, of two keys none", async () => {
    const names = Array.from({ length: 7 }, (_, at) => `名前${at}`);
    const [other, ...same] = await Promise.allSettled([
      saveSettings(ken, { "name.en": "Three" }, {}),
      ...names.map((name) => saveSettings(hana, { "name.ja": name }, {})),
    ]);
    expect(other.status).toBe("fulfilled");
    expect(same.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  });

  /** Forms opened at any time and sent at any later one. */
  test("in any order lose nothing: every value written stands, or was seen by whoever replaced it", async () => {
    const keys = ["name.ja", "name.en"] as const;
    const step = record({ who: constantFrom(0, 1), isSent: boolean(), key: constantFrom(...keys) });
    let texts = 0;
    await assert(
      asyncProperty(array(step, { maxLength: 12 }), async (steps) => {
        await db.delete(settingsValues);
        const forms: (ShownValues | undefined)[] = [];
        for (const { who, isSent, key } of steps) {
          const form = forms[who];
          if (!isSent || form === undefined) {
            forms[who] = await given();
            continue;
          }
          const before: ShownValues = await given();
          const typed = { ...Object.fromEntries(keys.map((one) => [one, form[one] ?? ""])), [key]: `x${++texts}` };
          const isConflict = before[key] !== form[key];
          const outcome = await saveSettings([hana, ken][who] ?? hana, typed, form).then(
            () => "written",
            () => "refused",
          );
          expect(outcome).toBe(isConflict ? "refused" : "written");
          expect(await given()).toEqual(isConflict ? before : { ...before, [key]: typed[key] });
        }
      }),
      { numRuns: 25 },
    );
  }, 60_000);
});

describe("taking back", () => {
  const lastSet = async () => firstOrNotFound(await settingsHistory(hana));

  test("is a new change, of the whole set, and can itself be taken back", async () => {
    await saveSettings(hana, { "name.ja": "いち", phone: "none" }, {});
    await saveSettings(hana, { "name.ja": "に", phone: "086-111-1111" }, { "name.ja": "いち", phone: "none" });
    const { setId } = await lastSet();
    await takeBack(ken, setId, {});
    expect(await given()).toEqual({ "name.ja": "いち", phone: "none" });
    const [last] = await settingsHistory(hana);
    expect(last).toMatchObject({ how: "take_back", by: ken.name });
    await takeBack(hana, last?.setId ?? "", {});
    expect(await given()).toEqual({ "name.ja": "に", phone: "086-111-1111" });
    const hows = (await settingsHistory(hana, ["phone"], 3)).map(({ how }) => how);
    expect(hows).toEqual(["take_back", "take_back", "edit"]);
  });

  test("of one change of a set leaves the others", async () => {
    await saveSettings(hana, { "name.ja": "いち", phone: "none" }, {});
    const [change] = await settingsHistory(hana, ["name.ja"], 1);
    await takeBack(ken, String(change?.id), {});
    expect(await given()).toEqual({ phone: "none" });
    for (const id of ["0", "x", "999999999999999", "1e3"])
      await expect(takeBack(ken, id, {})).rejects.toMatchObject({ name: "NotFound" });
  });

  test("of a first value leaves none", async () => {
    await saveSettings(hana, { "name.ja": "いち" }, {});
    await takeBack(hana, (await lastSet()).setId, {});
    expect(await given()).toEqual({});
  });

  test("is refused until both were shown where something later changed the key", async () => {
    await saveSettings(hana, { "name.ja": "いち" }, {});
    const { setId } = await lastSet();
    await saveSettings(ken, { "name.ja": "に" }, { "name.ja": "いち" });
    await expect(takeBack(hana, setId, {})).rejects.toMatchObject({ name: "Refused" });
    const [plan] = await planTakeBack(hana, setId);
    expect(plan).toMatchObject({ now: "に", after: undefined, last: { by: ken.name } });
    await takeBack(hana, setId, { "name.ja": plan?.last.id ?? 0 });
    expect(await given()).toEqual({});
  });

  test("of nothing that is left to change, of what is not there, and by others than managers is refused", async () => {
    await saveSettings(hana, { "name.ja": "いち" }, {});
    const { setId } = await lastSet();
    await takeBack(hana, setId, {});
    const [plan] = await planTakeBack(hana, setId);
    await expect(takeBack(hana, setId, { "name.ja": plan?.last.id ?? 0 })).rejects.toMatchObject({ name: "Refused" });
    await expect(takeBack(hana, "00000000-0000-4000-8000-000000000000", {})).rejects.toMatchObject({
      name: "NotFound",
    });
    await expect(takeBack(await member("coordinator"), setId, {})).rejects.toMatchObject({ name: "Forbidden" });
  });
});

describe("the file", () => {
  const everyKind: Partial<SettingValues> = {
    "name.ja": "髙﨑の家 & 𠮷",
    phone: "none",
    year_end: null,
    hours: { ...neutralValues.hours, sat: { opens: "13:00", closes: "20:00" } },
    closed_on_holidays: false,
    closing_days: ["2027-08-13"],
    channels: [],
    readings: [{ word: "髙﨑", reading: "たかさき" }],
    notify: ["a@b.jp", "c@d.jp"],
    reply_days: 7,
  };
  test("out of one database and into an empty one gives the same, as one set that is taken back as one", async () => {
    await saveSettings(hana, everyKind, {});
    const text = await exportSettings();
    await db.delete(settingsValues);
    const before = await sets();
    await importSettings(null, text);
    expect(await given()).toEqual(everyKind);
    expect(await exportSettings()).toBe(text);
    expect((await sets()) - before).toBe(1);
    const [last] = await settingsHistory(hana);
    expect(last).toMatchObject({ how: "import", by: null });
    await takeBack(hana, last?.setId ?? "", {});
    expect(await given()).toEqual({});
  });

  test("with anything wrong is refused by key, and nothing of it is taken", async () => {
    await saveSettings(hana, { "name.ja": "いち" }, {});
    const wrong: [text: string, key: string][] = [
      ['{"name.ja":"に","nam.en":"x"}', "nam.en"],
      ['{"name.ja":"に","phone":"x"}', "phone"],
      ['{"name.ja":"に","stage":"real"}', "stage"],
      ['{"name.ja":"に","reply_days":null}', "reply_days"],
      ['{"name.ja":"に","__proto__":1}', "__proto__"],
      ['["name.ja"]', "file"],
      ["name.ja", "file"],
      ["", "file"],
    ];
    for (const [text, key] of wrong) {
      const error = (await importSettings(hana, text).catch((one: unknown) => one)) as { errors?: object };
      expect([text, Object.keys(error.errors ?? {})]).toEqual([text, [key]]);
    }
    expect(await given()).toEqual({ "name.ja": "いち" });
  });
});

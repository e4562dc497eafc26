/** The settings' forms: fields and values, what two people see of each other, drafts, the file, and the page in its frame. */

import { afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { textsOf, valueOf } from "#api/settings/fields.ts";
import { shownField } from "#api/settings/forms.ts";
import { romanise } from "#api/settings/romanise.ts";
import { saveSettings } from "#api/settings/save.ts";
import { firstRun, firstRunPages, type SectionName, sections } from "#api/settings/sections.ts";
import { givenSettings } from "#api/settings/transfer.ts";
import { db } from "#db/client.ts";
import { drafts } from "#db/schema/drafts.ts";
import { settingsValues } from "#db/schema/settings.ts";
import { environmentValues } from "#db/settings/environment.ts";
import { neutralValues, type SettingKey, settingKeys, type SettingValues } from "#db/settings/keys.ts";
import { replaceSettings, sampleValues, settings, settingsFrom } from "#db/settings/settings.ts";
import { loadSettings } from "#db/settings/store.ts";
import { settingWords } from "#db/words/staff/settings.ts";
import { words } from "../../site/html.ts";
import { asProgram, type Fields, get, type Member, member, postForm, refusedPage, signIn } from "../requests.ts";

let hana: Member;
let ken: Member;
let cookie: string;
beforeAll(async () => {
  [hana, ken] = [await member("manager"), await member("manager")];
  cookie = await signIn(hana);
});
beforeEach(async () => {
  await db.delete(settingsValues);
  await db.delete(drafts);
  replaceSettings(settingsFrom({}, "sample", settings().number));
});
afterEach(() => {
  for (const key of Object.keys(environmentValues)) Reflect.deleteProperty(environmentValues, key);
});

const page = async (path: string) => (await get(path, { cookie, headers: { accept: "text/html" } })).text();

/** The fields of the page's main form as a browser would send them. */
function fieldsIn(html: string): Fields {
  const [form = ""] = /<form[^>]*id="form"[^>]*>.*?<\/form>/su.exec(html) ?? [];
  const decode = (text: string) =>
    text
      .replaceAll(/&#(\d+);/gu, (_, code: string) => String.fromCodePoint(Number(code)))
      .replaceAll(/&#x([\da-f]+);/giu, (_, code: string) => String.fromCodePoint(Number.parseInt(code, 16)))
      .replaceAll("&quot;", '"')
      .replaceAll("&lt;", "<")
      .replaceAll("&gt;", ">")
      .replaceAll("&amp;", "&");
  const attribute = (tag: string, name: string) => decode(new RegExp(`\\s${name}="([^"]*)"`, "u").exec(tag)?.[1] ?? "");
  const fields: Fields = {};
  for (const [tag] of form.matchAll(/<input\b[^>]*>/gu)) {
    const isBox = attribute(tag, "type") === "checkbox";
    if (!isBox || /\schecked\b/u.test(tag)) fields[attribute(tag, "name")] = attribute(tag, "value");
  }
  for (const [, tag = "", text = ""] of form.matchAll(/<textarea\b([^>]*)>(.*?)<\/textarea>/gsu))
    fields[attribute(tag, "name")] = decode(text);
  for (const [, tag = "", inside = ""] of form.matchAll(/<select\b([^>]*)>(.*?)<\/select>/gsu)) {
    const chosen = [...inside.matchAll(/<option\b[^>]*>/gu)].find(([option]) => /\sselected\b/u.test(option));
    fields[attribute(tag, "name")] = attribute(chosen?.[0] ?? "", "value");
  }
  return fields;
}
const open = async (path: string) => fieldsIn(await page(path));
const send = (path: string, fields: Fields) => postForm(path, fields, { cookie });

describe("fields", () => {
  const values: Partial<SettingValues> = {
    ...sampleValues,
    hours: { ...neutralValues.hours, wed: null, sat: { opens: "09:30", closes: "12:00" } },
    year_end: null,
    closing_days: ["2027-08-13", "2027-08-14"],
    colour: "#aa0055",
  };
  test("of every key give the value back, of what is proposed too", () => {
    for (const key of settingKeys) {
      for (const value of [values[key] ?? neutralValues[key], neutralValues[key]])
        expect([key, valueOf(key, textsOf(key, value))]).toEqual([key, value]);
    }
  });

  test.each<[SettingKey, Record<string, string>, unknown]>([
    ["phone", { phone: "０８６－１２３−４５６７" }, "086-123-4567"],
    ["phone", { phone: "(086) 123-4567" }, "086-123-4567"],
    ["phone", { phone: "", "phone.none": "on" }, "none"],
    ["reply_days", { reply_days: "５日" }, 5],
    ["closing_days", { closing_days: "2027年8月13日\r\n2027/8/9\n\n" }, ["2027-08-09", "2027-08-13"]],
    ["year_end", { "year_end.from": "12月28日", "year_end.to": "1/4" }, { from: "12-28", to: "01-04" }],
    ["channels", { channels: "LINE 公式　https://lin.ee/x" }, [{ label: "LINE 公式", href: "https://lin.ee/x" }]],
    ["notify", { notify: "a@b.jp, c@d.jp\r\na@b.jp" }, ["a@b.jp", "c@d.jp"]],
    ["readings", { readings: "児島湾　こじまわん" }, [{ word: "児島湾", reading: "こじまわん" }]],
    ["colour", { colour: "＃AA0055" }, "#aa0055"],
  ])("%s takes %o", (key, texts, value) => {
    expect(valueOf(key, texts)).toEqual(value);
  });

  test("that a person may get wrong are refused with a sentence", async () => {
    const wrong: Partial<Record<SettingKey, Fields>> = {
      phone: { phone: "086-123-4567", "phone.none": "on" },
      hours: { "hours.opens": "17:00", "hours.closes": "10:00" },
      year_end: { "year_end.from": "12-29", "year_end.to": "" },
      closing_days: { closing_days: "八月" },
    };
    const fields = await open("/staff/settings/place");
    for (const [key, typed] of Object.entries(wrong)) {
      const html = await refusedPage(await send("/staff/settings/place", { ...fields, ...typed }), cookie);
      expect([key, html?.includes(settingWords[key as SettingKey].refused)]).toEqual([key, true]);
      for (const [name, text] of Object.entries(typed)) expect(fieldsIn(html ?? "")[name] ?? "").toBe(text);
    }
    expect(await givenSettings()).toEqual({});
  });
});

describe("every page of settings", () => {
  const paths = Object.keys(sections).map((name): [string, readonly SettingKey[]] => [
    `/staff/settings/${name}`,
    sections[name as SectionName],
  ]);
  const steps = Object.entries(firstRunPages).map(([step, path]): [string, readonly SettingKey[]] => [
    path,
    firstRun[step as keyof typeof firstRun],
  ]);
  test.each([...paths, ...steps])(
    "%s shows its keys, and sent untouched gives only what is proposed",
    async (path, keys) => {
      const values = Object.fromEntries(
        keys.map((key) => [key, sampleValues[key]]).filter(([, one]) => one !== undefined),
      );
      await saveSettings(hana, values as Partial<SettingValues>, {});
      const before = await givenSettings();
      const fields = await open(path);
      expect(fields["shown"]).toBe(shownField(keys, before));
      expect((await send(path, fields)).status).toBe(303);
      const proposed = keys.filter((key) => before[key] === undefined && neutralValues[key] !== "");
      const after = await givenSettings();
      const added = Object.keys(after).filter((key) => before[key as SettingKey] === undefined);
      expect(proposed).toEqual(expect.arrayContaining(added));
      for (const key of Object.keys(before)) expect(after[key as SettingKey]).toEqual(before[key as SettingKey]);
    },
  );
});

describe("two people at one form", () => {
  test("see both answers, with who gave the other, and the words stay", async () => {
    const late = await open("/staff/settings/name");
    await saveSettings(ken, { "name.ja": "けんの家" }, {});
    const answer = await send("/staff/settings/name", { ...late, "name.ja": "はなの家", "name.reading": "はなのいえ" });
    const html = (await refusedPage(answer, cookie)) ?? "";
    expect(words(html)).toContain(`${ken.name}さんが`);
    expect(words(html)).toContain("けんの家");
    const again = fieldsIn(html);
    expect([again["name.ja"], again["name.reading"]]).toEqual(["はなの家", "はなのいえ"]);
    expect((await givenSettings())["name.ja"]).toBe("けんの家");
    // Both were shown: now it is a decision.
    await send("/staff/settings/name", again);
    expect(await givenSettings()).toEqual({ "name.ja": "はなの家", "name.reading": "はなのいえ" });
  });

  test("lose nothing where the form came back for another reason meanwhile", async () => {
    await saveSettings(ken, { phone: "086-111-1111", "address.ja": "前の住所" }, {});
    const fields = await open("/staff/settings/place");
    await saveSettings(ken, { "address.ja": "新しい住所" }, { "address.ja": "前の住所" });
    const html = await refusedPage(await send("/staff/settings/place", { ...fields, phone: "x" }), cookie);
    const again = fieldsIn(html ?? "");
    expect([again["phone"], again["address.ja"]]).toEqual(["x", "新しい住所"]);
    await send("/staff/settings/place", { ...again, phone: "086-222-2222" });
    expect(await givenSettings()).toMatchObject({ phone: "086-222-2222", "address.ja": "新しい住所" });
  });

  test("of whom one is a program get 409 and the sentence", async () => {
    await saveSettings(ken, { "name.ja": "けんの家" }, {});
    const answer = await postForm(
      "/staff/settings/name",
      { shown: shownField(["name.ja"], {}), "name.ja": "はなの家" },
      { cookie, headers: asProgram },
    );
    expect(answer.status).toBe(409);
    expect(((await answer.json()) as { detail: string }).detail).toContain(ken.name);
  });
});

test("a form without what it had shown is refused, and nothing is written", async () => {
  for (const shown of ["", "x", "[]", '{"name.ja":["a","b"]}'])
    expect(
      (await postForm("/staff/settings/name", { shown, "name.ja": "家" }, { cookie, headers: asProgram })).status,
    ).toBe(422);
  expect(await givenSettings()).toEqual({});
});

test("what the environment decides is read-only and names its variable", async () => {
  environmentValues.notify = ["desk@example.org"];
  await loadSettings();
  const html = await page("/staff/settings/promises");
  expect(words(html)).toContain("STAFF_NOTIFY");
  expect(words(html)).toContain("desk@example.org");
  const fields = fieldsIn(html);
  expect(Object.hasOwn(fields, "notify")).toBe(false);
  expect((await send("/staff/settings/promises", { ...fields, reply_days: "2" })).headers.get("location")).toContain(
    "done=saved",
  );
  expect(await givenSettings()).toMatchObject({ reply_days: 2 });
});

test.each([
  ["ほしのこみち", "Hoshinokomichi"],
  ["かぜの いえ", "Kazeno Ie"],
  ["きょうとしゃかいじぎょうだん", "Kyoutoshakaijigyoudan"],
  ["ちっちゃな・ぴーす", "Chitchana Pisu"],
  ["がっこう", "Gakkou"],
])("the English name of %s is proposed as %s", (reading, name) => {
  expect(romanise(reading)).toBe(name);
});

test("the page of names proposes the easy and the English one, and saving gives them", async () => {
  await saveSettings(hana, { "name.ja": "かぜのいえ", "name.reading": "かぜの いえ" }, {});
  const fields = await open("/staff/settings/name");
  expect(fields).toMatchObject({ "name.easy": "かぜのいえ", "name.en": "Kazeno Ie" });
  await send("/staff/settings/name", fields);
  expect(await givenSettings()).toMatchObject({ "name.easy": "かぜのいえ", "name.en": "Kazeno Ie" });
});

test("the sender's page shows the records of its domain once it is given, and never those of the sample's", async () => {
  const recordsOf = async () => words(await page("/staff/settings/sender"));
  expect(await recordsOf()).not.toContain("_dmarc.");
  await saveSettings(hana, { "mail_from.address": "soudan@kaze.jp" }, {});
  expect(await recordsOf()).toContain("_dmarc.kaze.jp");
});

test("required boxes start empty, with the sample's value as an example", async () => {
  const html = await page("/staff/settings/first-run");
  expect(fieldsIn(html)).toMatchObject({ "name.ja": "", "purpose.ja": "" });
  expect(words(html)).toContain(`例: ${sampleValues["name.reading"]}`);
  expect((await open("/staff/settings/first-run/promise"))["notify"]).toBe(hana.email);
});

describe("the file in the browser", () => {
  test("is written and read, as a download that names no other type", async () => {
    await saveSettings(hana, { "name.ja": "はなの家" }, {});
    const answer = await get("/staff/settings/settings.json", { cookie });
    expect(answer.headers.get("content-disposition")).toContain("attachment");
    const text = await answer.text();
    await db.delete(settingsValues);
    const file = new File([text], "settings.json", { type: "application/json" });
    expect((await send("/staff/settings/file", { file })).headers.get("location")).toBe(
      "/staff/settings?done=imported",
    );
    expect(await givenSettings()).toEqual({ "name.ja": "はなの家" });
  });
  test("is refused with a sentence for each key", async () => {
    const file = new File(['{"nam.ja":"x","phone":"y"}'], "settings.json");
    const html = (await refusedPage(await send("/staff/settings/file", { file }), cookie)) ?? "";
    expect(words(html)).toContain("「nam.ja」という設定はありません。");
    expect(words(html)).toContain(`電話番号: ${settingWords.phone.refused}`);
  });
});

test("the page as it looks may be framed by our own pages; no other page may", async () => {
  const policyOf = async (path: string) => (await get(path, { cookie })).headers.get("content-security-policy") ?? "";
  expect(await policyOf("/staff/settings/preview")).toContain("frame-ancestors 'self'");
  expect(await policyOf("/staff/settings/name")).toMatch(/frame-src 'self'.*frame-ancestors 'none'/u);
  for (const path of ["/", "/staff", "/staff/settings", "/staff/settings/readings"]) {
    const policy = await policyOf(path);
    expect([path, policy.includes("frame-ancestors 'none'"), policy.includes("frame-src")]).toEqual([
      path,
      true,
      false,
    ]);
  }
  await saveSettings(hana, { "name.ja": "はなの家" }, {});
  expect(words(await page("/staff/settings/preview"))).toContain("はなの家");
  expect(await page("/staff/settings/preview?locale=en")).toContain('lang="en"');
});

/** What is missing before families may come, and the switch that refuses until nothing is. */

import { sql } from "drizzle-orm";
import { beforeEach, describe, expect, test } from "vitest";
import { openCase } from "#api/cases/case.ts";
import { noteKey } from "#api/keys/noted.ts";
import { confirm, makeReal } from "#api/readiness/make-real.ts";
import { missingForReal } from "#api/readiness/missing.ts";
import { firstPageFor, openFirstRun, readReadiness } from "#api/readiness/readiness.ts";
import { loadSample } from "#api/sample/sample.ts";
import { saveSettings } from "#api/settings/save.ts";
import { connectAsOwner, db, disconnect } from "#db/client.ts";
import { staff } from "#db/schema/staff.ts";
import { neutralValues, type SettingKey, type SettingValues } from "#db/settings/keys.ts";
import { requiredKeys } from "#db/settings/required.ts";
import { replaceSettings, sampleValues, settings, settingsFrom } from "#db/settings/settings.ts";
import { shownKeys } from "#db/vault/key-sheet.ts";
import { vaultKeyStore } from "#db/vault/stored-keys.ts";
import { keyGroupOf } from "#db/vault/written-keys.ts";
import { testDatabaseUrl } from "../../database.ts";
import { words } from "../../site/html.ts";
import { get, type Member, member, postForm, receive, refusedPage, signIn } from "../requests.ts";
import { ownValues, ready } from "./ready.ts";

let manager: Member;
beforeEach(async () => {
  const owner = connectAsOwner(await testDatabaseUrl());
  await owner.execute(sql`truncate settings, settings_changes, keys_noted`);
  await disconnect(owner);
  await db.update(staff).set({ disabledAt: new Date() });
  replaceSettings(settingsFrom({}, "sample", 0));
  manager = await member("manager");
});

const origin = "https://soudan.kaze.jp";
const codes = async (at = origin) => (await missingForReal(db, { origin: at })).map(({ code }) => code);

describe("what is missing", () => {
  test("of a new installation is everything, each by name", async () => {
    expect(await codes("http://localhost:3000")).toEqual([
      ...[...requiredKeys].toSorted((a, b) => keyOrder.indexOf(a) - keyOrder.indexOf(b)).map((key) => `missing.${key}`),
      ...["origin", "vault_key", "one_manager", "test_consultation"],
    ]);
  });
  const keyOrder = Object.keys(neutralValues);

  test.each(requiredKeys)("is %s, where it alone is not given", async (key) => {
    await ready(manager, [key]);
    expect(await codes()).toEqual([`missing.${key}`]);
  });

  test.each(Object.keys(sampleValues) as SettingKey[])("is %s while it is the sample's, in any width", async (key) => {
    await ready(manager, [key]);
    const value = sampleValues[key];
    const wide = typeof value === "string" && key.startsWith("name.") && key !== "name.reading" ? ` ${value}　` : value;
    await saveSettings(manager, { [key]: wide } as Partial<SettingValues>, {});
    const isOurs = key === "prefecture" || key === "readings";
    expect(await codes()).toEqual(isOurs ? [] : [`sample.${key}`]);
  });

  test("is a sender or a receiver at a name for examples", async () => {
    await ready(manager, ["notify", "mail_from.address"]);
    const values = { notify: ["a@kaze.jp", "b@example.org"], "mail_from.address": "soudan@mail.example.co.jp" };
    await saveSettings(manager, values, {});
    expect(await codes()).toEqual(["example.mail_from.address", "example.notify"]);
  });

  test("is https, the key on paper, a second manager, and a test consultation that somebody has opened", async () => {
    await ready(manager, ["key", "manager", "test"]);
    expect(await codes("http://soudan.kaze.jp")).toEqual(["origin", "vault_key", "one_manager", "test_consultation"]);
    await member("manager");
    await confirm(manager, "confirmed.vault_key");
    const { caseId } = await receive();
    expect(await codes()).toEqual(["test_consultation"]);
    await openCase(manager, caseId);
    expect(await codes()).toEqual([]);
  });
});

test("the vault's key counts as noted as well once groups of it were typed from paper", async () => {
  await ready(manager, ["key"]);
  const isAsked = async () => (await missingForReal(db)).some(({ code }) => code === "vault_key");
  expect(await isAsked()).toBe(true);
  const [shown] = shownKeys(vaultKeyStore);
  const number = 3;
  await noteKey("vault", [{ number, text: keyGroupOf(shown?.written ?? "", number) }], "test");
  expect(await isAsked()).toBe(false);
});

describe("the switch", () => {
  test("refuses with every sentence, and makes real in one change once nothing is missing", async () => {
    await ready(manager, ["phone", "key"]);
    await expect(makeReal(manager, { origin })).rejects.toThrow(
      /「電話番号」がまだありません。.*金庫の鍵.*紙に控えた/u,
    );
    expect(settings().stage).toBe("sample");
    await saveSettings(manager, { phone: "none" }, {});
    await confirm(manager, "confirmed.vault_key");
    await makeReal(manager, { origin });
    expect(settings().stage).toBe("real");
    await expect(makeReal(manager, { origin })).rejects.toThrow("もう本物");
    await expect(loadSample()).rejects.toThrow("is not loaded");
  });

  test("is for managers alone, and says on its page what is missing", async () => {
    const coordinator = await member("coordinator");
    await expect(makeReal(coordinator, { origin })).rejects.toMatchObject({ name: "Forbidden" });
    await expect(confirm(coordinator, "confirmed.vault_key")).rejects.toMatchObject({ name: "Forbidden" });
    const cookie = await signIn(manager);
    const html = await refusedPage(await postForm("/staff/settings/real", {}, { cookie }), cookie);
    expect(words(html ?? "")).toContain("まだ本物にできません。「団体の名前」がまだありません。");
  });
});

describe("the list", () => {
  test("derives its states from what is given", async () => {
    const { sections, answered, nextPage } = await readReadiness(manager);
    expect([answered, nextPage]).toEqual([0, "/staff/settings/first-run"]);
    expect(sections).toMatchObject({ name: "sample", place: "sample", colour: "optional", channels: "sample" });
    await saveSettings(manager, { ...ownValues, channels: [], colour: "#aa0055" }, {});
    const later = await readReadiness(manager);
    expect([later.answered, later.nextPage]).toEqual([9, undefined]);
    expect(later.sections).toMatchObject({ promises: "done", colour: "done", channels: "done" });
    const cookie = await signIn(manager);
    const html = words(await (await get("/staff/settings", { cookie, headers: { accept: "text/html" } })).text());
    for (const state of ["まだ", "見本のまま", "済"]) expect(html).toContain(state);
  });

  test("is where nobody is led twice: the first page once, a card until all is answered", async () => {
    expect(await firstPageFor(manager)).toBe("/staff/settings/first-run");
    expect(await firstPageFor({ role: "coordinator" })).toBeUndefined();
    await saveSettings(manager, { "name.ja": "家" }, {});
    expect(await firstPageFor(manager)).toBeUndefined();
    expect(await openFirstRun(manager)).toEqual({ left: 8, page: "/staff/settings/first-run" });
    const cookie = await signIn(manager);
    const today = async () => words(await (await get("/staff", { cookie, headers: { accept: "text/html" } })).text());
    expect(await today()).toContain("はじめの質問が、あと8つあります。");
    await saveSettings(manager, { ...ownValues, "name.ja": "家" }, { "name.ja": "家" });
    expect(await today()).not.toContain("はじめの質問が");
  });
});

/** What a start does once with the settings of an older installation. */

import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { sql } from "drizzle-orm";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { readReadiness } from "#api/readiness/readiness.ts";
import { upgradeSettings } from "#api/readiness/upgrade.ts";
import { loadSample } from "#api/sample/sample.ts";
import { settingsHistory } from "#api/settings/history.ts";
import { saveSettings } from "#api/settings/save.ts";
import { takeBack } from "#api/settings/take-back.ts";
import { givenSettings } from "#api/settings/transfer.ts";
import { connectAsOwner, db, disconnect } from "#db/client.ts";
import { env } from "#db/env.ts";
import { settingsChanges } from "#db/schema/settings.ts";
import { environmentValues } from "#db/settings/environment.ts";
import { settings } from "#db/settings/settings.ts";
import { loadSettings } from "#db/settings/store.ts";
import { testDatabaseUrl } from "../../database.ts";
import { words } from "../../site/html.ts";
import { get, member, receive, signIn } from "../requests.ts";

const former = join(env.DATA_DIR, "no-such-file.ts");
/** As before the first start of this release. */
async function forgetSettings(): Promise<void> {
  const owner = connectAsOwner(await testDatabaseUrl());
  await owner.execute(sql`truncate settings, settings_changes`);
  await disconnect(owner);
}
beforeEach(forgetSettings);
afterEach(() => {
  for (const key of Object.keys(environmentValues)) Reflect.deleteProperty(environmentValues, key);
});

describe("the stage", () => {
  test("of a new installation, and of one that only the sample is in, is the sample's, and stays so", async () => {
    await upgradeSettings({ former });
    expect(settings().stage).toBe("sample");
    await forgetSettings();
    await loadSample();
    await member("manager");
    await upgradeSettings({ former });
    expect(settings().stage).toBe("sample");
    // A test consultation before the next start makes nothing real.
    await receive();
    await upgradeSettings({ former });
    expect((await loadSettings()).stage).toBe("sample");
  });

  test("of one that families use is real; the list and doctor say what is not its own", async () => {
    await receive();
    const manager = await member("manager");
    await upgradeSettings({ former });
    expect(settings().stage).toBe("real");
    const { isUpgraded, missing } = await readReadiness(manager);
    expect([isUpgraded, missing.some(({ code }) => code === "missing.name.ja")]).toEqual([true, true]);
    const cookie = await signIn(manager);
    const html = words(await (await get("/staff/settings", { cookie, headers: { accept: "text/html" } })).text());
    expect(html).toContain("以前からお使いの設置です。団体の情報を確かめてください");
  });
});

describe("what the environment decides", () => {
  test("is copied once, also by two processes at once, and not again after it was taken back", async () => {
    Object.assign(environmentValues, {
      "mail_from.name": "家",
      "mail_from.address": "a@kaze.jp",
      notify: ["b@kaze.jp"],
    });
    await Promise.all([upgradeSettings({ former }), upgradeSettings({ former })]);
    const copied = { notify: ["b@kaze.jp"], "mail_from.name": "家", "mail_from.address": "a@kaze.jp" };
    expect(await givenSettings()).toEqual(copied);
    expect(await db.$count(settingsChanges)).toBe(4);
    for (const key of Object.keys(environmentValues)) Reflect.deleteProperty(environmentValues, key);
    const manager = await member("manager");
    expect((await loadSettings()).values.notify).toEqual(["b@kaze.jp"]);
    const [last] = await settingsHistory(manager, ["notify"]);
    expect(last).toMatchObject({ how: "upgrade", by: null });
    await takeBack(manager, last?.setId ?? "", {});
    environmentValues.notify = ["b@kaze.jp"];
    await upgradeSettings({ former });
    expect((await givenSettings()).notify).toBeUndefined();
  });

  test("replaces nothing that is given", async () => {
    await upgradeSettings({ former });
    await saveSettings(await member("manager"), { notify: ["own@kaze.jp"] }, {});
    environmentValues.notify = ["b@kaze.jp"];
    await upgradeSettings({ former });
    expect((await givenSettings()).notify).toEqual(["own@kaze.jp"]);
  });
});

describe("the former source file", () => {
  const file = async (name: string, text: string) => {
    const path = join(env.DATA_DIR, name);
    await writeFile(path, text);
    return path;
  };
  test("is taken over where it differs from the sample's and from what is proposed", async () => {
    const path = await file(
      "organisation.mjs",
      `export const organisation = {
        name: "かぜのいえ", fullName: "ほしのこみち（架空の見本団体）", purpose: "長い療養とともに暮らす子どもと家族の相談室",
        area: "広島県", address: "〒730-0001 広島市", phone: "082-111-2222",
        hours: { opens: "09:00", closes: "16:00", label: "" }, channels: [], replyBusinessDays: 5, keepYears: 3,
        keepRequestYears: 1, keepBackupDays: 35, yearEndClosing: { from: "12-29", to: "01-03" } };`,
    );
    await upgradeSettings({ former: path });
    const day = { opens: "09:00", closes: "16:00" };
    expect(await givenSettings()).toEqual({
      ...{ "name.ja": "かぜのいえ", "name.easy": "かぜのいえ", prefecture: "34", "address.ja": "〒730-0001 広島市" },
      ...{ phone: "082-111-2222", reply_days: 5 },
      hours: { mon: day, tue: day, wed: day, thu: day, fri: day, sat: null, sun: null },
    });
  });

  test("that cannot be read, or holds something else, hinders no start", async () => {
    for (const text of [
      "export const organisation = ",
      "export const organisation = 3;",
      "export const organisation = { name: 3, phone: 'x' };",
    ]) {
      await forgetSettings();
      await upgradeSettings({ former: await file(`broken-${text.length}.mjs`, text) });
      expect(await givenSettings()).toEqual({});
    }
  });
});

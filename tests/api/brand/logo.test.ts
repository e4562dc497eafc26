/** A logo is shown, replaced, taken back, and goes along when the settings are exported. */

import sharp from "sharp";
import { afterEach, expect, test } from "vitest";
import { removeLogo } from "#api/brand/logo.ts";
import { settingsHistory } from "#api/settings/history.ts";
import { takeBack } from "#api/settings/take-back.ts";
import { exportSettings, importSettings } from "#api/settings/transfer.ts";
import { storedLogo } from "#api/uploads/store-logo.ts";
import { db } from "#db/client.ts";
import { Forbidden } from "#db/errors.ts";
import { logos } from "#db/schema/logos.ts";
import { settings } from "#db/settings/settings.ts";
import { get, member, postForm, signIn } from "../requests.ts";

const picture = (background: string) =>
  sharp({ create: { width: 96, height: 64, channels: 4, background } })
    .png()
    .toBuffer();
const fileOf = (bytes: Buffer) => new File([new Uint8Array(bytes)], "logo.png");
const page = "/staff/settings/logo";

afterEach(async () => {
  await removeLogo(await member("manager"));
});

test("what a manager uploads is shown as pixels of our own, and what cannot be a logo is refused with a sentence", async () => {
  const cookie = await signIn(await member("manager"));
  const bytes = await picture("#7a1f5c");
  expect((await postForm(page, { file: fileOf(bytes) }, { cookie })).status).toBe(303);
  const { logo } = settings().values;
  const answer = await get(`${page}/${logo}/logo.png`, { cookie });
  expect(answer.headers.get("content-type")).toBe("image/png");
  expect(await sharp(Buffer.from(await answer.arrayBuffer())).metadata()).toMatchObject({ width: 96, height: 64 });
  const pdf = new File(["%PDF-1.7"], "logo.pdf");
  const refused = await postForm(page, { file: pdf }, { cookie });
  expect((await get(refused.headers.get("location") ?? "", { cookie })).status).not.toBe(500);
  expect(settings().values.logo).toBe(logo);
  await expect(removeLogo(await member("coordinator"))).rejects.toThrow(Forbidden);
});

test("a replaced one comes back when the change is taken back", async () => {
  const cookie = await signIn(await member("manager"));
  await postForm(page, { file: fileOf(await picture("#112233")) }, { cookie });
  const first = settings().values.logo;
  await postForm(page, { file: fileOf(await picture("#445566")) }, { cookie });
  expect(settings().values.logo).not.toBe(first);
  const manager = await member("manager");
  const [last] = await settingsHistory(manager);
  await takeBack(manager, last?.setId ?? "", { logo: last?.id ?? 0 });
  expect(settings().values.logo).toBe(first);
});

test("the exported file holds the picture itself; importing it elsewhere shows the same, and twice stores it once", async () => {
  const cookie = await signIn(await member("manager"));
  await postForm(page, { file: fileOf(await picture("#2e6b4f")) }, { cookie });
  const file = await exportSettings();
  const content = await storedLogo(settings().values.logo);
  await removeLogo(await member("manager"));
  expect(settings().values.logo).toBe("");
  const stored = await db.$count(logos);
  await importSettings(null, file);
  expect(await storedLogo(settings().values.logo)).toEqual(content);
  expect([await exportSettings(), await db.$count(logos)]).toEqual([file, stored]);
  await expect(importSettings(null, '{"logo.png":"nonsense"}')).rejects.toMatchObject({
    errors: { file: expect.any(String) },
  });
});

/** Until the site is real, mail leaves the machine for staff alone. */

import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Stage } from "#db/settings/keys.ts";
import { replaceSettings, settingsFrom } from "#db/settings/settings.ts";
import { deliveryKind, type DeliveryKind } from "#db/terms/mail.ts";
import { isHeldBack, isHoldingBack } from "#emails/held-back.ts";
import { member } from "../api/requests.ts";

const inStage = (stage: Stage) => replaceSettings(settingsFrom({}, stage, 1));
beforeEach(() => inStage("sample"));
afterEach(() => inStage("sample"));
const parent = ["parent@family.example.net"];

describe("where mail leaves the machine", () => {
  test.each(["sample", "own"] as const)(
    "in the stage %s, only mails to people who work here are sent",
    async (stage) => {
      inStage(stage);
      const kinds = Object.keys(deliveryKind) as DeliveryKind[];
      const held = await Promise.all(kinds.map(async (kind) => [kind, await isHeldBack(kind, parent, true)] as const));
      expect(held.filter(([, isHeld]) => isHeld).map(([kind]) => kind)).toEqual([
        "receipt",
        "reply_notice",
        "guide_link",
        "confirmation",
        "newsletter",
      ]);
    },
  );

  test("an address of staff takes every kind, however it is written, beside a stranger's none", async () => {
    const { email } = await member("coordinator");
    expect(await isHeldBack("receipt", [email.toUpperCase()], true)).toBe(false);
    expect(await isHeldBack("receipt", [email, ...parent], true)).toBe(true);
    expect(await isHeldBack("receipt", [email, email], true)).toBe(false);
  });

  test("a real site holds nothing back", async () => {
    inStage("real");
    expect([isHoldingBack(true), await isHeldBack("newsletter", parent, true)]).toEqual([false, false]);
  });
});

test("on the machine itself every mail is taken", async () => {
  expect([isHoldingBack(false), await isHeldBack("receipt", parent, false)]).toEqual([false, false]);
});

/** Finding a case by what is said on the phone. */

import { beforeAll, describe, expect, test } from "vitest";
import { assign } from "#api/cases/assign.ts";
import { eraseFamily } from "#api/privacy/erase.ts";
import { queryKindOf, search } from "#api/search/search.ts";
import { words } from "../../site/html.ts";
import { get, type Member, member, receive, signIn } from "../requests.ts";

const contact = { name: "さがされる人", email: "Sagasu@example.jp", phone: "090-1234-5678", reply_by: "phone" };
let coordinator: Member;
let peer: Member;
let found: { reference: string; caseId: string };
beforeAll(async () => {
  [coordinator, peer] = [await member("coordinator"), await member("peer")];
  found = await receive(contact);
  await receive({ phone: "090-1234-5679", reply_by: "phone" });
});

const idsFor = async (who: Member, typed: string) => (await search(who, typed)).ids;

describe("a case is found", () => {
  test.each<[string, (reference: string) => string]>([
    ["its reference", (reference) => reference],
    ["its reference in small letters without the dash", (reference) => reference.toLowerCase().replace("-", "")],
    [
      "its reference in full width",
      (reference) =>
        reference.replaceAll(/[0-9A-Z]/gu, (letter) => String.fromCodePoint((letter.codePointAt(0) ?? 0) + 0xfee0)),
    ],
    ["its number", () => "090-1234-5678"],
    ["its number without dashes", () => "09012345678"],
    ["its number with the country code", () => "+81 90 1234 5678"],
    ["its address in other letters", () => " sagasu@EXAMPLE.jp "],
  ])("by %s", async (_, typed) => {
    expect(await idsFor(coordinator, typed(found.reference))).toEqual([found.caseId]);
  });

  test.each(["", "1234", "さがされる", "090-1234", "sagasu", "@example.jp", "ZZZZ-ZZZZ", "%", "'", "\u0000"])(
    "not by %j",
    async (typed) => {
      expect(await idsFor(coordinator, typed)).toEqual([]);
    },
  );
});

test("a reference leads straight to the case, a number to a list with the name", async () => {
  const cookie = await signIn(coordinator);
  const straight = await get(`/staff/search?q=${found.reference}`, { cookie });
  expect([straight.status, straight.headers.get("location")]).toEqual([303, `/staff/cases/${found.caseId}#now`]);
  const listed = await get("/staff/search?q=09012345678", { cookie });
  expect([listed.status, words(await listed.text()).includes("さがされる人")]).toEqual([200, true]);
});

test("a peer finds the cases given to her, by reference alone", async () => {
  expect(await idsFor(peer, found.reference)).toEqual([]);
  await assign(coordinator, found.caseId, { staff_id: peer.id });
  expect(await idsFor(peer, found.reference)).toEqual([found.caseId]);
  expect(await idsFor(peer, "09012345678")).toEqual([]);
  expect(await idsFor(peer, "sagasu@example.jp")).toEqual([]);
});

test("other roles may not search", async () => {
  await expect(search(await member("analyst"), found.reference)).rejects.toMatchObject({ name: "Forbidden" });
});

test("an erased family is not found any more", async () => {
  const gone = await receive({ phone: "086-999-0000", reply_by: "phone" });
  await eraseFamily(gone.reference);
  expect([await idsFor(coordinator, gone.reference), await idsFor(coordinator, "086-999-0000")]).toEqual([[], []]);
});

test("what is typed is a reference, a number, an address, or nothing that can be searched", () => {
  expect(["23456789", "K7MQ-4X2P", "0312345678", "a＠example.jp", "山田"].map(queryKindOf)).toEqual([
    "reference",
    "reference",
    "phone",
    "email",
    "other",
  ]);
});

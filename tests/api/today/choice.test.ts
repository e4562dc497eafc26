/** 「きょう」 remembers whose cases somebody looks at. */

import { beforeEach, expect, test } from "vitest";
import { elements } from "../../site/html.ts";
import { get, type Member, member, signIn } from "../requests.ts";

let me: Member;
let cookie = "";
beforeEach(async () => {
  me = await member("coordinator");
  cookie = await signIn(me);
});

/** Which of 自分 and みんな is shown at this address. */
async function shown(path: string, as = cookie): Promise<string | undefined> {
  const links = elements(await (await get(path, { cookie: as })).text(), "a");
  return links.find((link) => link["aria-current"] === "page" && /who=/u.test(link["href"] ?? ""))?.["href"];
}

test("everybody's cases for somebody who never chose; then the last choice, also after another sign-in", async () => {
  expect(await shown("/staff")).toBe("/staff?who=all");
  expect(await shown("/staff?who=me")).toBe("/staff?who=me");
  expect(await shown("/staff")).toBe("/staff?who=me");
  expect(await shown("/staff", await signIn(me))).toBe("/staff?who=me");
  expect(await shown("/staff?who=all")).toBe("/staff?who=all");
  expect(await shown("/staff")).toBe("/staff?who=all");
});

test("the choice is one person's, and an unknown word changes nothing", async () => {
  await shown("/staff?who=me");
  expect(await shown("/staff", await signIn(await member("manager")))).toBe("/staff?who=all");
  expect(await shown("/staff?who=everybody")).toBe("/staff?who=me");
});

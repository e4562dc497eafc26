/** The way back from a case to its list, with the list's filters, over everything that is done in between. */

import { eq } from "drizzle-orm";
import { beforeAll, describe, expect, test } from "vitest";
import { assign } from "#api/cases/assign.ts";
import { db } from "#db/client.ts";
import { env } from "#db/env.ts";
import { drafts } from "#db/schema/drafts.ts";
import { get, type Member, member, postForm, receive, signIn } from "../api/requests.ts";
import { elements } from "./html.ts";

let me: Member;
let cookie = "";
beforeAll(async () => {
  me = await member("coordinator");
  cookie = await signIn(me);
});

const list = "/staff/cases?state=open&topic=respite";
const from = encodeURIComponent(list);
const note = (what: string) => ({
  happened_at: "2026-11-20T10:00",
  channel: "note",
  from_party: "staff",
  to_party: "staff",
  what,
});

async function heldCase(): Promise<string> {
  const { caseId } = await receive({ topics: ["respite"] });
  await assign(me, caseId, { staff_id: me.id });
  return `/staff/cases/${caseId}`;
}

/** A browser: one page after the other, each asked for with the address of the one before. */
function browser(start: string) {
  let address = start;
  const open = async (path: string, referer = address) => {
    const answer = await get(path, { cookie, headers: { accept: "text/html", referer: env.PUBLIC_ORIGIN + referer } });
    address = path;
    return answer.text();
  };
  return {
    address: () => address,
    open,
    /** Posts a form of the page that is open, and follows the answer. */
    send: async (path: string, fields: Record<string, string>) => {
      const headers = { referer: env.PUBLIC_ORIGIN + address.replace(/#.*/su, "") };
      const location = (await postForm(path, fields, { cookie, headers })).headers.get("location") ?? "";
      // The fragment is not sent, and the Referer of a redirect is the page of the form.
      return open(location.replace(/#.*/su, ""), address);
    },
  };
}
const backIn = (html: string) =>
  elements(html, "a")
    .find(({ href }) => href?.startsWith("/staff/cases?"))
    ?.["href"]?.replaceAll("&amp;", "&");

describe("the list that led to a case", () => {
  test("is led back to after several posts, after a refused one, and after another page of the case", async () => {
    const page = await heldCase();
    const tab = browser(list);
    expect(backIn(await tab.open(`${page}?from=${from}`))).toBe(list);
    for (const what of ["ひとつめ", "ふたつめ", "", "みっつめ"])
      expect([what, backIn(await tab.send(`${page}/entries`, note(what)))]).toEqual([what, list]);
    const hrefs = elements(await tab.open(tab.address()), "a").map(({ href }) => href);
    expect(hrefs).toContain(`${page}/state?from=${from}`);
    const statePage = await tab.open(`${page}/state?from=${from}`);
    expect(elements(statePage, "a").map(({ href }) => href)).toContain(`${page}?from=${from}#now`);
    expect(backIn(await tab.send(`${page}/state`, { state: "open", version: "0" }))).toBeUndefined(); // refused: the state's page
    expect(tab.address()).toBe(`${page}/state?from=${from}`);
    expect(backIn(await tab.send(`${page}/state`, { state: "open", version: "2" }))).toBe(list);
    expect(backIn(await tab.send(`${page}/entries`, note("よっつめ")))).toBe(list);
  });

  test("is led back to after a draft was dropped and something more was written", async () => {
    const page = await heldCase();
    const tab = browser(list);
    await tab.open(`${page}?from=${from}`);
    await tab.send(`${page}/entries`, { ...note("とちゅう"), happened_at: "" });
    const [draft] = await db.select({ id: drafts.id }).from(drafts).where(eq(drafts.page, page));
    expect(backIn(await tab.send(`/staff/drafts/${draft?.id}/drop`, {}))).toBe(list);
    expect(backIn(await tab.send(`${page}/entries`, note("あと")))).toBe(list);
  });

  test("is of one case: another case opened without a list leads to 「きょう」", async () => {
    const [page, other] = [await heldCase(), await heldCase()];
    const tab = browser(list);
    await tab.open(`${page}?from=${from}`);
    expect(backIn(await tab.open(other))).toBeUndefined();
  });

  test.each([
    ["https://elsewhere.example/"],
    ["//elsewhere.example/staff"],
    ["/\\elsewhere.example/staff"],
    ["/staff/people"],
    ["/staff/../u/x"],
    [`/staff?group=${"x".repeat(600)}`],
  ])("is none of the lists: %s is not carried on", async (foreign) => {
    const page = await heldCase();
    const headers = { referer: `${env.PUBLIC_ORIGIN}${page}?from=${encodeURIComponent(foreign)}` };
    const answer = await postForm(`${page}/entries`, note("…"), { cookie, headers });
    expect(answer.headers.get("location")).toMatch(new RegExp(`^${page}\\?done=entry(?:#.*)?$`, "u"));
    const html = await (await get(page, { cookie, headers })).text();
    expect(html).toContain('<a href="/staff">きょうに戻る</a>');
  });
});

/** Beside a case: who may be asked to help, who takes it; and what the composer says and ticks. */

import { beforeAll, describe, expect, test } from "vitest";
import { assign } from "#api/cases/assign.ts";
import { openCase } from "#api/cases/case.ts";
import { endOwed } from "#api/cases/end-promises.ts";
import { writeBrief } from "#api/peers/write-brief.ts";
import { get, type Member, member, postForm, receive, refusedPage, signIn } from "../api/requests.ts";
import { elements, unlabelled, words } from "./html.ts";

let [me, colleague, peer] = [] as unknown as [Member, Member, Member];
let cookie = "";
beforeAll(async () => {
  [me, colleague, peer] = [await member("coordinator"), await member("coordinator"), await member("peer")];
  cookie = await signIn(me);
});

const show = async (id: string) => (await get(`/staff/cases/${id}`, { cookie })).text();
const side = (html: string) => /<aside class="side".*?<\/aside>/su.exec(html)?.[0] ?? "";
/** The forms beside the case that post to this end of its address, each with its hidden fields and the ids to choose from. */
const formsAt = (html: string, end: string) =>
  (side(html).match(/<form\b.*?<\/form>/gsu) ?? [])
    .filter((form) => elements(form, "form")[0]?.["action"]?.endsWith(end))
    .map((form) => ({
      role: elements(form, "input").find(({ name }) => name === "role")?.["value"],
      offered: elements(form, "option").flatMap(({ value }) => value || []),
      isOpen:
        side(html).slice(0, side(html).indexOf(form)).lastIndexOf("<details open") >
        side(html).slice(0, side(html).indexOf(form)).lastIndexOf("</details>"),
    }));
const held = async (id: string) => {
  const { responsible, helpers } = (await openCase(me, id)).holders;
  return [responsible?.staffId ?? null, helpers.map(({ staffId }) => staffId)];
};

describe("who holds the case", () => {
  test("where nobody is responsible, one takes it or gives it to somebody who answers families", async () => {
    const { caseId } = await receive();
    const html = await show(caseId);
    expect(formsAt(html, "/claim")).toHaveLength(1);
    const [give] = formsAt(html, "/assignments");
    expect(give).toMatchObject({ role: "responsible", isOpen: false });
    expect([give?.offered.includes(colleague.id), give?.offered.includes(peer.id)]).toEqual([true, false]);
    const sent = await postForm(
      `/staff/cases/${caseId}/assignments`,
      { staff_id: colleague.id, role: "responsible" },
      { cookie },
    );
    expect(sent.headers.get("location")).toContain("?done=assigned");
    expect(await held(caseId)).toEqual([colleague.id, []]);
    const after = await show(caseId);
    expect([formsAt(after, "/claim"), formsAt(after, "/assignments").map(({ role }) => role)]).toEqual([
      [],
      ["helper"],
    ]);
  });

  test("adding somebody to help never makes them responsible, also where nobody is", async () => {
    const { caseId } = await receive();
    const help = formsAt(await show(caseId), "/assignments").at(-1);
    expect([help?.role, help?.offered.includes(peer.id), help?.offered.includes(colleague.id)]).toEqual([
      "helper",
      true,
      true,
    ]);
    const fields = { staff_id: colleague.id, role: help?.role ?? "" };
    const sent = await postForm(`/staff/cases/${caseId}/assignments`, fields, { cookie });
    expect(sent.headers.get("location")).toContain("?done=helping");
    expect(await held(caseId)).toEqual([null, [colleague.id]]);
    const html = await show(caseId);
    expect(words(html)).toContain("が手伝いに加わりました");
    expect(formsAt(html, "/assignments").at(-1)?.offered).not.toContain(colleague.id);
  });

  test.each(["responsible", "helper"])("what was refused comes back in the form of the %s alone", async (role) => {
    const { caseId } = await receive();
    const answer = await postForm(`/staff/cases/${caseId}/assignments`, { staff_id: "", role }, { cookie });
    const html = (await refusedPage(answer, cookie)) ?? "";
    expect(
      formsAt(html, "/assignments")
        .filter(({ isOpen }) => isOpen)
        .map((form) => form.role),
    ).toEqual([role]);
    expect(html).toContain('id="assignments-staff_id-error"');
    expect(unlabelled(html)).toEqual([]);
  });
});

describe("what the composer says of a note", () => {
  const hint = (html: string) => words(/<form[^>]*class="f-note".*?<\/form>/su.exec(html)?.[0] ?? "");

  test("that the promise goes on only where one is open", async () => {
    const { caseId } = await receive({ reply_by: "phone", phone: "086-000-0000" });
    expect(hint(await show(caseId))).toContain("お返事の約束は続きます");
    await endOwed(me, caseId, { reason: "not_needed", version: 1 });
    const after = hint(await show(caseId));
    expect([after.includes("職員だけが読みます"), after.includes("お返事の約束")]).toEqual([true, false]);
  });
});

describe("where a peer helps", () => {
  test("entries may be shown to them, when they are written and afterwards; never by themselves", async () => {
    const { caseId } = await receive();
    expect(await show(caseId)).not.toContain("for_peers");
    await assign(me, caseId, { staff_id: peer.id, role: "helper" });
    const ticks = elements(await show(caseId), "input").filter(({ name }) => name === "for_peers");
    expect(ticks.map((tick) => "checked" in tick)).toEqual([false, false]);
    const note = { channel: "note", from_party: "staff", to_party: "staff", happened_at: "2026-11-20T10:00" };
    await postForm(`/staff/cases/${caseId}/entries`, { ...note, what: "見せない。" }, { cookie });
    await postForm(`/staff/cases/${caseId}/entries`, { ...note, what: "見せる。", for_peers: "true" }, { cookie });
    const shown = async () =>
      Object.fromEntries(
        (await openCase(me, caseId)).entries.map(({ body, shownToPeersAt }) => [body.what, shownToPeersAt !== null]),
      );
    expect(await shown()).toEqual({ "見せない。": false, "見せる。": true });
    const html = await show(caseId);
    expect(words(html)).toContain("ピアにも見せています");
    const action = elements(html, "form").flatMap((form) => (form["action"]?.endsWith("/peers") ? form["action"] : []));
    const answer = await postForm(action[0] ?? "", { shown: "true" }, { cookie });
    expect(answer.headers.get("location")).toContain("?done=entry_shown");
    expect(await shown()).toEqual({ "見せない。": true, "見せる。": true });
  });

  test("the brief stands beside, with the way to change it", async () => {
    const { caseId } = await receive();
    expect(side(await show(caseId))).not.toContain("ピアへの申し送り</h2>");
    await writeBrief(me, caseId, { brief: "絵がすきです。", seen: "" });
    const html = side(await show(caseId));
    expect(html).toContain("絵がすきです。");
    expect(elements(html, "a").map(({ href }) => href)).toContain(`/staff/cases/${caseId}/brief`);
  });
});

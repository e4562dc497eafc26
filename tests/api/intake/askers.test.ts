/** Each kind of asker has a form of their own, with words of consent that fit, in each language; and safe ways to be answered. */

import { eq } from "drizzle-orm";
import { describe, expect, test } from "vitest";
import { openCase } from "#api/cases/case.ts";
import { sendReply } from "#api/correspondence/reply.ts";
import { openPromises } from "#api/promises/promises.ts";
import { db } from "#db/client.ts";
import { consultations } from "#db/schema/consultations.ts";
import { deliveries } from "#db/schema/mail.ts";
import { asker, consentKinds, formPaths } from "#db/terms/askers.ts";
import { callAs, callMessage } from "#db/terms/calls.ts";
import { codes } from "#db/terms/codes.ts";
import { locale } from "#db/terms/locale.ts";
import { pathIn, wordsIn } from "#db/words/words.ts";
import { elements, withoutReadings, words } from "../../site/html.ts";
import { caseOf, everything, type Fields, get, member, postForm, postJson, receive, signIn } from "../requests.ts";

const forms = codes(asker).flatMap((who) => codes(locale).map((spoken) => [who, spoken] as const));

const page = async (path: string) => withoutReadings(await (await get(path)).text());

/** What a browser would send that touched nothing but the message, the way of an answer and the box. */
function answered(html: string, fields: Fields): Fields {
  const hidden = elements(html, "input").filter(({ type }) => type === "hidden");
  const carried = Object.fromEntries(hidden.map(({ name = "", value = "" }) => [name, value]));
  return { ...carried, message: "話を聞いてください。", reply_by: "none", consent: "true", ...fields };
}

const lastOf = async (reference: string) => {
  const [row] = await db
    .select()
    .from(consultations)
    .where(eq(consultations.caseId, await caseOf(reference)));
  return row;
};

const referenceIn = (html: string) => /<strong[^>]*>([2-9A-Z]{4}-[2-9A-Z]{4})<\/strong>/u.exec(html)?.[1] ?? "";

describe.each(forms)("the form for %s in %s", (who, spoken) => {
  const path = pathIn(spoken, formPaths[who]);
  const relation: Fields = who === "professional" ? { relation: "school" } : {};

  test("shows words of consent of its own, and these are kept", async () => {
    const html = await page(path);
    const consent = wordsIn(spoken).consents[consentKinds[who]];
    const said = (shown: string) => words(shown).replaceAll("&#39;", "'");
    expect(said(html)).toContain(consent);
    const checked = await postForm("/consultation/check", answered(html, relation));
    expect([checked.status, said(await checked.text()).includes(consent)]).toEqual([200, true]);
    const sent = await postForm("/consultation?send", answered(html, relation));
    const receipt = await page(sent.headers.get("location") ?? "");
    const row = await lastOf(referenceIn(receipt));
    expect([row?.consent, row?.relation]).toEqual([
      consent,
      who === "self" ? "self" : who === "professional" ? "school" : null,
    ]);
  });

  test("comes back refused as the same form, and leads on to the others", async () => {
    const html = await page(path);
    const refused = await postForm("/consultation/check", answered(html, { consent: "" }));
    const again = withoutReadings(await refused.text());
    const heading = /<h1>(.*?)<\/h1>/u.exec(html)?.[1];
    expect([refused.status, /<h1>(.*?)<\/h1>/u.exec(again)?.[1]]).toEqual([422, heading]);
    const others = codes(asker).filter((other) => other !== who);
    const links = elements(html, "a").map(({ href }) => href);
    expect(others.filter((other) => !links.includes(pathIn(spoken, formPaths[other])))).toEqual([]);
  });
});

test("no two kinds of askers agree to the same words, and only parents agree for their child", () => {
  for (const spoken of codes(locale)) {
    const texts = codes(asker).map((who) => wordsIn(spoken).consents[consentKinds[who]]);
    expect(new Set(texts).size).toBe(4);
    expect(wordsIn(spoken).consents.self).not.toMatch(/お子さん|子どもの病気|my child/u);
  }
});

test("a program that names somebody unknown is told so", async () => {
  const answer = await postJson("/api/consultations", { message: "x", reply_by: "none", consent: true, asker: "cat" });
  expect([answer.status, Object.keys(((await answer.json()) as { errors: object }).errors)]).toEqual([422, ["asker"]]);
});

describe("wishes for our calls", () => {
  const wishes = { call_as: "name", call_message: "no", call_when: "平日の昼休み", call_who: "カナリヤという姉" };
  const asked = { message: "電話をください。", reply_by: "phone", phone: "086-000-0000", consent: true, ...wishes };

  test("lie sealed beside the number, and stand where staff dial", async () => {
    const { caseId } = await receive({ ...asked });
    expect((await everything()).includes("カナリヤ")).toBe(false);
    const coordinator = await member("coordinator");
    const found = await openCase(coordinator, caseId);
    expect(found.consultations[0]?.contact).toMatchObject(wishes);
    const cookie = await signIn(coordinator);
    const html = words(await (await get(`/staff/cases/${caseId}`, { cookie })).text());
    // In the strip above, and on phones in the bar beside the button that dials.
    for (const said of [callAs.name, callMessage.no, wishes.call_when, wishes.call_who])
      expect([said, html.split(said).length]).toEqual([said, 3]);
  });

  test("are shown once more before sending, and asked of nobody who wants no call", async () => {
    const called = await postForm("/consultation/check", { ...asked, consent: "true" });
    const { calls } = wordsIn("ja").form;
    expect(words(await called.text())).toContain(calls.asOptions.name);
    const mailed = { ...asked, consent: "true", reply_by: "email", email: "hana@example.jp" };
    expect(words(await (await postForm("/consultation/check", mailed)).text())).not.toContain(calls.asOptions.name);
  });

  test("too long a wish is refused in a sentence, at its box", async () => {
    const refused = await postForm("/consultation/check", { ...asked, consent: "true", call_when: "あ".repeat(201) });
    expect(refused.status).toBe(422);
    const box = elements(await refused.text(), "input").find(({ id }) => id === "call_when");
    expect(box).toMatchObject({ "aria-invalid": "true", value: "あ".repeat(201) });
  });
});

describe("an answer on the site", () => {
  const asked = { message: "返事はここで読みます。", reply_by: "site", email: "hana@example.jp", consent: "true" };

  test("is promised, and no mail is sent, whatever address was named", async () => {
    const sent = await postForm("/consultation?send", asked);
    const receipt = await page(sent.headers.get("location") ?? "");
    expect(words(receipt)).toMatch(/\d+月\d+日（.）までに、このサイトにお返事を書きます。/u);
    const caseId = await caseOf(referenceIn(receipt));
    expect(await openPromises(db, caseId)).toHaveLength(1);
    const row = await lastOf(referenceIn(receipt));
    const mails = await db
      .select()
      .from(deliveries)
      .where(eq(deliveries.leadId, row?.leadId ?? ""));
    expect(mails.map(({ kind }) => kind)).toEqual(["staff_notice"]);
  });

  test("keeps its promise once it is written, and needs no other way to reach anybody", async () => {
    const { caseId } = await receive({ ...asked, email: undefined, consent: true });
    const coordinator = await member("coordinator");
    await sendReply(coordinator, caseId, { reply: "お返事です。", latest: "", take: true });
    expect(await openPromises(db, caseId)).toEqual([]);
  });
});

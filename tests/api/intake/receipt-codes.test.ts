import { eq } from "drizzle-orm";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { codeToShow, confirmReceiptCode } from "#api/intake/receipt-codes.ts";
import { receiptOf, receiptPath } from "#api/intake/receipts.ts";
import { newReceiptCode, normaliseReceiptCode, normaliseReference } from "#api/intake/reference.ts";
import { eraseFamily } from "#api/privacy/erase.ts";
import { deleteExpired } from "#api/privacy/retention.ts";
import { db } from "#db/client.ts";
import { consultations } from "#db/schema/consultations.ts";
import { leads } from "#db/schema/leads.ts";
import { signToken } from "#db/vault/tokens.ts";
import { refusingDatabase, whileDatabaseIsAt } from "../../database.ts";
import { gaps, unlabelled } from "../../site/html.ts";
import { family } from "../correspondence/families.ts";
import { everything, get, postForm, postJson, rowCounts } from "../requests.ts";

const hour = 3_600_000;
const later = (ms: number) => new Date(Date.now() + ms);

/** The receipt page of a reference. */
const pageOf = (reference: string, locale: "ja" | "easy" | "en" = "ja") =>
  receiptPath({ reference, replyByDate: "2026-11-26", replyBy: "none", locale });

const storedOf = async (reference: string) => {
  const [row] = await db
    .select({ consultation: consultations })
    .from(consultations)
    .innerJoin(leads, eq(leads.id, consultations.leadId))
    .where(eq(leads.reference, reference));
  return row?.consultation;
};

describe("a receipt code", () => {
  test("is ten characters that are not mistaken for each other, and never twice the same", () => {
    const codes = Array.from({ length: 500 }, newReceiptCode);
    for (const code of codes) expect(code).toMatch(/^[2-9A-HJ-NP-Z]{4}-[2-9A-HJ-NP-Z]{3}-[2-9A-HJ-NP-Z]{3}$/u);
    expect(new Set(codes).size).toBe(codes.length);
  });

  test.each([
    "7KQM-X2P-9AB",
    "7kqmx2p9ab",
    "７ＫＱＭ－Ｘ２Ｐ－９ＡＢ",
    " 7KQM x2p　9ab ",
    "7KQM―X2Pー9AB",
    "7KQM−X2P‐9AB\n",
  ])("typed as %j is the same code", (typed) => expect(normaliseReceiptCode(typed)).toBe("7KQMX2P9AB"));

  test.each(["K7MQ-4X2P", "k7mq4x2p", "Ｋ７ＭＱー４Ｘ２Ｐ", "K7MQ 4X2P"])(
    "a reference typed as %j is the same",
    (typed) => expect(normaliseReference(typed)).toBe("K7MQ-4X2P"),
  );

  test("in whatever groups and case it is typed, it stays itself", () => {
    const filler = fc.constantFrom("", " ", "　", "-", "－", "ー", "−", "\n");
    const typing = fc.array(fc.tuple(filler, fc.boolean()), { minLength: 10, maxLength: 10 });
    fc.assert(
      fc.property(typing, (strokes) => {
        const typed = strokes.map(
          ([before, low], at) => before + ("7KQMX2P9AB"[at] ?? "")[low ? "toLowerCase" : "toUpperCase"](),
        );
        expect(normaliseReceiptCode(typed.join(""))).toBe("7KQMX2P9AB");
      }),
    );
  });
});

describe("the receipt page", () => {
  test("shows the code, again on every reload, until it is confirmed with its last three characters", async () => {
    const { reference, code } = await family();
    const page = pageOf(reference);
    for (const _ of [1, 2]) {
      const html = await (await get(page)).text();
      expect(html).toContain(code);
      expect([gaps(html), unlabelled(html)]).toEqual([[], []]);
    }
    const wrong = await postForm(page, { code_end: "000" });
    expect(wrong.status).toBe(422);
    const again = await wrong.text();
    expect(again).toContain("最後の3文字がちがうようです");
    expect(again).toContain(code);

    const right = await postForm(page, { code_end: ` ${code.slice(-3).toLowerCase()} ` });
    expect([right.status, right.headers.get("location")]).toEqual([303, page]);
    const confirmed = await (await get(page)).text();
    expect(confirmed).toContain("コードは、もうこの画面に出ません");
    expect(confirmed).toContain('href="/consultation/return"');
    expect(confirmed).not.toContain(code);
    expect(confirmed).not.toContain("code_end");
    expect(await storedOf(reference)).toMatchObject({ receiptCode: null, receiptCodeConfirmedAt: expect.any(Date) });
    expect((await postForm(page, { code_end: "000" })).status).toBe(303);
  });

  test("takes the whole code as well", async () => {
    const { reference, code } = await family();
    expect(await confirmReceiptCode(reference, code)).toBe(true);
  });

  test("shows nothing any more after an hour, and says how to get another", async () => {
    const { reference, code } = await family();
    expect((await codeToShow(reference, later(hour - 60_000))).state).toBe("shown");
    expect(await codeToShow(reference, later(hour))).toEqual({ state: "hidden" });
    await db
      .update(leads)
      .set({ receivedAt: later(-hour) })
      .where(eq(leads.reference, reference));
    const html = await (await get(pageOf(reference))).text();
    expect(html).not.toContain(code);
    expect(html).toContain("新しいコードをお伝えします");
    expect((await postForm(pageOf(reference), { code_end: code.slice(-3) })).status).toBe(303);
    expect((await storedOf(reference))?.receiptCodeConfirmedAt).toBeNull();
  });

  test("the sealed code is swept away after the hour, and not before", async () => {
    const { reference } = await family();
    await deleteExpired(later(hour - 60_000));
    expect((await storedOf(reference))?.receiptCode).not.toBeNull();
    await deleteExpired(later(hour + 60_000));
    expect(await storedOf(reference)).toMatchObject({ receiptCode: null, receiptCodeHash: expect.any(Buffer) });
  });

  test("speaks the language of the form", async () => {
    const { reference, code } = await family({ locale: "en" });
    const html = await (await get(pageOf(reference, "en"))).text();
    expect(html).toContain('<html lang="en"');
    expect(html).toContain("We have received what you wrote");
    expect(html).toContain('href="/en/consultation/return"');
    expect(html).toContain(code);
    const easy = await (await get(pageOf(reference, "easy"))).text();
    expect(easy).toContain('<html lang="ja"');
    expect(easy).toContain("相談が届きました");
  });

  test("without the database still gives number and day, and says that the code comes later", async () => {
    const { reference, code } = await family();
    let html = "";
    await whileDatabaseIsAt(refusingDatabase, async () => {
      html = await (await get(pageOf(reference))).text();
    });
    expect(html).toContain(reference);
    expect(html).toContain("受付コードを、いま出せません。");
    expect(html).not.toContain(code);
    expect(await (await get(pageOf(reference))).text()).toContain(code);
  });

  test("an older link without slip and language still opens", () => {
    const old = (said: string) => receiptOf(signToken("receipt", Buffer.from(said)));
    expect(old("H7K2-9QWD|2026-11-26|email")).toMatchObject({ slip: undefined, locale: "ja" });
    expect(old("H7K2-9QWD|2026-11-26|email|")).toMatchObject({ slip: "", locale: "ja" });
    expect(old("H7K2-9QWD|2026-11-26|email|gmail.com")).toMatchObject({ slip: "gmail.com", locale: "ja" });
  });

  test("of somebody else's link confirms nothing", async () => {
    expect((await postForm("/consultation/receipt/nothing", { code_end: "ABC" })).status).toBe(404);
  });

  test("looking at it changes nothing", async () => {
    const { reference } = await family();
    const before = await everything();
    for (const method of ["GET", "HEAD"]) await get(pageOf(reference), { method });
    expect(await everything()).toBe(before);
  });
});

describe("a program", () => {
  test("is told where the receipt is, the same for a repeat, and nothing of the code", async () => {
    const body = { message: "話を聞いてください。", reply_by: "none", consent: true };
    const headers = { "idempotency-key": "receipt-code-1" };
    const first = await postJson("/api/consultations", body, { headers });
    const link = first.headers.get("location") ?? "";
    expect(new URL(link).pathname).toMatch(/^\/consultation\/receipt\//u);
    const told = (await first.json()) as { reference: string };
    expect(Object.keys(told)).toEqual(["reference", "reply_by_date"]);
    const before = await rowCounts();
    const repeat = await postJson("/api/consultations", body, { headers });
    expect(repeat.headers.get("location")).toBe(link);
    expect(await rowCounts()).toEqual(before);
    const shown = await codeToShow(told.reference);
    expect(shown.state === "shown" && (await (await get(new URL(link).pathname)).text()).includes(shown.code)).toBe(
      true,
    );
  });
});

test("neither code nor its letters ever stand in a table, and an erased family keeps no hash", async () => {
  const { reference, code } = await family();
  const isStored = async () => {
    const stored = (await everything()).toUpperCase();
    const forms = [code, normaliseReceiptCode(code)].flatMap((form) => [
      form,
      Buffer.from(form).toString("hex").toUpperCase(),
    ]);
    return forms.some((form) => stored.includes(form));
  };
  expect(await isStored()).toBe(false);
  await confirmReceiptCode(reference, code);
  expect(await isStored()).toBe(false);
  await eraseFamily(reference);
  expect(await storedOf(reference)).toMatchObject({ receiptCode: null, receiptCodeHash: null });
  expect(await codeToShow(reference)).toEqual({ state: "confirmed" });
});

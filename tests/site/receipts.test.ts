import { beforeAll, describe, expect, test } from "vitest";
import { downloadPath } from "#api/downloads/download-page.ts";
import { installBundledGuides } from "#api/guides/install-bundled.ts";
import { receiptPath } from "#api/intake/receipts.ts";
import { db } from "#db/client.ts";
import { downloadGrants } from "#db/schema/guides.ts";
import { leads } from "#db/schema/leads.ts";
import { settings } from "#db/settings/settings.ts";
import { hoursLabel } from "#db/settings/wording.ts";
import { hashToken } from "#db/vault/tokens.ts";
import { elements, gaps, words } from "./html.ts";
import { site } from "./stored.ts";

async function visit(path: string): Promise<{ status: number | undefined; html: string }> {
  const page = await site.render(new Request(`http://localhost:3000${path}`), {});
  return { status: page?.status, html: (await page?.text()) ?? "" };
}

describe("the receipt", () => {
  const told = { reference: "H7K2-9QWD", replyByDate: "2026-11-26", locale: "ja" } as const;

  test.each([
    ["email", "11月26日（木）までにメールでお返事します。", true],
    ["phone", "11月26日（木）までにお電話します。", false],
    ["none", "お返事は送りません。", false],
  ] as const)("for %s says what was promised, and is enough by itself", async (replyBy, promise, aboutMail) => {
    const { status, html } = await visit(receiptPath({ ...told, replyBy }));
    expect(status).toBe(200);
    const read = words(html);
    expect(read).toContain("H7K2-9QWD");
    expect(read).toContain(promise);
    expect(read).toContain(settings().phone);
    expect(read).toContain(hoursLabel("ja", settings()));
    expect(read.includes("example.jp からのメール")).toBe(aboutMail);
    expect(html).toContain('content="noindex, nofollow"');
    expect(gaps(html)).toEqual([]);
  });

  test("without a wish for an answer it names no day", async () => {
    const { html } = await visit(receiptPath({ ...told, replyBy: "none" }));
    expect(html).not.toContain("11月26日");
  });

  test.each([
    ["gmail.com", "「gmail.com」の打ち間違いかもしれません。"],
    ["", "途中で切れているかもしれません。"],
  ])("doubts an address that looks mistyped (%j), and no other", async (slip, sentence) => {
    const { html } = await visit(receiptPath({ ...told, replyBy: "email", slip }));
    expect(words(html)).toContain(sentence);
    expect(gaps(html)).toEqual([]);
    expect((await visit(receiptPath({ ...told, replyBy: "email" }))).html).not.toContain("打ち間違い");
  });

  test("an altered link is a 404 that gives the phone and no false alarm", async () => {
    const path = receiptPath({ ...told, replyBy: "email" });
    const { status, html } = await visit(
      path.replace(/\/(.)([^/]*)$/u, (_, first, rest) => `/${first === "A" ? "B" : "A"}${rest}`),
    );
    expect(status).toBe(404);
    expect(html).toContain("送ったご相談がなくなったわけではありません。");
    expect(html).toContain("tel:0860000000");
    expect(html).not.toContain("H7K2");
  });
});

describe("the page that hands over a guide", () => {
  beforeAll(async () => {
    await installBundledGuides();
  });

  async function grant(token: string, expiresAt: Date): Promise<string> {
    const [lead] = await db.insert(leads).values({ kind: "download", channel: "form" }).returning();
    await db
      .insert(downloadGrants)
      .values({ leadId: lead?.id ?? "", guideSlug: "learning-in-hospital", tokenHash: hashToken(token), expiresAt });
    return token;
  }
  const later = new Date("2099-11-27T03:04:00Z");

  test("has the link on the screen, until when, and what the mail repeats", async () => {
    const token = await grant("one", later);
    const { status, html } = await visit(downloadPath(token, false));
    expect(status).toBe(200);
    expect(elements(html, "a").filter(({ href }) => href?.startsWith("/d/"))).toEqual([
      { class: "button big", href: `/d/${token}` },
    ]);
    expect(words(html)).toContain("11月27日（金）12:04まで、何度でも開けます。");
    expect(html).toContain("example.jp");
    expect(html).not.toContain("メールマガジンの登録は");
    expect(gaps(html)).toEqual([]);
  });

  test("tells of the confirmation only to those who ticked the box", async () => {
    const token = await grant("two", later);
    expect(words((await visit(downloadPath(token, true))).html)).toContain("メールマガジンの登録は、あとひとつ");
  });

  test("past its date it is gone, and leads to the list", async () => {
    const token = await grant("three", new Date("2026-01-05T00:00:00Z"));
    const { status, html } = await visit(downloadPath(token, false));
    expect(status).toBe(410);
    expect(html).not.toContain("/d/");
    expect(html).toContain('href="/guides"');
    expect((await visit(downloadPath("nothing", false))).status).toBe(404);
  });
});

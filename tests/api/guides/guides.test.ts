import { createHash } from "node:crypto";
import { rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { desc, eq } from "drizzle-orm";
import sharp from "sharp";
import { beforeAll, describe, expect, test } from "vitest";
import { eraseEntry } from "#api/approvals/erase-entry.ts";
import { archiveEntry, bringBackEntry } from "#api/content/archive.ts";
import { listEntries } from "#api/content/entries.ts";
import { publishText, withdrawText } from "#api/content/publish.ts";
import { restoreRevision, saveEntry } from "#api/content/save.ts";
import { getGuide, listGuides, previewOf } from "#api/guides/catalogue.ts";
import { installBundledGuides } from "#api/guides/install-bundled.ts";
import { addGuide, publishVersion, republishGuide, withdrawGuide } from "#api/guides/publish.ts";
import { listStaffGuides, openGuide } from "#api/guides/staff-guides.ts";
import { PageTime } from "#api/pages/page-time.ts";
import { textsIn } from "#api/published/published.ts";
import { loadPublished } from "#api/published/store.ts";
import { db } from "#db/client.ts";
import { env } from "#db/env.ts";
import { downloadGrants, guides, guideVersions } from "#db/schema/guides.ts";
import { deliveries } from "#db/schema/mail.ts";
import { hashToken } from "#db/vault/tokens.ts";
import { contentWords } from "#db/words/staff/content.ts";
import { phone } from "../../browser.ts";
import { elements, words } from "../../site/html.ts";
import { typed } from "../content/typed.ts";
import {
  app,
  ask,
  asProgram,
  get,
  type Member,
  member,
  postForm,
  postJson,
  refusedPage,
  signIn,
  trailOf,
} from "../requests.ts";
import { lockedPdf, pdf, samplePdf } from "./pdfs.ts";

const bundled = "learning-in-hospital";
const said = { title: "学校のしおり", summary: "紹介です。", forWhom: "ご家族" };
const fields = { ...said, contents: "はじめに\n\n  おわりに " };

let keeper: Member;
let cookie: string;

beforeAll(async () => {
  keeper = await member("coordinator");
  cookie = await signIn(keeper);
});

const rowsOf = (slug: string) =>
  db.select().from(guideVersions).where(eq(guideVersions.guideSlug, slug)).orderBy(desc(guideVersions.version));

/** A guide of its own, on the site. */
let count = 0;
async function fresh(file = samplePdf()): Promise<string> {
  return addGuide(keeper, { ...said, contents: [], slug: `fresh-${++count}`, file });
}

/** The link that somebody was given for a guide: "/d/…". */
async function linkTo(guide: string, email = "hana@example.jp"): Promise<string> {
  const answer = await postJson("/api/downloads", { email, guide });
  return ((await answer.json()) as { link: string }).link.replace(env.PUBLIC_ORIGIN, "");
}

const bytesOf = async (answer: Response) => Buffer.from(await answer.arrayBuffer());

describe("the guides that come with the product", () => {
  test("are on offer with their words, their parts, and what was found in the file", async () => {
    const [guide] = await listGuides();
    expect(guide).toMatchObject({
      slug: bundled,
      title: "入院中の学びと復学のはじめ方",
      forWhom: "入院や療養が続くお子さんのご家族",
      version: 1,
      pages: 6,
      bytes: 166_020,
      updated: new Date("2026-11-19T15:00:00Z"),
      isWithdrawn: false,
    });
    expect(guide?.contents[0]).toBe("入院が決まったら、まず三つ");
    expect((await rowsOf(bundled)).map(({ uploadedBy, pages }) => [uploadedBy, pages])).toEqual([[null, 6]]);
  });

  const state = async () => [await db.select().from(guides), await db.select().from(guideVersions)];

  test("change nothing at the next start, nor at two at once", async () => {
    const before = await state();
    await installBundledGuides();
    await Promise.all([installBundledGuides(), installBundledGuides()]);
    expect(await state()).toEqual(before);
  });

  test("complete the rows of an older release", async () => {
    const before = await state();
    await db.update(guideVersions).set({ pages: null, preview: null, publishedAt: new Date() });
    await db.update(guides).set({ summary: "", forWhom: "", contents: [] });
    await installBundledGuides();
    expect(await state()).toEqual(before);
  });

  test("come back to the store when it was lost", async () => {
    const [row] = await rowsOf(bundled);
    for (const name of [row?.storedAs, row?.preview]) rmSync(join(env.DATA_DIR, "guides", name ?? ""));
    await installBundledGuides();
    for (const name of [row?.storedAs, row?.preview])
      expect(statSync(join(env.DATA_DIR, "guides", name ?? "")).size).toBeGreaterThan(1000);
  });

  test("a changed file becomes a new version, as long as staff have not touched the guide", async () => {
    const other = "welcoming-a-child-with-illness";
    const before = await rowsOf(other);
    await db
      .update(guideVersions)
      .set({ storedAs: "of-an-older-release.pdf" })
      .where(eq(guideVersions.guideSlug, other));
    await installBundledGuides();
    expect((await rowsOf(other)).map(({ version, storedAs }) => [version, storedAs])).toEqual([
      [2, before[0]?.storedAs],
      [1, "of-an-older-release.pdf"],
    ]);
    await postForm(`/staff/guides/${other}`, { ...said, title: "職員が直した題名" }, { cookie });
    await db.update(guideVersions).set({ storedAs: "older-still.pdf" }).where(eq(guideVersions.guideSlug, other));
    await installBundledGuides();
    expect((await rowsOf(other)).map(({ version }) => version)).toEqual([2, 1]);
    expect((await getGuide(other))?.title).toBe("職員が直した題名");
  });
});

describe("a new guide", () => {
  test("is on the site at once, with what was written and what was found in the file", async () => {
    const file = samplePdf("学校のしおり.pdf", pdf({ pages: 3 }));
    const answer = await postForm("/staff/guides", { ...fields, slug: "school-days", file }, { cookie });
    expect([answer.status, answer.headers.get("location")]).toEqual([303, "/staff/guides/school-days?done=added"]);
    expect(await getGuide("school-days")).toMatchObject({ ...said, contents: ["はじめに", "おわりに"], pages: 3 });
    const page = await get("/guides/school-days");
    expect([page.status, words(await page.text()).includes("|おわりに|")]).toEqual([200, true]);
    expect(await trailOf("school-days")).toEqual([
      { action: "add", staffId: keeper.id, detail: { bytes: file.size, pages: 3 } },
    ]);
  });

  test("without a wish for an address gets one", async () => {
    const answer = await postForm("/staff/guides", { ...fields, slug: "", file: samplePdf() }, { cookie });
    expect(answer.headers.get("location")).toMatch(/^\/staff\/guides\/guide-[0-9a-f]{10}\?done=added$/u);
  });

  test("refused, it comes back with all that was typed, and says that the file is to be chosen again", async () => {
    const answer = await postForm(
      "/staff/guides",
      { ...fields, title: " ", slug: "kept-slug", file: samplePdf() },
      { cookie },
    );
    const html = ((await refusedPage(answer, cookie)) ?? "").replaceAll("\r\n", "\n");
    expect(html).toContain('<a href="#title">題名を入力してください。</a>');
    expect(elements(html, "input").find(({ name }) => name === "slug")?.["value"]).toBe("kept-slug");
    for (const text of [said.summary, "はじめに\n\n  おわりに "]) expect(html).toContain(`>${text}</textarea>`);
    expect(html).toContain("ファイルは、お手数ですがもう一度選んでください。");
    expect(await getGuide("kept-slug")).toBeUndefined();
  });

  test.each([
    ["no file", undefined, "PDF のファイルを選んでください。"],
    ["an untouched file input", new File([], ""), "PDF のファイルを選んでください。"],
    ["a page of HTML", samplePdf("a.pdf", Buffer.from("<html>")), "PDF のファイルではないようです。"],
    ["a locked one", samplePdf("a.pdf", lockedPdf()), "パスワードや印刷の制限がかかった PDF です。"],
    ["too much", samplePdf("a.pdf", Buffer.alloc(20.5 * 1024 * 1024, "%PDF-")), "ファイルが大きすぎます（21 MB）。"],
  ])("with %s is refused at its field", async (_, file, sentence) => {
    const sent = { ...fields, slug: "refused", ...(file && { file }) };
    const answer = await postForm("/staff/guides", sent, { cookie });
    const html = await refusedPage(answer, cookie);
    expect(html).toContain(`<a href="#file">${sentence}`);
    expect(html).toContain(`>${said.summary}</textarea>`);
    expect(await getGuide("refused")).toBeUndefined();
  });

  test.each(["../x", "a/b", "A", "-a", "a--b", "a b", "学校", "new", "again", "received", "a".repeat(61), "%2e%2e"])(
    "the address %j is refused",
    async (slug) => {
      const answer = await postForm("/staff/guides", { ...fields, slug, file: samplePdf() }, { cookie });
      expect(await refusedPage(answer, cookie)).toContain('<a href="#slug">');
    },
  );

  test("under the address of another is refused, and the other stays", async () => {
    const before = await getGuide(bundled);
    const answer = await postForm("/staff/guides", { ...fields, slug: bundled, file: samplePdf() }, { cookie });
    expect(await refusedPage(answer, cookie)).toContain("ほかの資料で使っています");
    expect(await getGuide(bundled)).toEqual(before);
  });
});

describe("what is too large to be read at all", () => {
  test.each(["/staff/guides", `/staff/guides/${bundled}/versions`])("%s says so and takes 20 MB", async (path) => {
    const file = samplePdf("a.pdf", Buffer.alloc(22 * 1024 * 1024, "%PDF-"));
    const headers = { origin: env.PUBLIC_ORIGIN, accept: "text/html", cookie };
    const body = new FormData();
    body.append("file", file);
    // As a stream, without a length.
    const answer = await ask(path, { method: "POST", headers, body });
    expect([answer.status, words(await answer.text()).includes("PDF は 20 MB までにしてください。")]).toEqual([
      413,
      true,
    ]);
  });

  test("no other route takes as much", async () => {
    for (const path of [`/staff/guides/${bundled}`, "/staff/people", "/guides/learning-in-hospital"]) {
      const answer = await postForm(path, { file: samplePdf("a.pdf", Buffer.alloc(300 * 1024, "%PDF-")) }, { cookie });
      expect([path, answer.status]).toEqual([path, 413]);
    }
  });

  test("a length that is told is believed before anything is read", async () => {
    const headers = { "content-length": String(22 * 1024 * 1024), cookie };
    expect((await postForm("/staff/guides", { title: "短い" }, { headers, cookie })).status).toBe(413);
  });

  test("somebody whose session ended is led to the sign-in, and no stranger makes us read a file", async () => {
    for (const path of ["/staff/guides", `/staff/guides/${bundled}/versions`]) {
      const answer = await postForm(path, { ...fields, file: samplePdf() });
      expect([answer.status, (await answer.text()).includes("職員用ログイン")]).toEqual([401, true]);
      let read = 0;
      const body = new ReadableStream<Uint8Array>({
        pull(stream) {
          read += 65_536;
          if (read > 20 * 1024 * 1024) stream.close();
          else stream.enqueue(new Uint8Array(65_536));
        },
      });
      const headers = { origin: env.PUBLIC_ORIGIN, "content-type": "multipart/form-data; boundary=x" };
      const streamed = await ask(path, { method: "POST", headers, body, duplex: "half" } as RequestInit);
      expect([streamed.status, read <= 2 * 65_536]).toEqual([401, true]);
    }
  });
});

describe("a new version", () => {
  test("is what every link opens from then on; the earlier files stay written down", async () => {
    const slug = await fresh(samplePdf("古い.pdf", pdf({ pages: 1, drawing: "% old" })));
    const link = await linkTo(slug);
    const newer = samplePdf("新しい 版（2026）.pdf", pdf({ pages: 2, drawing: "% new" }));
    const answer = await postForm(`/staff/guides/${slug}/versions`, { file: newer }, { cookie });
    expect(answer.headers.get("location")).toBe(`/staff/guides/${slug}?done=published`);
    const opened = await get(link);
    expect(await bytesOf(opened)).toEqual(Buffer.from(await newer.arrayBuffer()));
    expect(opened.headers.get("content-disposition")).toBe(
      `attachment; filename="guide.pdf"; filename*=UTF-8''${encodeURIComponent("新しい 版（2026）.pdf")}`,
    );
    const { versions } = await openGuide(keeper, slug);
    expect(versions.map(({ version, pages, fileName, by }) => [version, pages, fileName, by])).toEqual([
      [2, 2, "新しい 版（2026）.pdf", keeper.name],
      [1, 1, "古い.pdf", keeper.name],
    ]);
    expect(await getGuide(slug)).toMatchObject({ version: 2, pages: 2 });
    const earlier = await get(`/staff/guides/${slug}/versions/1`, { cookie });
    expect(await bytesOf(earlier)).toEqual(pdf({ pages: 1, drawing: "% old" }));
    for (const version of ["0", "3", "01", "1e0", "x"])
      expect((await get(`/staff/guides/${slug}/versions/${version}`, { cookie })).status).toBe(404);
    expect((await trailOf(slug)).at(-1)).toEqual({
      action: "publish",
      staffId: keeper.id,
      detail: { version: 2, pages: 2, bytes: newer.size },
    });
  });

  test("with the very file that is on offer is refused", async () => {
    const file = samplePdf();
    const slug = await fresh(file);
    const answer = await postForm(`/staff/guides/${slug}/versions`, { file }, { cookie });
    expect(await refusedPage(answer, cookie)).toContain("同じファイルです");
    expect(await rowsOf(slug)).toHaveLength(1);
  });

  test("two at once become two versions", async () => {
    const slug = await fresh();
    await Promise.all([publishVersion(keeper, slug, samplePdf()), publishVersion(keeper, slug, samplePdf())]);
    expect((await rowsOf(slug)).map(({ version }) => version)).toEqual([3, 2, 1]);
  });
});

describe("a withdrawn guide", () => {
  test("is gone from list, page, picture, request and link, each with its words; put back, all work again", async () => {
    const slug = await fresh();
    const link = await linkTo(slug);
    const asked = () => postForm(`/guides/${slug}`, { email: "hana@example.jp", guide: slug });
    const received = link.replace("/d/", "/guides/received/");
    const statuses = async () => {
      const places = [`/guides/${slug}`, `/guides/${slug}/preview.webp`, link, received];
      const got = await Promise.all(places.map((path) => get(path, { headers: { accept: "text/html" } })));
      return [...got, await asked()].map(({ status }) => status);
    };
    const pageStatus = async () => (await get(`/guides/${slug}`)).status;
    expect(await statuses()).toEqual([200, 200, 200, 200, 303]);
    await postForm(`/staff/guides/${slug}/withdrawal`, {}, { cookie });
    // The stored page hears of it from the database.
    await expect.poll(pageStatus).toBe(410);
    expect(await statuses()).toEqual([410, 404, 410, 410, 410]);
    expect((await listGuides()).map((guide) => guide.slug)).not.toContain(slug);
    expect(words(await (await get(link, { headers: { accept: "text/html" } })).text())).toContain("公開を終えました");
    expect((await postForm(`/staff/guides/${slug}/withdrawal`, {}, { cookie, headers: asProgram })).status).toBe(409);
    await postForm(`/staff/guides/${slug}/return`, {}, { cookie });
    await expect.poll(pageStatus).toBe(200);
    expect(await statuses()).toEqual([200, 200, 200, 200, 303]);
    expect((await postForm(`/staff/guides/${slug}/return`, {}, { cookie, headers: asProgram })).status).toBe(409);
    const trail = (await trailOf(slug)).filter(({ staffId }) => staffId !== null);
    expect(trail.map(({ action }) => action)).toEqual(["add", "withdraw", "republish"]);
  });

  test("takes its translations along, and is put away in the list of what is published, until it is public again", async () => {
    const slug = await fresh();
    const entry = async () => (await listEntries(keeper, "guide")).find((one) => one.slug === slug);
    const { id = "" } = (await entry()) ?? {};
    const en = { "en.title": "First week", "en.summary": "What to do in the first week." };
    await saveEntry(keeper, "guide", id, await typed(keeper, "guide", id, en));
    await publishText({ staff: keeper, kind: "guide", id, locale: "en" }, { no: 1, version: 1 });
    const shown = async () => {
      await loadPublished();
      return (["ja", "en"] as const).map((locale) =>
        textsIn("guide", locale, new PageTime(new Date())).some((text) => text.slug === slug),
      );
    };
    expect(await shown()).toEqual([true, true]);
    await withdrawGuide(keeper, slug);
    expect([await shown(), (await entry())?.archivedAt === null]).toEqual([[false, false], false]);
    const said = contentWords.guideItself;
    await expect(bringBackEntry(keeper, "guide", id)).rejects.toThrow(said);
    await expect(eraseEntry(await member("manager"), "guide", id)).rejects.toThrow(said);
    await republishGuide(keeper, slug);
    expect([await shown(), (await entry())?.archivedAt === null]).toEqual([[true, true], true]);
    await expect(archiveEntry(keeper, "guide", id)).rejects.toThrow(said);
    await expect(withdrawText({ staff: keeper, kind: "guide", id, locale: "ja" }, 1)).rejects.toThrow(said);
    await expect(
      restoreRevision({ staff: keeper, kind: "guide", id, locale: "ja" }, { no: 1, base: 1 }),
    ).rejects.toThrow(said);
  });

  test("stays withdrawn at the next start, also one that came with the product", async () => {
    await withdrawGuide(keeper, bundled);
    await installBundledGuides();
    expect((await getGuide(bundled))?.isWithdrawn).toBe(true);
    await postForm(`/staff/guides/${bundled}/return`, {}, { cookie });
  });
});

describe("the picture of the first page", () => {
  test("may be kept for ever under the address that names it, and is asked about under the bare one", async () => {
    const { url = "" } = (await getGuide(bundled))?.preview ?? {};
    const answer = await get(url);
    expect([answer.status, answer.headers.get("content-type")]).toEqual([200, "image/webp"]);
    expect(answer.headers.get("cache-control")).toBe("public, max-age=31536000, immutable");
    const content = await bytesOf(answer);
    expect((await sharp(content).metadata()).width).toBe(480);
    expect(content.length).toBeLessThanOrEqual(30 * 1024);
    const { version } = await previewOf(bundled);
    expect(createHash("sha256").update(content).digest("hex").slice(0, 12)).toBe(version);
    const bare = await get(url.replace(/\?.*/u, ""), { headers: { "if-none-match": `"${version}"` } });
    expect([bare.status, bare.headers.get("cache-control")]).toEqual([304, "public, max-age=0, must-revalidate"]);
  });

  test.each(["nothing", "..", "%2e%2e", "..%2f..%2fetc%2fpasswd", "learning-in-hospital%00", "new"])(
    "there is none of %s",
    async (slug) => {
      expect((await app.request(`/guides/${slug}/preview.webp`)).status).toBe(404);
    },
  );
});

describe("the mail with the link, once more", () => {
  /** Lets the mails of a link be sent already, some time ago. */
  async function sent(link: string, minutesAgo: number): Promise<string> {
    const tokenHash = hashToken(link.replace("/d/", ""));
    const [grant] = await db.select().from(downloadGrants).where(eq(downloadGrants.tokenHash, tokenHash));
    const queuedAt = new Date(Date.now() - minutesAgo * 60_000);
    await db
      .update(deliveries)
      .set({ state: "accepted", queuedAt })
      .where(eq(deliveries.grantId, grant?.id ?? ""));
    return grant?.id ?? "";
  }
  const mailsOf = async (grantId: string) =>
    (await db.select().from(deliveries).where(eq(deliveries.grantId, grantId))).length;

  test("is queued for the same address, at most three in all, a minute apart", async () => {
    const link = await linkTo(bundled);
    const page = link.replace("/d/", "/guides/received/");
    const again = () => postForm(`${page}/mail?newsletter=1`, {});
    const early = await again();
    expect([early.status, words(await early.text()).includes("さきほど受け付けたばかりです。")]).toEqual([409, true]);
    const grantId = await sent(link, 2);
    const answer = await again();
    expect([answer.status, answer.headers.get("location")]).toEqual([303, `${page}?newsletter=1&mailed=1`]);
    const html = await (await get(`${page}?newsletter=1&mailed=1`)).text();
    expect(words(html)).toContain("もう一度お送りするように受け付けました。");
    expect(html).toContain(`href="${link}"`);
    expect((await again()).status).toBe(409);
    await sent(link, 3);
    await Promise.all([again(), again(), again()]);
    expect(await mailsOf(grantId)).toBe(3);
    await sent(link, 4);
    const last = await again();
    const refused = await last.text();
    expect([last.status, refused.includes("お受けできるのは、3回までです。")]).toEqual([409, true]);
    expect(refused).toContain(`href="${link}"`);
    expect(await mailsOf(grantId)).toBe(3);
  });

  test("sends no second one while the mail server still refuses the first, and says nothing of it", async () => {
    const link = await linkTo(bundled);
    const grantId = await sent(link, 30);
    await db.update(deliveries).set({ state: "retry" }).where(eq(deliveries.grantId, grantId));
    const answer = await postForm(`${link.replace("/d/", "/guides/received/")}/mail`, {});
    const rows = await db.select().from(deliveries).where(eq(deliveries.grantId, grantId));
    expect([answer.status, rows.map(({ state }) => state).toSorted()]).toEqual([303, ["cancelled", "retry"]]);
  });

  test("is for those who hold a link that works", async () => {
    const link = await linkTo(bundled);
    await sent(link, 2);
    await db.update(downloadGrants).set({ expiresAt: new Date() });
    const late = await postForm(`${link.replace("/d/", "/guides/received/")}/mail`, {});
    expect([late.status, (await postForm("/guides/received/nothing/mail", {})).status]).toEqual([410, 404]);
  });
});

test("staff see how often a guide was asked for, and how often it was opened", async () => {
  const slug = await fresh();
  const [first = "", second = ""] = [await linkTo(slug), await linkTo(slug, "b@example.jp"), await linkTo(slug)];
  for (const link of [first, first, second])
    await get(link, { headers: { "user-agent": phone.userAgent, "sec-fetch-mode": "navigate" } });
  const use = { requests: 3, readers: 2, openings: 3 };
  expect((await openGuide(keeper, slug)).use).toEqual(use);
  const listed = (await listStaffGuides(keeper)).find((guide) => guide.slug === slug);
  expect(listed).toMatchObject({ title: said.title, versions: 1, withdrawnAt: null, ...use });
  const page = words(await (await get(`/staff/guides/${slug}`, { cookie })).text());
  expect(page).toContain("申し込みは 3 件。そのうち 2 件のリンクが、あわせて 3 回開かれました。");
});

/** The support book as it is downloaded: printed once, kept, printed anew when the settings change; and from a terminal. */

import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createApp } from "#api/app.ts";
import { loadSite } from "#api/pages/site.ts";
import { bookVersion, openBookFile, prepareSupportBook } from "#api/support-book/book-files.ts";
import { env } from "#db/env.ts";
import { replaceSettings, settingsFrom } from "#db/settings/settings.ts";
import { runCommand } from "../../command.ts";
import { beSample } from "../../real-site.ts";

let app: ReturnType<typeof createApp>;
const get = (path: string, headers: Record<string, string> = {}) => app.request(path, { headers });
const folder = join(env.DATA_DIR, "support-book");

beforeAll(async () => {
  app = createApp(await loadSite());
  await prepareSupportBook();
});
afterAll(beSample);

test("a PDF is downloaded under its Japanese name, without an address of mail", async () => {
  const answer = await get("/support-book/school-printable.pdf");
  expect(answer.status).toBe(200);
  expect(answer.headers.get("content-type")).toBe("application/pdf");
  const name = encodeURIComponent("サポートブック_学校用_手書き用.pdf");
  expect(answer.headers.get("content-disposition")).toBe(
    `attachment; filename="school-printable.pdf"; filename*=UTF-8''${name}`,
  );
  expect(answer.headers.get("set-cookie")).toBeNull();
  expect(
    Buffer.from(await answer.arrayBuffer())
      .subarray(0, 5)
      .toString(),
  ).toBe("%PDF-");
});

test("with its version a file is kept for good, without it asked for again; the same one is not sent twice", async () => {
  const path = "/support-book/emergency-printable.pdf";
  const fresh = await get(path);
  expect(fresh.headers.get("cache-control")).toBe("public, max-age=0, must-revalidate");
  const kept = await get(`${path}?v=${bookVersion()}`);
  expect(kept.headers.get("cache-control")).toBe("public, max-age=31536000, immutable");
  const again = await get(path, { "If-None-Match": fresh.headers.get("etag") ?? "" });
  expect([again.status, (await again.arrayBuffer()).byteLength]).toEqual([304, 0]);
});

test("the picture of a first page is small", async () => {
  const answer = await get("/support-book/family.webp");
  expect(answer.headers.get("content-type")).toBe("image/webp");
  const { byteLength } = await answer.arrayBuffer();
  expect(byteLength).toBeGreaterThan(2000);
  expect(byteLength).toBeLessThan(32 * 1024);
});

test("there is nothing else", async () => {
  for (const name of ["family.pdf", "hospital-fillable.pdf", "..%2fkey", "__proto__"])
    expect([name, (await get(`/support-book/${name}`)).status]).toEqual([name, 404]);
});

test("other settings print another book, with the new name; what was printed before is removed", async () => {
  const before = bookVersion();
  const { content } = await openBookFile("emergency-printable.pdf");
  replaceSettings(settingsFrom({ "name.ja": "髙﨑の家", phone: "03-1234-5678" }, "real", 5));
  expect(bookVersion()).not.toBe(before);
  // Two at once wait for one printing.
  const [one, other] = await Promise.all([
    openBookFile("emergency-printable.pdf"),
    openBookFile("emergency-printable.pdf"),
  ]);
  expect(one.version).toBe(bookVersion());
  expect(one.content.equals(content)).toBe(false);
  expect(one.content.equals(other.content)).toBe(true);
  expect(readdirSync(folder)).toEqual([bookVersion()]);
});

test("the command writes six PDFs and says where they are and how large", async () => {
  const target = mkdtempSync(join(tmpdir(), "support-book-"));
  try {
    const { code, out } = await runCommand(["support-book", join(target, "out"), "--json"]);
    expect(code).toBe(0);
    const files = JSON.parse(out) as { file: string; bytes: number }[];
    expect(files.map(({ file }) => file.slice(target.length + 5))).toEqual([
      ...["family-fillable.pdf", "family-printable.pdf", "school-fillable.pdf", "school-printable.pdf"],
      ...["emergency-fillable.pdf", "emergency-printable.pdf"],
    ]);
    for (const { file, bytes } of files) expect(readFileSync(file)).toHaveLength(bytes);
  } finally {
    rmSync(target, { recursive: true });
  }
});

/** The PDFs on offer. Their files lie in DATA_DIR/guides under the hash of their content. */
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { db } from "#db/client.ts";
import { env } from "#db/env.ts";
import { guides, guideVersions } from "#db/schema/guides.ts";

const bundled = fileURLToPath(new URL("../site/content/guides", import.meta.url));

/** Takes the guides that come with the site into the store; run at each start, changes nothing twice. */
export async function stockGuides(): Promise<number> {
  const store = join(env.DATA_DIR, "guides");
  mkdirSync(store, { recursive: true, mode: 0o700 });
  const files = existsSync(bundled) ? readdirSync(bundled).filter((name) => name.endsWith(".pdf")) : [];
  for (const name of files) {
    const content = readFileSync(join(bundled, name));
    const storedAs = `${createHash("sha256").update(content).digest("hex")}.pdf`;
    const path = join(store, storedAs);
    if (!existsSync(path)) {
      writeFileSync(`${path}.new`, content, { mode: 0o600 });
      renameSync(`${path}.new`, path);
    }
    const slug = basename(name, ".pdf");
    const { title, fileName } = headOf(readFileSync(join(bundled, `${slug}.md`), "utf8"));
    await db.insert(guides).values({ slug, title }).onConflictDoUpdate({ target: guides.slug, set: { title } });
    const file = { fileName, storedAs, bytes: content.length };
    await db
      .insert(guideVersions)
      .values({ guideSlug: slug, version: 1, ...file })
      .onConflictDoUpdate({ target: [guideVersions.guideSlug, guideVersions.version], set: file });
  }
  return files.length;
}

/** Title and file name from the page's own front matter; the site's schema has checked both. */
function headOf(markdown: string): { title: string; fileName: string } {
  const value = (name: string) => new RegExp(`^${name}:\\s*["']?(.+?)["']?\\s*$`, "mu").exec(markdown)?.[1] ?? "";
  return { title: value("title"), fileName: value("fileName") };
}

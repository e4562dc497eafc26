/** The folder rules, tried out: each forbidden import stands for a moment in the room that must not have it. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, expect, test } from "vitest";

const root = fileURLToPath(new URL("..", import.meta.url));
const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** A folder inside a room, and how deep it lies. */
function room(path: string): string {
  const folder = mkdtempSync(join(root, path, "lint-"));
  folders.push(folder);
  return folder;
}

const script = (line: string) => `${line}\nexport const used = [x];\n`;
const page = (line: string) => `---\n${line}\nconst used = [x];\n---\n<p>{used}</p>\n`;

/** Room, the line, and whether it may stand there. */
const lines: [room: string, line: string, may: "may" | "may not"][] = [
  ["db", 'import { x } from "#db/client.ts";', "may not"],
  ["db", 'import { x } from "#emails/addresses.ts";', "may not"],
  ["db", 'import { x } from "../../emails/addresses.ts";', "may not"],
  ["db", 'import { x } from "../client.ts";', "may"],
  ["db", 'import x from "postgres";', "may not"],
  ["emails", 'import { x } from "#api/context.ts";', "may not"],
  ["emails", 'import { x } from "#api/routes/cases.ts";', "may not"],
  ["emails", 'import { x } from "#analytics/money.ts";', "may not"],
  ["emails", 'import { x } from "../../api/context.ts";', "may not"],
  ["emails", 'import x from "nodemailer";', "may not"],
  ["emails", 'import { x } from "#db/client.ts";', "may"],
  ["analytics", 'import { x } from "#emails/messages/receipt.ts";', "may not"],
  ["analytics", 'import { x } from "#api/leads.ts";', "may not"],
  ["analytics", 'import { x } from "../../emails/outbox.ts";', "may not"],
  ["analytics", 'import { x } from "#db/schema/attribution.ts";', "may"],
  ["api", 'import { x } from "#site/components/tones.ts";', "may not"],
  ["api", 'const x = await import("#site/server.ts");', "may not"],
  ["api", 'import { x } from "../../db/client.ts";', "may not"],
  ["api/routes", 'import { x } from "../../../db/client.ts";', "may not"],
  ["api", "const x = process.env.PORT;", "may not"],
  ["api", "const { env: x } = process;", "may not"],
  ["api", 'import { env as x } from "node:process";', "may not"],
  ["api", 'import { x } from "#emails/outbox.ts";', "may"],
  ["site", 'import { x } from "#db/client.ts";', "may not"],
  ["site", 'import { x } from "#db/schema/mail.ts";', "may not"],
  ["site", 'import type { x } from "#db/client.ts";', "may not"],
  ["site", 'import { allow as x } from "#db/actor.ts";', "may not"],
  ["site", 'import { x } from "../../db/client.ts";', "may not"],
  ["site", 'import { sql as x } from "drizzle-orm";', "may not"],
  ["site", 'import { x } from "drizzle-orm/pg-core";', "may not"],
  ["site", "const x = process.env.PORT;", "may not"],
  ["site", 'import { organisation as x } from "#db/terms.ts";', "may"],
  ["site", 'import { wordsIn as x } from "#db/words.ts";', "may"],
  ["site", 'import { sayDay as x } from "#db/days.ts";', "may"],
  ["site", 'import type { Staff } from "#db/actor.ts";\nconst x = {} as Staff;', "may"],
  ["site", 'import { x } from "#api/cases.ts";', "may"],
];

/** Every line as a script, and those of the site as a page too. */
const tried = lines.flatMap(([name, line, may]) =>
  (name === "site" ? ["ts", "astro"] : ["ts"]).map((extension) => ({ name, line, may, extension })),
);

test("what a room may import, in scripts and in the frontmatter of pages", () => {
  const places = new Map([...new Set(lines.map(([name]) => name))].map((name) => [name, room(name)]));
  const files = tried.map(({ name, line, extension }, i) => {
    const file = join(places.get(name) ?? "", `line-${i}.${extension}`);
    writeFileSync(file, extension === "astro" ? page(line) : script(line));
    return relative(root, file);
  });
  const oxlint = join(root, "node_modules/.bin/oxlint");
  const { stdout } = spawnSync(oxlint, ["-f", "json", ...files], { cwd: root, encoding: "utf8" });
  const { diagnostics } = JSON.parse(stdout) as { diagnostics: { code: string; filename: string }[] };
  const refused = new Set(
    diagnostics.filter(({ code }) => /no-restricted/u.test(code)).map(({ filename }) => filename),
  );
  const answers = tried.map((one, i) => ({ ...one, may: refused.has(files[i] ?? "") ? "may not" : "may" }));
  expect(answers).toEqual(tried);
});

/** What each role loads: memory and start time are the modules', so a worker loads nothing of the web part. */

import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { isBuiltin } from "node:module";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** Imports and re-exports that run code; types are stripped, `import()` is loaded when it is called. */
const imported = /^(?:import|export)\s(?!type\b)(?:[^"';]*?\sfrom\s)?"([^"]+)";/gmu;

/** Every file of ours that a start of `entry` loads by static imports, and the packages it leads to, each with who imports it. */
function reached(...entries: string[]): Map<string, string> {
  const found = new Map<string, string>();
  const visit = (path: string, from: string) => {
    const name = relative(root, path);
    if (found.has(name)) return;
    found.set(name, from);
    for (const [, source = ""] of readFileSync(path, "utf8").matchAll(imported)) {
      if (source.startsWith("#")) visit(join(root, source.slice(1)), name);
      else if (source.startsWith(".")) visit(join(dirname(path), source), name);
      else if (!isBuiltin(source) && !found.has(source)) found.set(source, name);
    }
  };
  for (const entry of entries) visit(join(root, entry), "");
  return found;
}

/** What api/main.ts imports in a worker: itself, and with `import()` what is not for serving. */
const workerParts = [
  ...["api/main.ts", "api/jobs.ts", "api/backup/low-priority.ts", "emails/sender/sender.ts", "db/cluster/cluster.ts"],
];
/** hono/html alone is the template function of our mails; the framework is none of it. */
const ofServing = /^(?:astro|hono(?!\/html$)|@hono|better-auth|sharp|@hyzyla\/pdfium|pdf-lib|isbot)(?:\/|$)/u;

test("a worker's files import neither Astro nor Hono nor sign-in nor pictures and PDFs", () => {
  const found = reached(...workerParts);
  expect(found.size).toBeGreaterThan(50);
  expect([...found].filter(([name]) => ofServing.test(name))).toEqual([]);
  expect([...found.keys()].filter((name) => /^(?:dist|site|api\/(?:web|http|guides|staff))\//u.test(name))).toEqual([]);
});

test("the parts named here are all that main.ts loads beside the web part", () => {
  const text = readFileSync(join(root, "api/main.ts"), "utf8");
  const dynamic = [...text.matchAll(/import\("([^"]+)"\)/gu)].map(([, source = ""]) =>
    source.replace(/^#/u, "").replace(/^\.\//u, "api/"),
  );
  expect(new Set(dynamic)).toEqual(
    new Set(["api/process/serve.ts", "api/app.ts", "api/staff/invite.ts", ...workerParts.slice(1)]),
  );
});

/** Node's own list of what it loaded, after the parts of a worker were imported. */
test("nor does Node load any of it, through a package's own imports either", () => {
  const script = `
    import { registerHooks } from "node:module";
    registerHooks({ load: (url, context, next) => { console.log(url); return next(url, context); } });
    for (const part of ${JSON.stringify(workerParts.slice(1))}) await import("#" + part);
    process.exit(0);`;
  const loaded = execFileSync(process.execPath, ["--input-type=module", "-e", script], { cwd: root, encoding: "utf8" });
  expect(loaded).toContain("emails/sender/sender.ts");
  expect(loaded).toContain("node_modules/nodemailer/");
  const packages = /node_modules\/(?:astro|hono\/dist\/hono(?:-base)?\.js|@hono|better-auth|sharp|@hyzyla|pdf-lib)/u;
  expect(loaded.split("\n").filter((url) => packages.test(url))).toEqual([]);
});

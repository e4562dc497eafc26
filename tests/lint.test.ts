/** The table of rooms, tried out: every import it refuses or allows stands for a moment in the room it is about. */

import { spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, expect, test } from "vitest";
import { rooms, rootFolders } from "./rooms.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const mark = `lint-${randomBytes(4).toString("hex")}`;
const written: string[] = [];
afterAll(() => {
  for (const file of written) rmSync(file, { force: true });
});

type May = "may" | "may not";
/** Folder, name of the file in it, one line of code, and whether that may stand there. */
type Trial = { folder: string; name: string; line: string; may: May };

const script = (line: string) => `${line}\nexport const used = [x];\n`;
const page = (line: string) => `---\n${line}\nconst used = [x];\n---\n<p>{used}</p>\n`;

let count = 0;
const trial = (folder: string, line: string, may: May, kind = ".ts"): Trial => ({
  folder,
  name: `${mark}-${++count}${kind}`,
  line,
  may,
});

const rootOf = (room: string) => room.split("/")[0] as keyof typeof rootFolders;
/** The table by itself, without the lint: what `from` sees of its own root folder, and the folders beneath. */
function mayImport(from: string, to: string): boolean {
  const own = rooms[from] ?? [];
  const beneath: readonly string[] = rootFolders[rootOf(from)].beneath;
  return beneath.includes(rootOf(to)) || own.includes(to) || (own.includes("*") && rootOf(from) === rootOf(to));
}

const names = Object.keys(rooms);
const betweenRooms = names.flatMap((from) =>
  names
    .filter((to) => to !== from)
    .map((to) => trial(from, `import { x } from "#${to}/any.ts";`, mayImport(from, to) ? "may" : "may not")),
);

const special: Trial[] = [
  ...names.flatMap((room) => [
    trial(room, 'import { x } from "#site/components/any.ts";', "may not"),
    trial(room, 'import x from "postgres";', "may not"),
    trial(room, "const x = process.env.PORT;", "may not"),
    trial(room, 'import { env as x } from "node:process";', "may not"),
    trial(room, 'import { x } from "../../db/client.ts";', "may not"),
    trial(room, 'import x from "nodemailer";', room === "emails/smtp" ? "may" : "may not"),
    trial(room, 'import { Hono as x } from "hono";', ["api", "api/http", "api/web"].includes(room) ? "may" : "may not"),
  ]),
  trial("api/cases", 'import { Hono as x } from "hono";', "may", "-routes.ts"),
  trial("api/cases", 'import { x } from "#api/guides/any.ts";', "may not", "-routes.ts"),
  trial("emails/frame", 'import { html as x } from "hono/html";', "may"),
  trial("emails/templates", 'import { html as x } from "hono/html";', "may"),
  trial("api", 'const x = await import("#site/server.ts");', "may not"),
  trial("api", "const { env: x } = process;", "may not"),
  trial("api/cases", 'import { x } from "./case.ts";', "may"),
  trial("db", 'import { x } from "./client.ts";', "may"),
  trial("db", 'import { x } from "./schema/staff.ts";', "may not"),
];

const ofPages: [line: string, may: May][] = [
  ['import { x } from "#db/client.ts";', "may not"],
  ['import { x } from "#db/schema/mail.ts";', "may not"],
  ['import { x } from "#db/calendar/calendar.ts";', "may not"],
  ['import type { x } from "#db/client.ts";', "may not"],
  ['import { allow as x } from "#db/actor.ts";', "may not"],
  ['import { x } from "../../db/client.ts";', "may not"],
  ['import { sql as x } from "drizzle-orm";', "may not"],
  ['import { x } from "drizzle-orm/pg-core";', "may not"],
  ["const x = process.env.PORT;", "may not"],
  ['import { settings as x } from "#db/settings/settings.ts";', "may"],
  ['import { wordsIn as x } from "#db/words/words.ts";', "may"],
  ['import { formatDay as x } from "#db/calendar/days.ts";', "may"],
  ['import type { Staff } from "#db/actor.ts";\nconst x = {} as Staff;', "may"],
  ['import { x } from "#api/cases/inbox.ts";', "may"],
];

const trials = [
  ...betweenRooms,
  ...special,
  ...ofPages.flatMap(([line, may]) => [".ts", ".astro"].map((kind) => trial("site", line, may, kind))),
];

test("what a room may import is what tests/rooms.ts says, in scripts and in the frontmatter of pages", () => {
  const files = trials.map(({ folder, name, line }) => {
    const file = join(root, folder, name);
    written.push(file);
    writeFileSync(file, name.endsWith(".astro") ? page(line) : script(line));
    return relative(root, file);
  });
  const oxlint = join(root, "node_modules/.bin/oxlint");
  const { stdout } = spawnSync(oxlint, ["-c", "tests/oxlint.config.ts", "-f", "json", ...files], {
    cwd: root,
    encoding: "utf8",
    maxBuffer: 64 * 1024 * 1024,
  });
  const { diagnostics } = JSON.parse(stdout) as { diagnostics: { code: string; filename: string }[] };
  const refused = new Set(
    diagnostics
      .filter(({ code }) => /no-restricted/u.test(code))
      .map(({ filename }) => relative(root, join(root, filename))),
  );
  const found = trials.map((one, i) => ({ ...one, may: refused.has(files[i] ?? "") ? "may not" : "may" }));
  expect(found.filter(({ may }, i) => may !== trials[i]?.may)).toEqual([]);
});

test("the rooms form no circle", () => {
  const reach = (room: string, seen: string[]): string[] =>
    (rooms[room] ?? [])
      .filter((next) => next !== "*")
      .flatMap((next) => (seen.includes(next) ? [next] : reach(next, [...seen, next])));
  expect(names.filter((room) => reach(room, [room]).includes(room))).toEqual([]);
});

test("a room holds a dozen files at most, shelves of one file a noun apart", () => {
  const shelves = ["db/terms", "db/words", "db/schema"];
  const { stdout } = spawnSync("git", ["ls-files", "-co", "--exclude-standard", ...Object.keys(rootFolders)], {
    cwd: root,
    encoding: "utf8",
  });
  const inRoom = (room: string) =>
    stdout
      .split("\n")
      .filter((file) => new RegExp(`^${room}/[^/]+\\.(?:ts|mjs)$`, "u").test(file) && !file.includes(mark));
  const full = names.filter((room) => !shelves.includes(room) && inRoom(room).length > 12);
  expect(full).toEqual([]);
});

test("no name is exported by two files: whoever greps for it finds one thing", () => {
  const { stdout } = spawnSync("git", ["ls-files", "-co", "--exclude-standard", ...Object.keys(rootFolders)], {
    cwd: root,
    encoding: "utf8",
  });
  const files = stdout.split("\n").filter((file) => /(?<!\.d)\.(?:ts|mjs)$/u.test(file) && !file.includes(mark));
  // What a page exports, Astro has named: every route's GET.
  const exporting = files.filter((file) => !file.startsWith("site/pages/"));
  const exported = exporting.flatMap((file) => {
    const found = readFileSync(join(root, file), "utf8").matchAll(
      /^export (?:async )?(?:const|let|function\*?|class|interface|type|enum) (\w+)/gmu,
    );
    return [...new Set([...found].map(([, name = ""]) => name))].map((name) => ({ name, file }));
  });
  expect(exported.length).toBeGreaterThan(1000);
  const byName = Map.groupBy(exported, ({ name }) => name);
  const twice = [...byName].filter(([, places]) => places.length > 1);
  expect(twice.map(([name, places]) => `${name}: ${places.map(({ file }) => file).join(", ")}`)).toEqual([]);
});

test("every folder with code is a room of the table", () => {
  const { stdout } = spawnSync("git", ["ls-files", "-co", "--exclude-standard", "api", "emails", "analytics", "db"], {
    cwd: root,
    encoding: "utf8",
  });
  const folders = stdout
    .split("\n")
    .filter((file) => /\.(?:ts|mjs)$/u.test(file))
    .map((file) => file.split("/").slice(0, -1).join("/"))
    .map((folder) => (folder.startsWith("db/words/") ? "db/words" : folder));
  expect([...new Set(folders)].toSorted()).toEqual(names.toSorted());
});

test("the README draws the rooms as the table has them", () => {
  const readme = readFileSync(join(root, "README.md"), "utf8");
  const drawing = readme.slice(readme.indexOf("## The house"), readme.indexOf("Only `routes.ts` files"));
  const drawn: [room: string, sees: string[]][] = [];
  let folder = "";
  for (const line of drawing.split("\n")) {
    folder = /^(api|emails|analytics|db)\/ /u.exec(line)?.[1] ?? folder;
    const [, room, sees = ""] = /^ {2}([a-z-]+) +(?:─► ([a-z -]+?)(?: {2}|$))?/u.exec(line) ?? [];
    if (room === undefined || room === "migrations") continue;
    drawn.push([
      `${folder}/${room}`,
      sees
        .split(" ")
        .filter(Boolean)
        .map((name) => (name === folder ? name : `${folder}/${name}`)),
    ]);
  }
  const table = names.filter((room) => room.includes("/")).map((room) => [room, [...(rooms[room] ?? [])].toSorted()]);
  expect(Object.fromEntries(drawn.map(([room, sees]) => [room, sees.toSorted()]))).toEqual(Object.fromEntries(table));
});

test.each(["README.md", "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md"])(
  "%s holds nothing that a merge left",
  (name) => {
    expect(readFileSync(join(root, name), "utf8")).not.toMatch(/^(?:<{7} |> > > > > > > |>{7} )/mu);
  },
);

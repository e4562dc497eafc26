/** The lint: general rules, and from the table of rooms (tests/rooms.ts) who may import whom. */

import { fileURLToPath } from "node:url";
import { defineConfig } from "oxlint";
import { floorForPages, rooms, rootFolders } from "./rooms.ts";

/** Imports refused: by a regular expression, or by globs of which a later "!…" allows again. */
type Pattern = ({ regex: string } | { group: string[] }) & { message: string };
type RootFolder = keyof typeof rootFolders;

/** Globs count from this file's folder and never lead out of it; absolute ones do. */
const at = (glob: string) => fileURLToPath(new URL("..", import.meta.url)) + glob;
const rootOf = (room: string) => room.split("/")[0] as RootFolder;

/** Libraries that one room keeps to itself. */
const libraries: { regex: string; message: string; may: (who: string) => boolean }[] = [
  {
    regex: "^postgres(?:/|$)",
    message: "Only db/client.ts and db/postgres-driver.ts see postgres.js.",
    may: (who) => who === "db/client.ts",
  },
  {
    regex: "^nodemailer(?:/|$)",
    message: "Only emails/smtp sees nodemailer.",
    may: (who) => who === "emails/smtp",
  },
  {
    regex: "^(?:hono|@hono/node-server)(?:/|$)",
    message: "Only routes, api/http and api/web see Hono; verbs take plain values.",
    may: (who) => ["api", "api/http", "api/web", "routes"].includes(who),
  },
  {
    regex: "^(?:node:)?process$",
    message: "Only db/env.ts reads the environment.",
    may: () => false,
  },
];

const librariesFor = (who: string): Pattern[] =>
  libraries.filter(({ may }) => !may(who)).map(({ regex, message }) => ({ regex, message }));

/** Our own imports, all refused but those of these rooms or files. */
const onlyFrom = (places: readonly string[]): string[] => [
  "#*/**",
  ...places.map((place) => (place.endsWith(".ts") ? `!#${place}` : `!#${place}/**`)),
];

/** The places a room may import from; a root folder's own files are `folder/*.ts`. */
const placesOf = (names: readonly string[]) => names.map((name) => (name.includes("/") ? name : `${name}/*.ts`));

/** Refuses every `#…` import but those of the rooms named, and every way out of the room by a relative path. */
function patternsFor(room: string): Pattern[] {
  const root = rootOf(room);
  const own = rooms[room] ?? [];
  const seen = own.includes("*") ? [root] : placesOf(own);
  return [
    {
      group: onlyFrom([...rootFolders[root].beneath, ...seen]),
      message: `${room} imports only what tests/rooms.ts names for it.`,
    },
    {
      regex: room.includes("/") ? String.raw`^\.\./` : String.raw`^(?:\.\./|\./[^/]+/)`,
      message: "Across rooms import #folder/room/file.ts.",
    },
  ];
}

const restrict = (patterns: Pattern[]): { "eslint/no-restricted-imports": ["error", { patterns: Pattern[] }] } => ({
  "eslint/no-restricted-imports": ["error", { patterns }],
});

/** The root folder's own files alone, or a room with all below it. */
const filesOf = (room: string) => [at(room.includes("/") ? `${room}/**` : `${room}/*.{ts,mjs}`)];

const roomRules = Object.keys(rooms).flatMap((room) => [
  { files: filesOf(room), rules: restrict([...patternsFor(room), ...librariesFor(room)]) },
  ...(room.startsWith("api/")
    ? [
        {
          files: [at(`${room}/*routes.ts`)],
          rules: restrict([...patternsFor(room), ...librariesFor("routes")]),
        },
      ]
    : []),
]);

/** Rules of the chosen categories that are off, each with its reason. */
const off = {
  // Control characters are what several of our checks look for.
  "eslint/no-control-regex": "off",
  // Order matters in nearly every loop here: one statement after another on one connection.
  "eslint/no-await-in-loop": "off",
  "eslint/no-unmodified-loop-condition": "off",
  // A shorter scope may reuse a plain word.
  "eslint/no-shadow": "off",
  "oxc/no-async-endpoint-handlers": "off", // for Express; Hono waits for promises
  "import/no-named-as-default-member": "off",
  "import/no-unassigned-import": "off",
  "unicorn/no-useless-spread": "off",
  "unicorn/no-array-sort": "off",
  "unicorn/consistent-function-scoping": "off",
  // The type-aware rules below are either TypeScript's own work or wrong about drizzle's types.
  "typescript/no-unsafe-type-assertion": "off",
  "typescript/no-misused-spread": "off",
  "typescript/no-useless-default-assignment": "off",
  "typescript/no-unnecessary-type-conversion": "off",
  "typescript/no-unnecessary-type-assertion": "off",
  "typescript/no-meaningless-void-operator": "off",
  "typescript/consistent-return": "off",
  "typescript/require-array-sort-compare": "off",
  // On for the product; tests replace methods such as process.stderr.write.
  "typescript/unbound-method": "off",
  // Whole tables of refusals are compared at once.
  "vitest/require-to-throw-message": "off",
  "vitest/no-conditional-expect": "off",
} as const;

export default defineConfig({
  plugins: ["typescript", "import", "unicorn", "oxc", "promise", "vitest"],
  categories: { correctness: "error", suspicious: "error" },
  env: { node: true, es2024: true },
  ignorePatterns: ["**/dist", "**/data", "**/.astro", "**/node_modules"],
  rules: {
    "typescript/no-explicit-any": "error",
    "typescript/no-non-null-assertion": "error",
    "typescript/consistent-type-imports": "error",
    "typescript/no-floating-promises": "error",
    "typescript/no-misused-promises": ["error", { checksVoidReturn: false }],
    "eslint/no-var": "error",
    "eslint/prefer-const": "error",
    "eslint/eqeqeq": "error",
    "import/no-cycle": "error",
    ...off,
  },
  overrides: [
    // The product itself, not its tests.
    {
      files: Object.keys(rootFolders).map((folder) => at(`${folder}/**`)),
      rules: {
        "eslint/no-console": "error",
        "typescript/unbound-method": "error",
        "eslint/max-lines": ["error", { max: 300, skipBlankLines: true, skipComments: true }],
        "eslint/no-restricted-properties": [
          "error",
          { object: "process", property: "env", message: "Only db/env.ts reads the environment." },
        ],
      },
    },
    ...roomRules,
    {
      files: [at("site/**")],
      rules: {
        "eslint/no-restricted-imports": [
          "error",
          {
            paths: [
              {
                name: "#db/actor.ts",
                allowTypeImports: true,
                message: "Of db/actor.ts pages see the type Staff alone.",
              },
            ],
            patterns: [
              {
                group: onlyFrom(["api", "emails", "analytics", "db/actor.ts", ...floorForPages]),
                message: "Pages hold no SQL: of db they see vocabularies, words and the wording of days.",
              },
              { regex: "^drizzle-orm(?:/|$)", message: "Pages hold no SQL." },
              {
                regex: String.raw`^(?:\.\./)+(?:api|db|emails|analytics)/`,
                message: "Across rooms import #folder/room/file.ts.",
              },
              ...librariesFor("site"),
            ],
          },
        ],
        // An import in a page's frontmatter may be a type that only the template uses.
        "typescript/consistent-type-imports": "off",
      },
    },
    // Mails are hono/html templates: stripped types leave JSX behind.
    ...["emails/frame", "emails/templates"].map((room) => ({
      files: [at(`${room}/**`)],
      rules: restrict([
        ...patternsFor(room),
        ...librariesFor(room).filter((pattern) => !("regex" in pattern && pattern.regex.includes("hono"))),
        { group: ["hono", "hono/**", "!hono/html"], message: "Of Hono, mails see its templates alone." },
      ]),
    })),
    {
      files: [at("db/client.ts"), at("db/postgres-driver.ts")],
      rules: restrict([...patternsFor("db"), ...librariesFor("db/client.ts")]),
    },
    { files: [at("db/env.ts")], rules: { "eslint/no-restricted-properties": "off" } },
    // The build's own scripts, read by the machine's Node or by Astro before there is a site.
    {
      files: [at("api/boot.mjs"), at("api/web/adapter.mjs")],
      rules: { "eslint/no-restricted-properties": "off", "eslint/no-restricted-imports": "off" },
    },
  ],
});

/**
 * Runs one of the product's programs from a fresh clone: installs what package-lock.json names,
 * builds the site if its sources changed, then hands over to the pinned Node. Plain JavaScript,
 * because the machine's own Node, which may be older than the pinned one, runs this file.
 *
 * Usage: node api/boot.mjs <program.ts> [arguments]
 */
import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { nodeEnvironment, nodeFlags } from "#api/process/node-options.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const node = join(root, "node_modules/node/bin", process.platform === "win32" ? "node.exe" : "node");
const [program = "", ...rest] = process.argv.slice(2);
/** Programs that serve pages; the command line does not. */
const needsSite = program !== "api/cli.ts";
/** Programs that need the development tools: tests, bench and drill. */
const needsTools = program.startsWith("tests/");

const print = (sentence) => process.stderr.write(`${sentence}\n`);

/** All files at and below a path, sorted. */
function files(path) {
  if (statSync(path).isFile()) return [path];
  const names = readdirSync(path);
  names.sort();
  return names.flatMap((name) => files(join(path, name)));
}

/** SHA-256 over the names and contents of these files and folders. */
function fingerprint(...paths) {
  const hash = createHash("sha256");
  for (const path of paths.flatMap((name) => files(join(root, name))))
    hash.update(path.slice(root.length)).update(readFileSync(path));
  return hash.digest("hex");
}

/** Whether the stamp file holds this text: then nothing has changed since it was written. */
const isStamped = (file, text) => existsSync(file) && readFileSync(file, "utf8") === text;

/** Runs a program; exits with 1 when it fails. */
function runOrExit(what, command, args, options = {}) {
  // Everything goes to stderr: a command's stdout must hold its answer alone.
  const done = spawnSync(command, args, { cwd: root, stdio: ["ignore", 2, 2], ...options });
  if (done.status === 0) return;
  print(`${what} failed. The lines above say why.`);
  process.exit(1);
}

/** What was installed last, by the stamp file: the fingerprint of package.json and package-lock.json, and whether with tools. */
function installed(stamp) {
  // Packages that somebody installed by hand: one of the tools among them says that all are there.
  if (!existsSync(stamp)) return { hash: undefined, hasTools: existsSync(join(root, "node_modules/oxlint")) };
  const [hash, extent = "with-tools"] = readFileSync(stamp, "utf8").split(" ");
  return { hash, hasTools: extent === "with-tools" };
}

/**
 * Installs what the program needs: a machine that only serves gets no development tools, half of the size. Once they
 * are there they stay, also when the packages change.
 */
function install() {
  const stamp = join(root, "node_modules/.komichi");
  const hash = fingerprint("package.json", "package-lock.json");
  const before = installed(stamp);
  if (before.hash === hash && (before.hasTools || !needsTools) && existsSync(node)) return;
  const withTools = needsTools || before.hasTools;
  print("Installing packages (about a minute, once) …");
  const npm = process.platform === "win32" ? "npm.cmd" : "npm";
  const extent = withTools ? "--include=dev" : "--omit=dev";
  // Not `npm ci`: it wants the optional binaries of every platform in the lock file, which a lock
  // made on one platform does not always hold. The versions installed are the locked ones.
  runOrExit("npm install", npm, ["install", extent, "--no-save", "--no-audit", "--no-fund", "--loglevel=error"]);
  const written = fingerprint("package.json", "package-lock.json");
  writeFileSync(stamp, `${written} ${withTools ? "with-tools" : "without-tools"}`);
}

function build() {
  const stamp = join(root, "dist/.komichi");
  // What pages import from the other rooms stays outside the bundle, so that only these change it.
  const hash = fingerprint("site", "astro.config.mjs", "package-lock.json");
  if (isStamped(stamp, hash)) return;
  print("Building the site …");
  runOrExit("astro build", node, [join(root, "node_modules/astro/bin/astro.mjs"), "build", "--silent"], {
    env: { ...process.env, ASTRO_TELEMETRY_DISABLED: "1" },
  });
  mkdirSync(join(root, "dist"), { recursive: true });
  writeFileSync(stamp, hash);
}

install();
if (needsSite) build();

// The channel lets the program notice that this process is gone and stop by itself.
const child = spawn(node, [...nodeFlags, program, ...rest], {
  cwd: root,
  stdio: ["inherit", "inherit", "inherit", "ipc"],
  env: { ...nodeEnvironment, ...process.env, PATH: `${join(root, "node_modules/.bin")}:${process.env.PATH ?? ""}` },
});
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"])
  process.on(signal, () => child.kill(signal === "SIGHUP" ? "SIGTERM" : signal));
const parent = process.ppid;
setInterval(() => process.ppid !== parent && child.kill("SIGTERM"), 1000).unref();
child.on("exit", (code, signal) => process.exit(code ?? (signal === "SIGINT" ? 130 : 1)));

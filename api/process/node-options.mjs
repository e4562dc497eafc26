/**
 * How the product's programs are started in Node: used by the launcher (boot.mjs), and by whoever starts api/main.ts
 * without it (tests/process.ts, a service manager). Plain JavaScript, because the launcher is.
 */
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));

/**
 * Memory. V8's default lets short-lived objects take three times 16 MB before it looks at them. Half of that costs no
 * speed that can be measured; 2 MB cost a tenth of intake's, and --optimize-for-size two fifths. What lived a little longer it lets
 * grow to several times of what is needed: a worker in a long newsletter took 250 MB for 30. At an eighth more than that
 * it takes 150, for a twenty-fifth of its CPU time.
 */
export const nodeFlags = ["--max-semi-space-size=8", "--heap-growing-percent=15"];

/** Environment variables of the process; what is set already stays. */
export const nodeEnvironment = {
  // Node keeps compiled code there, and TypeScript without its types: a start need not load the parser for them.
  NODE_COMPILE_CACHE: join(root, "node_modules/.cache/komichi-compiled"),
  // glibc: two pools for all threads instead of sixteen, which keep what a thread once used.
  MALLOC_ARENA_MAX: "2",
  // Threads for files, names of hosts and passwords: four are the default, and backups on a share that hangs hold up to three.
  UV_THREADPOOL_SIZE: "8",
};

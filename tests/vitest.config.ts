import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    root: new URL("..", import.meta.url).pathname,
    include: ["tests/**/*.test.ts"],
    globalSetup: ["tests/cluster.ts"],
    setupFiles: ["tests/setup.ts"],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    maxWorkers: 2,
    // What is waited for comes within a second, but for a machine that is busy with other things.
    expect: { poll: { timeout: 10_000 } },
    // The rooms run as the product runs them: by Node itself, not through a bundler.
    server: { deps: { external: [/./u] } },
  },
});

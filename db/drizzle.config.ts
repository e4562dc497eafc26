import { defineConfig } from "drizzle-kit";

export default defineConfig({
  dialect: "postgresql",
  schema: "./db/schema/*.ts",
  out: "./db/migrations",
  breakpoints: false,
  // Named by time and change, so that two branches never take the same number.
  migrations: { prefix: "timestamp" },
});

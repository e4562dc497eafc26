/** A proxy that nobody named: its visitors count as one network, and the log says so once. */

import { afterEach, beforeEach, expect, test } from "vitest";
import { env } from "#db/env.ts";
import { get, postJson } from "../requests.ts";

const { write } = process.stderr;
const lines: string[] = [];

beforeEach(() => {
  env.LOG = "json";
  process.stderr.write = ((line: string) => lines.push(line) > 0) as typeof write;
});
afterEach(() => {
  process.stderr.write = write;
  env.LOG = "off";
});

const warnings = () => lines.filter((line) => line.includes("TRUSTED_PROXIES"));

test("X-Forwarded-For from an address that is not trusted is warned of once, by the variable's name and without addresses", async () => {
  const least = { message: "話を聞いてください。", reply_by: "none", consent: true };
  await postJson("/api/consultations", least);
  await get("/healthz", { headers: { "x-forwarded-for": "" } });
  expect(warnings()).toEqual([]);
  const sent = { from: "10.200.3.4", headers: { "x-forwarded-for": "192.0.2.77, 198.51.100.9" } };
  for (let i = 0; i < 3; i++) await postJson("/api/consultations", least, sent);
  expect(warnings()).toHaveLength(1);
  expect(lines.join("")).not.toMatch(/192\.0\.2\.77|198\.51\.100\.9|10\.200\.3\.4/u);
});

/** Nothing but the sample's own file names it: whoever changes the settings changes all there is. */

import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";
import { sampleValues } from "#db/settings/settings.ts";

const values = (["name.ja", "name.en", "legal_name.ja", "address.ja", "phone", "mail_from.address"] as const).map(
  (key) => String(sampleValues[key]),
);

test("no source file has a value of the sample, but for its own and examples in comments", () => {
  const files = execFileSync("git", ["ls-files", "api", "db", "emails", "analytics", "site"], { encoding: "utf8" })
    .trim()
    .split("\n");
  expect(files.length).toBeGreaterThan(500);
  const found = execFileSync(
    "git",
    ["grep", "-nIF", ...values.flatMap((value) => ["-e", value]), "--", "api", "db", "emails", "analytics", "site"],
    { encoding: "utf8" },
  );
  const lines = found
    .trim()
    .split("\n")
    .filter((line) => !line.startsWith("db/settings/sample.json:") && !/^[^:]+:\d+:\s*(?:\/\*\*|\*|\/\/)/u.test(line));
  expect(lines).toEqual([]);
});

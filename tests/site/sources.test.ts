/** How the pages' own source reads. */

import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const site = fileURLToPath(new URL("../../site/", import.meta.url));

test("no line of a page is too long to be read in an editor: sentences stand in db/words", () => {
  const files = readdirSync(site, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".astro"));
  const long = files.flatMap((file) =>
    readFileSync(site + file, "utf8")
      .split("\n")
      .flatMap((line, at) => (line.length > 200 ? [`${file}:${at + 1} has ${line.length} characters`] : [])),
  );
  expect(long).toEqual([]);
});

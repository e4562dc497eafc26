/** What the start warns of when mail leaves. */

import { expect, test } from "vitest";
import { startWarnings } from "#api/process/start-warnings.ts";

const real = { hasMailServer: true, origin: "https://soudan.kaze.jp", from: "soudan@kaze.jp" };

test("a site with https and an address of its own is told nothing, nor one whose mails are files", () => {
  expect(startWarnings(real)).toEqual([]);
  expect(startWarnings({ hasMailServer: false, origin: "http://localhost:3000", from: "soudan@example.jp" })).toEqual(
    [],
  );
});

test("mail that leaves from a site without https is warned of, with the address and what to set", () => {
  const [warning, ...others] = startWarnings({ ...real, origin: "http://soudan.kaze.jp" });
  for (const said of ["http://soudan.kaze.jp", "https", "PUBLIC_ORIGIN", "RFC 8058"]) expect(warning).toContain(said);
  expect(others).toEqual([]);
});

test("the sample's address as sender is warned of", () => {
  expect(startWarnings({ ...real, from: "soudan@example.jp" })).toEqual([
    expect.stringContaining("the sample's address"),
  ]);
});

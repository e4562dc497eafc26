import { expect, test } from "vitest";
import { suggestDomain } from "#api/intake/email-typos.ts";

test.each([
  ["hana@gmial.com", "gmail.com"],
  ["hana@GMAI.COM", "gmail.com"],
  ["hana@docomo.co.jp", "docomo.ne.jp"],
  ["hana@yahoo.co.jo", "yahoo.co.jp"],
  ["hana@icloud.con", "icloud.com"],
  ["hana@gmial", ""],
  ["hana@gmail.com", undefined],
  ["a..b@docomo.ne.jp", undefined],
  ["a.@ezweb.ne.jp", undefined],
  ["hana@softbank.ne.jp", undefined],
  ["hana@school.okayama.ed.jp", undefined],
  ["hana@constructor", ""],
  ["hana@example.jp", undefined],
])("%s: %s", (address, meant) => {
  expect(suggestDomain(address)).toBe(meant);
});

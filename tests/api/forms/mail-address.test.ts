import { expect, test } from "vitest";
import { foldMailAddress } from "#api/forms/mail-address.ts";
import { correctedAddress } from "#api/intake/email-typos.ts";

test.each([
  ["hanako@icloud.com、", "hanako@icloud.com"],
  ["hanako@gmail.com。", "hanako@gmail.com"],
  ["hanako@gmail.com.", "hanako@gmail.com"],
  ["ｈａｎａｋｏ＠ｅｘａｍｐｌｅ．ｊｐ", "hanako@example.jp"],
  [" hanako@example.jp　", "hanako@example.jp"],
  ["<hanako@example.jp>", "hanako@example.jp"],
  ["「hanako@example.jp」", "hanako@example.jp"],
  ["mailto:hanako@example.jp", "hanako@example.jp"],
  // A browser has turned the comma into a name of its own.
  ["hanako@icloud.xn--com-6y3b", "hanako@icloud.com"],
  ["user@日本語.jp", "user@日本語.jp"],
  // As a browser sends it.
  ["user@xn--wgv71a119e.jp", "user@日本語.jp"],
  ["user@日本語．ｊｐ、", "user@日本語.jp"],
  ["a..b@docomo.ne.jp", "a..b@docomo.ne.jp"],
  ["a.@ezweb.ne.jp", "a.@ezweb.ne.jp"],
  ["no address", "no address"],
  ["@", "@"],
])("%s means %s", (typed, meant) => {
  expect(foldMailAddress(typed)).toBe(meant);
});

test.each([
  ["hana@gmial.com", "hana@gmail.com"],
  ["ｈａｎａ＠ｄｏｃｏｍｏ．ｃｏ．ｊｐ", "hana@docomo.ne.jp"],
  ["hana@gmial.com、", "hana@gmail.com"],
  ["hana@gmail.com、", undefined],
  ["hana@gmial", undefined],
  [undefined, undefined],
])("%s is corrected to %s", (typed, corrected) => {
  expect(correctedAddress(typed)).toBe(corrected);
});

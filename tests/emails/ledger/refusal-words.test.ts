import { expect, test } from "vitest";
import { refusalInWords } from "#emails/ledger/refusal-words.ts";

test.each([
  ["550 5.1.1", "この宛先はありません。"],
  ["550", "この宛先はありません。"],
  ["553 5.1.10", "アドレスの「@」より後ろは、メールを受け取っていません。"],
  ["550 5.1.2", "アドレスの「@」より後ろが見つかりません。"],
  ["552 5.2.2", "メールボックスがいっぱいで、受け取れませんでした。"],
  ["552", "メールボックスがいっぱいで、受け取れませんでした。"],
  ["550 5.7.509", "相手の設定（迷惑メールよけなど）で、受け取りを断られました。"],
  ["450 4.3.0", "日をおいてくり返し送りましたが、受け取られませんでした。"],
  ["554", "相手のメールサーバーに断られました。"],
  ["EENVELOPE", "相手のメールサーバーに断られました。"],
  [null, "相手のメールサーバーに断られました。"],
])("a refusal with %j is said plainly", (reply, sentence) => {
  expect(refusalInWords({ kind: "receipt", state: "failed", reply })).toBe(sentence);
});

test("a mail that was not refused has nothing to say, and a reader who stopped the newsletter neither", () => {
  const of = { reply: "250 2.0.0" };
  expect(refusalInWords({ ...of, kind: "receipt", state: "accepted" })).toBe("");
  expect(refusalInWords({ ...of, kind: "newsletter", state: "suppressed" })).toBe("");
  expect(refusalInWords({ ...of, kind: "reply_notice", state: "suppressed" })).toContain("送信を止めています");
});

/** What a mail server's refusal means, as one plain sentence. The ledger keeps its code and status alone. */

import { type DeliveryKind, type DeliveryState, isToFamily } from "#db/terms/mail.ts";
import { heldBackReason } from "#emails/held-back.ts";
import { cancelledReason } from "#emails/outbox/advance-newsletters.ts";

/** By enhanced status (RFC 3463, registry of IANA), without its first figure; the longest that fits is taken. */
const byStatus: Record<string, string> = {
  "1.1": "この宛先はありません。",
  "1.2": "アドレスの「@」より後ろが見つかりません。",
  "1.3": "アドレスの形が正しくありません。",
  "1.6": "この宛先は、別のアドレスに変わっています。",
  "1.10": "アドレスの「@」より後ろは、メールを受け取っていません。",
  "1": "この宛先はありません。",
  "2.1": "このアドレスは、いま使われていません。",
  "2.2": "メールボックスがいっぱいで、受け取れませんでした。",
  "2": "この宛先は、いまメールを受け取れません。",
  "4": "相手のメールサーバーに、つながりませんでした。",
  "7": "相手の設定（迷惑メールよけなど）で、受け取りを断られました。",
};

/** By reply code (RFC 5321), where no status came with it. */
const byCode: Record<string, string> = {
  "550": "この宛先はありません。",
  "551": "この宛先は、別のアドレスに変わっています。",
  "552": "メールボックスがいっぱいで、受け取れませんでした。",
  "553": "アドレスの形が正しくありません。",
};

/** Why nobody knows whether a mail arrived, by what the ledger noted instead of a reply. */
const byTrouble: Record<string, string> = {
  "sender died": "送っている途中で、送信のプログラムが止まりました。",
  restored: "バックアップから元に戻したとき、送ったかどうかの記録が残っていませんでした。",
  ETIMEDOUT: "文章を渡したあと、メールサーバーから返事がないまま時間切れになりました。",
};

/** Of a mail that may or may not have arrived. */
const troubleInWords = (reply: string | null) =>
  byTrouble[reply ?? ""] ?? "文章を渡したあと、返事が来る前に、メールサーバーとの通信が切れました。";

/**
 * Why a mail did not arrive, or why nobody knows; "" for one that was not refused. `reply` is the ledger's: reply code and enhanced status
 * ("550 5.1.1"), or null.
 */
export function refusalInWords(mail: { kind: DeliveryKind; state: DeliveryState; reply: string | null }): string {
  const { kind, state, reply } = mail;
  if (state === "suppressed" && isToFamily(kind)) return "前に届かなかったアドレスなので、送信を止めています。";
  if (state === "cancelled" && reply === heldBackReason)
    return "このサイトがまだ準備中なので、職員のほかには送りませんでした。";
  if (state === "cancelled" && kind === "reply_notice") return "送るときに、メールアドレスがありませんでした。";
  if (state === "cancelled" && reply === cancelledReason)
    return "この号の送信を途中で取りやめたので、送りませんでした。";
  if (state === "cancelled" && kind === "newsletter") return "送る前に、この方は読者ではなくなっていました。";
  if (state === "uncertain") return troubleInWords(reply);
  if (state !== "failed") return "";
  const [, code = "", status = ""] = /^(\d{3})(?:[ -]+\d\.(\d+\.\d+))?/u.exec(reply ?? "") ?? [];
  const [subject = ""] = status.split(".");
  return (
    byStatus[status] ??
    byStatus[subject] ??
    (code.startsWith("4") ? "日をおいてくり返し送りましたが、受け取られませんでした。" : undefined) ??
    byCode[code] ??
    "相手のメールサーバーに断られました。"
  );
}

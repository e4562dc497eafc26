/** The manual of what the organisation publishes. */

import { contentRoles } from "#db/terms/content.ts";
import type { ManualPart } from "./manual-part.ts";

export const contentManual: Readonly<Record<string, ManualPart>> = {
  content: {
    title: "サイトの内容",
    pages: ["/staff/content"],
    roles: contentRoles,
    sentences: [
      "サイトに出す文を、種類ごとに書きます。自分の役割で書ける種類だけが並びます。",
      "事例紹介は相談コーディネーターも、声・広告からの見出し・催し・お知らせはファンドレイザーも書けます。管理者は、すべて書けます。",
      "「出ている」は、どれかの言語がいまサイトに出ている数です。「同意待ち」「訳が遅れ」があると、その数が出ます。",
    ],
  },
  "content-list": {
    title: "一覧と並び順",
    pages: ["/staff/content/[kind]"],
    roles: contentRoles,
    sentences: [
      "並んでいる順が、サイトに出る順です。矢印で、ひとつ上や下、いちばん上や下へ動かせます。",
      "ほかの人が別の項目を動かしていても、どちらの動きも残ります。",
      "開いているあいだに、すぐとなりの並びが変わっていたときは、動かさずにお知らせします。",
      "「しまったもの」は、サイトにも一覧にも出ていません。開いて「一覧に戻す」を押すと戻ります。",
      "21件からは、題や本文のことばで、さがせます。",
    ],
  },
  "content-entry": {
    title: "書く・出す",
    pages: ["/staff/content/[kind]/[id]", "/staff/content/[kind]/new"],
    roles: contentRoles,
    sentences: [
      "「保存する」は、変えた言語だけを下書きに残します。出すまで、サイトは前のままです。",
      "「保存して出す」は、その言語だけをサイトに出します。足りない欄があるときは、何も保存せずに、どこかをお知らせします。",
      "「言語によらないこと」は、保存するとすぐに、出ているすべての言語に出ます。",
      "同じ言語をほかの人が先に保存していたときは、だれがいつかと、両方の文が出ます。書いた文は消えません。",
      "「遅れ」は、訳したときの日本語と、いま出ている日本語がちがう印です。直す、または「このままでよい」を押すと消えます。",
      "事例紹介・声・相談を受ける人は、その文への同意が記録されるまで出ません。文を変えると、新しい同意が要ります。それまでは前の文が出ています。",
      "前の文に戻すと、下書きになります。出すまで、サイトは変わりません。",
      "一度も出していない項目だけ、消せます。出したものは「しまう」で外します。",
    ],
  },
  "content-preview": {
    title: "見え方",
    pages: ["/staff/content/[kind]/[id]/preview/[locale]", "/staff/content/[kind]/[id]/preview/[locale]/frame"],
    roles: contentRoles,
    sentences: [
      "いちばん新しい下書きが、スマートフォンとパソコンの幅で出ます。",
      "見られるのは、その種類を書ける職員だけです。",
      "「この文を出す」を押すと、この文がサイトに出ます。同意が要る種類は、同意を待ちます。",
    ],
  },
};

/** The lines above the table of a survey: what was asked about, when, and whom. */

import { recordedCount, type TableLine } from "./records.ts";

export interface SurveyHead {
  /** Name in the address. */
  slug: string;
  title: string;
  period: string;
  asked: string;
  unit: string;
  /** Null: not recorded. */
  sent: number | null;
  answered: number;
  intro: string[];
}

/** The words for each line; refusals name the first. */
const names = {
  slug: ["アドレス"],
  title: ["題名", "タイトル", "調査名", "調査の名前"],
  period: ["期間", "調査の期間", "調査期間", "実施時期"],
  asked: ["たずねた相手", "対象", "調査対象"],
  unit: ["単位"],
  sent: ["送った数", "送付数", "配布数", "発送数"],
  answered: ["答えた数", "回答数", "回収数", "有効回答数"],
  intro: ["説明"],
} as const satisfies Record<keyof SurveyHead, readonly string[]>;

type Key = keyof typeof names;
const keys = Object.keys(names) as Key[];

const longest = { title: 80, period: 80, asked: 120, unit: 4, intro: 400 } as const;

const slugShape = /^[a-z0-9](?:[a-z0-9-]{0,58}[a-z0-9])?$/u;

const keyOf = (word: string): Key | undefined => {
  const name = word.normalize("NFKC").replace(/:$/u, "").trim();
  return keys.find((key) => (names[key] as readonly string[]).includes(name));
};

/** The lines' texts by key, and a sentence for each line that is not understood. */
function textsIn(lines: readonly TableLine[]): { texts: Map<Key, string[]>; refusals: string[] } {
  const texts = new Map<Key, string[]>();
  const refusals: string[] = [];
  for (const { line, cells } of lines) {
    const [word = "", ...rest] = cells;
    const key = keyOf(word);
    // A comma that was typed into a text without quotation marks parts it.
    const text = rest.join(",").replace(/,+$/u, "").trim();
    if (key === undefined)
      refusals.push(
        `${line}行目の「${word}」は分かりません。表の上に書けるのは、${keys.map((one) => names[one][0]).join("、")}です。`,
      );
    else if (texts.has(key) && key !== "intro") refusals.push(`${line}行目: 「${names[key][0]}」が二つあります。`);
    else if (text !== "") texts.set(key, [...(texts.get(key) ?? []), text]);
  }
  return { texts, refusals };
}

/** The head of a survey. `fileName` names its address where no line does. `refusals` says what is wrong or missing. */
export function headIn(lines: readonly TableLine[], fileName: string): { head: SurveyHead; refusals: string[] } {
  const { texts, refusals } = textsIn(lines);
  const textOf = (key: Key, without = "") => texts.get(key)?.[0] ?? without;
  for (const key of ["title", "period", "asked"] as const)
    if (textOf(key) === "") refusals.push(`「${names[key][0]}」の行がありません。`);
  for (const [key, most] of Object.entries(longest) as [keyof typeof longest, number][])
    if (texts.get(key)?.some((text) => text.length > most))
      refusals.push(`「${names[key][0]}」は${most}文字までにしてください。`);
  const slug = textOf("slug", fileName.replace(/\.\w+$/u, ""));
  if (!slugShape.test(slug))
    refusals.push(
      `ページのアドレス「${slug}」は使えません。「アドレス」の行に、英小文字・数字・ハイフンで書いてください（例: schools-2026）。`,
    );
  const numberOf = (key: "sent" | "answered") => {
    const count = recordedCount(textOf(key));
    if (count === undefined) refusals.push(`「${names[key][0]}」の「${textOf(key)}」を数として読めません。`);
    return count ?? null;
  };
  const [sent, answered] = [numberOf("sent"), numberOf("answered")];
  if (answered === null && recordedCount(textOf("answered")) === null) refusals.push("「答えた数」の行がありません。");
  if (sent !== null && answered !== null && answered > sent)
    refusals.push(`答えた数 ${answered} が、送った数 ${sent} を超えています。`);
  const head = { slug, title: textOf("title"), period: textOf("period"), asked: textOf("asked"), sent };
  return {
    head: { ...head, unit: textOf("unit", "件"), answered: answered ?? 0, intro: texts.get("intro") ?? [] },
    refusals,
  };
}

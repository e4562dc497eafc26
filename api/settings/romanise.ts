/** A name in hiragana in Latin letters, after Hepburn, as a proposal for the English name. */

const rows: readonly [kana: string, latin: string][] = [
  ["あいうえお", "a i u e o"],
  ["かきくけこ", "ka ki ku ke ko"],
  ["がぎぐげご", "ga gi gu ge go"],
  ["さしすせそ", "sa shi su se so"],
  ["ざじずぜぞ", "za ji zu ze zo"],
  ["たちつてと", "ta chi tsu te to"],
  ["だぢづでど", "da ji zu de do"],
  ["なにぬねの", "na ni nu ne no"],
  ["はひふへほ", "ha hi fu he ho"],
  ["ばびぶべぼ", "ba bi bu be bo"],
  ["ぱぴぷぺぽ", "pa pi pu pe po"],
  ["まみむめも", "ma mi mu me mo"],
  ["やゆよ", "ya yu yo"],
  ["らりるれろ", "ra ri ru re ro"],
  ["わゐゑをん", "wa i e o n"],
  ["ぁぃぅぇぉゔ", "a i u e o vu"],
];
const latinOf = new Map(
  rows.flatMap(([kana, latin]) =>
    [...kana].map((letter, at): [string, string] => [letter, latin.split(" ")[at] ?? ""]),
  ),
);
const glides: Readonly<Record<string, string>> = { ゃ: "ya", ゅ: "yu", ょ: "yo" };

/** "ほしの こみち" → "Hoshino Komichi". Long vowels carry no mark, as on most signs. */
export function romanise(reading: string): string {
  const words = reading.trim().split(/[\s・]+/u);
  return words.map((word) => capitalised(latin(word))).join(" ");
}

function latin(word: string): string {
  let text = "";
  let isDoubled = false;
  for (const letter of word) {
    const glide = glides[letter];
    if (letter === "っ") isDoubled = true;
    else if (glide !== undefined)
      // "shi" and "ya" are "sha", "ki" and "ya" are "kya".
      text = text.replace(/i$/u, "") + (/(?:sh|ch|j)i$/u.test(text) ? glide.slice(1) : glide);
    else if (letter !== "ー") {
      const syllable = latinOf.get(letter) ?? letter;
      text += isDoubled ? `${syllable.startsWith("ch") ? "t" : syllable.charAt(0)}${syllable}` : syllable;
      isDoubled = false;
    }
  }
  return text;
}

const capitalised = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

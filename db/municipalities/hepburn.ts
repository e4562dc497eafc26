/** Japanese readings in Latin letters (Hepburn), as English pages write names of places and organisations. */

const one: Record<string, string> = {
  ...{ あ: "a", い: "i", う: "u", え: "e", お: "o", か: "ka", き: "ki", く: "ku", け: "ke", こ: "ko" },
  ...{ さ: "sa", し: "shi", す: "su", せ: "se", そ: "so", た: "ta", ち: "chi", つ: "tsu", て: "te", と: "to" },
  ...{ な: "na", に: "ni", ぬ: "nu", ね: "ne", の: "no", は: "ha", ひ: "hi", ふ: "fu", へ: "he", ほ: "ho" },
  ...{ ま: "ma", み: "mi", む: "mu", め: "me", も: "mo", や: "ya", ゆ: "yu", よ: "yo" },
  ...{ ら: "ra", り: "ri", る: "ru", れ: "re", ろ: "ro", わ: "wa", ゐ: "i", ゑ: "e", を: "o", ん: "n" },
  ...{ が: "ga", ぎ: "gi", ぐ: "gu", げ: "ge", ご: "go", ざ: "za", じ: "ji", ず: "zu", ぜ: "ze", ぞ: "zo" },
  ...{ だ: "da", ぢ: "ji", づ: "zu", で: "de", ど: "do", ば: "ba", び: "bi", ぶ: "bu", べ: "be", ぼ: "bo" },
  ...{ ぱ: "pa", ぴ: "pi", ぷ: "pu", ぺ: "pe", ぽ: "po", ゔ: "vu" },
  ...{ ぁ: "a", ぃ: "i", ぅ: "u", ぇ: "e", ぉ: "o", ゃ: "ya", ゅ: "yu", ょ: "yo" },
};

/** The vowel that a small kana puts in place of the vowel before it: き + ゃ is kya, し + ゃ is sha, て + ぃ is ti. */
const small: Record<string, string> = {
  ...{ ゃ: "ya", ゅ: "yu", ょ: "yo", ぁ: "a", ぃ: "i", ぅ: "u", ぇ: "e", ぉ: "o" },
};

/** After sh, ch and j the y of a small kana is not written. */
const joined = (sound: string, vowel: string) => {
  const consonant = sound.slice(0, -1);
  return consonant + (/(?:sh|ch|j)$/u.test(consonant) ? vowel.replace("y", "") : vowel);
};

const toHiragana = (text: string) =>
  text.replace(/[ァ-ヴ]/gu, (kana) => String.fromCodePoint((kana.codePointAt(0) ?? 0) - 0x60));

/** The sounds of one word: each kana with the small one after it; a small っ and anything else by itself. */
const soundsOf = (word: string): string[] =>
  [...word.matchAll(/([ぁ-ゖ])([ゃゅょぁぃぅぇぉ]?)|(.)/gu)].map(([whole, kana = "", little = ""]) => {
    const sound = one[kana];
    if (sound === undefined) return whole;
    return little === "" ? sound : joined(sound, small[little] ?? "");
  });

/**
 * Whether this う or お only lengthens the vowel before it. Where it begins a word of its own (まつ・うら, とよ・おか)
 * no rule on kana can know it: names of places that need it have their English in municipalities.tsv.
 */
const lengthens = (sound: string, before: string) =>
  (sound === "u" && /[ou]$/u.test(before)) || (sound === "o" && before.endsWith("o"));

/**
 * A reading in kana as Hepburn without marks on long vowels, each word with a capital: そうじゃ is Soja, ちゅうおう is
 * Chuo, いっちょう is Itcho, なんよう is Nan'yo. What is no kana stays as it is.
 */
export function hepburn(reading: string): string {
  return toHiragana(reading.normalize("NFKC")).replace(/[^\s\-・]+/gu, (word) => {
    let written = "";
    // The sound before, empty after a vowel that is already long: しょう・おう is Shoo.
    let before = "";
    for (const sound of soundsOf(word)) {
      const isLong = sound === "ー" || lengthens(sound, before);
      if (!isLong) written = joinSound(written, sound);
      before = isLong ? "" : sound;
    }
    const finished = written.replaceAll("っ", "t");
    return finished.slice(0, 1).toUpperCase() + finished.slice(1);
  });
}

/** Doubles the consonant after っ (tch before ch), and parts an n from the vowel or y after it. */
function joinSound(written: string, sound: string): string {
  if (written.endsWith("っ") && /^[a-z]/u.test(sound))
    return written.slice(0, -1) + (sound.startsWith("ch") ? "t" : sound.slice(0, 1)) + sound;
  if (written.endsWith("n") && /^[aiueoy]/u.test(sound)) return `${written}'${sound}`;
  return written + sound;
}

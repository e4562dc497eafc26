/** Furigana of the organisation's own words: readings are settings, and what has none is listed. */

import { afterEach, expect, test } from "vitest";
import { type GivenValues, replaceSettings, settingsFrom } from "#db/settings/settings.ts";
import { readText, unreadWords } from "#site/furigana/text.ts";
import { beSample } from "../real-site.ts";
import { heard } from "./furigana.ts";

let number = 1;
const set = (given: GivenValues) => replaceSettings(settingsFrom(given, "sample", ++number));
const read = (text: string) => heard(`<body>${readText(text)}`);

afterEach(beSample);

test("the name is read as its setting says, also beside other words and with signs of HTML", () => {
  set({ "name.ja": "髙﨑&𠮷の家", "name.reading": "たかさきと よしのいえ" });
  expect(read("髙﨑&amp;𠮷の家の相談")).toBe("髙﨑&amp;𠮷の家《たかさきとよしのいえ》の相談《そうだん》");
});

test("words of the setting win over the product's list, the longest first, and stand beside other words", () => {
  const readings = [
    { word: "病気", reading: "やまい" },
    { word: "虹橋", reading: "にじはし" },
    { word: "虹橋会", reading: "こうきょうかい" },
    { word: "凪", reading: "なぎ" },
  ];
  set({ readings });
  expect(read("病気の虹橋会と虹橋、凪")).toBe("病気《やまい》の虹橋会《こうきょうかい》と虹橋《にじはし》、凪《なぎ》");
  expect(read("虹橋相談室")).toBe("虹橋《にじはし》相談室《そうだんしつ》");
  expect(read("夕凪")).toBe("夕凪");
});

test("without a setting they stay without a reading, and are listed once", () => {
  const text = "虹橋会の相談と、虹橋会の薔薇です";
  expect(read(text)).toBe("虹橋会の相談《そうだん》と、虹橋会の薔薇です");
  expect(unreadWords(text)).toEqual(["虹橋会", "薔薇"]);
  set({ readings: [{ word: "虹橋会", reading: "にじばしかい" }] });
  expect(unreadWords(text)).toEqual(["薔薇"]);
});

test("the prefecture served and its municipalities are read", () => {
  set({ prefecture: "10" });
  expect(read("群馬県の高崎市と")).toBe("群馬県《ぐんまけん》の高崎市《たかさきし》と");
});

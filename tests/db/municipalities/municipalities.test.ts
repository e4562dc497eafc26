import { describe, expect, test } from "vitest";
import { checkDigit, isMunicipalityAnswer, parseCode, prefectureOf } from "#db/municipalities/codes.ts";
import { hepburn } from "#db/municipalities/hepburn.ts";
import { answerName, elsewhereLabel, municipalityName, municipalityOptions } from "#db/municipalities/names.ts";
import {
  allMunicipalities,
  areaOn,
  findMunicipality,
  foldToCity,
  foldToCurrent,
  municipalitiesOf,
  northernTerritories,
  prefectures,
  wardsOf,
} from "#db/municipalities/places.ts";

const day = "2026-11-28";
const offered = () => prefectures().flatMap(({ code }) => municipalitiesOf(code, day));

const inOkayama = [
  ["33100 岡山市", "Okayama"],
  ["33202 倉敷市", "Kurashiki"],
  ["33203 津山市", "Tsuyama"],
  ["33204 玉野市", "Tamano"],
  ["33205 笠岡市", "Kasaoka"],
  ["33207 井原市", "Ibara"],
  ["33208 総社市", "Soja"],
  ["33209 高梁市", "Takahashi"],
  ["33210 新見市", "Niimi"],
  ["33211 備前市", "Bizen"],
  ["33212 瀬戸内市", "Setouchi"],
  ["33213 赤磐市", "Akaiwa"],
  ["33214 真庭市", "Maniwa"],
  ["33215 美作市", "Mimasaka"],
  ["33216 浅口市", "Asakuchi"],
  ["33346 和気町", "Wake"],
  ["33423 早島町", "Hayashima"],
  ["33445 里庄町", "Satosho"],
  ["33461 矢掛町", "Yakage"],
  ["33586 新庄村", "Shinjo"],
  ["33606 鏡野町", "Kagamino"],
  ["33622 勝央町", "Shoo"],
  ["33623 奈義町", "Nagi"],
  ["33643 西粟倉村", "Nishiawakura"],
  ["33663 久米南町", "Kumenan"],
  ["33666 美咲町", "Misaki"],
  ["33681 吉備中央町", "Kibichuo"],
] as const;

describe("the municipalities of Japan", () => {
  test("there are 47 prefectures and 1,741 municipalities, and 171 wards in 20 designated cities", () => {
    expect(prefectures().map(({ code }) => Number(code))).toEqual(Array.from({ length: 47 }, (_, at) => at + 1));
    expect(offered()).toHaveLength(1741);
    expect(offered().filter(({ name }) => name.endsWith("区"))).toHaveLength(23);
    const cities = offered().filter(({ code }) => wardsOf(code, day).length > 0);
    expect(cities).toHaveLength(20);
    expect(cities.flatMap(({ code }) => wardsOf(code, day))).toHaveLength(171);
  });

  test("the six villages of the Northern Territories are known by code and offered nowhere", () => {
    expect(northernTerritories.map((code) => municipalityName(code))).toEqual([
      "色丹村",
      "泊村",
      "留夜別村",
      "留別村",
      "紗那村",
      "蘂取村",
    ]);
    expect(offered().filter(({ code }) => northernTerritories.includes(code))).toEqual([]);
  });

  test("every place has five digits once, a reading in hiragana, an English name and an existing parent", () => {
    const all = allMunicipalities();
    expect(new Set(all.map(({ code }) => code)).size).toBe(all.length);
    expect(all.filter(({ code }) => !/^\d{5}$/u.test(code) || prefectureOf(code) === undefined)).toEqual([]);
    expect(all.filter(({ reading }) => !/^[ぁ-ん]+(?:し|ちょう|まち|むら|そん|く)$/u.test(reading))).toEqual([]);
    expect(all.filter(({ english }) => !/^[A-Z][a-z]*(?:['-]?[A-Za-z]+)*$/u.test(english))).toEqual([]);
    expect(all.filter(({ parent }) => parent !== undefined && !findMunicipality(parent)?.name.endsWith("市"))).toEqual(
      [],
    );
  });

  test("English is the Hepburn of the reading, but for names whose two words kana do not show", () => {
    const differing = allMunicipalities()
      .filter(({ reading, english }) => hepburn(reading.replace(/(?:し|ちょう|まち|むら|そん|く)$/u, "")) !== english)
      .map(({ name, english }) => `${name} ${english}`);
    expect(differing).toMatchInlineSnapshot(`
      [
        "滝上町 Takinoue",
        "豊浦町 Toyoura",
        "広尾町 Hiroo",
        "勝浦市 Katsuura",
        "南アルプス市 Minami-Alps",
        "小海町 Koumi",
        "豊丘村 Toyooka",
        "山ノ内町 Yamanouchi",
        "輪之内町 Wanouchi",
        "箕面市 Minoh",
        "豊岡市 Toyooka",
        "那智勝浦町 Nachikatsuura",
        "琴浦町 Kotoura",
        "瀬戸内市 Setouchi",
        "山陽小野田市 Sanyo-Onoda",
        "周防大島町 Suo-Oshima",
        "勝浦町 Katsuura",
        "松浦市 Matsuura",
        "豊後大野市 Bungo-Ono",
        "西之表市 Nishinoomote",
        "曽於市 Soo",
        "瀬戸内町 Setouchi",
      ]
    `);
  });

  test("岡山県 has the codes and names that stored rows and the English form have had since the first release", () => {
    const list = municipalitiesOf("33", day);
    expect(municipalityOptions(list).map(([code, name]) => `${code} ${name}`)).toEqual(inOkayama.map(([ja]) => ja));
    expect(municipalityOptions(list, "en").map(([, name]) => name)).toEqual(inOkayama.map(([, en]) => en));
    expect([elsewhereLabel(["33"]), elsewhereLabel(["33"], "en")]).toEqual([
      ...["岡山県の外", "Outside Okayama Prefecture"],
    ]);
  });
});

describe("codes", () => {
  test.each(["331007", "472158", "011011", "010006", "100005"])("%s has the right check digit", (code) => {
    expect(checkDigit(code.slice(0, 5))).toBe(code[5]);
  });

  test("130000 has a wrong one: 130001 is right", () => {
    expect(checkDigit("13000")).toBe("1");
  });

  test.each([
    ["33100", "33100"],
    ["331007", "33100"],
    [" ３３１００７ ", "33100"],
    ["011011", "01101"],
    ["40305", "40305"],
  ])("「%s」 is the code %s", (input, code) => {
    expect(parseCode(input)).toEqual({ code });
  });

  test.each([
    ["331008", "33100 なら 331007"],
    ["130000", "最後の1桁"],
    ["130001", "都道府県のコード"],
    ["131008", "特別区部"],
    ["3310", "5桁か6桁"],
    ["岡山市", "5桁か6桁"],
    ["33999", "ありません"],
    ["1101", "5桁か6桁"],
  ])("「%s」 is refused, and the sentence says why", (input, reason) => {
    expect(parseCode(input).reason).toContain(reason);
  });

  test("a form takes any code that is or was one, and elsewhere; never five digits that are none", () => {
    expect(["33100", "40305", "22135", "13101", "01101", "other"].filter(isMunicipalityAnswer)).toHaveLength(6);
    expect(["33", "33999", "331007", "13100", "", "岡山市", "__proto__"].filter(isMunicipalityAnswer)).toEqual([]);
  });
});

describe("changes", () => {
  test.each([
    ["那珂川町", "40305", "40231", "2018-10-01"],
    ["富谷町", "04423", "04216", "2016-10-10"],
    ["滝沢村", "03305", "03216", "2014-01-01"],
  ])("%s keeps its name under %s, is counted under %s, and is not offered from %s on", (name, old, now, on) => {
    expect(municipalityName(old)).toBe(name);
    expect(foldToCurrent(old)).toBe(now);
    const codesOn = (when: string) => municipalitiesOf(old.slice(0, 2), when).map(({ code }) => code);
    const before = new Date(Date.parse(on) - 86_400_000).toISOString().slice(0, 10);
    expect([codesOn(before).includes(old), codesOn(before).includes(now)]).toEqual([true, false]);
    expect([codesOn(on).includes(old), codesOn(on).includes(now)]).toEqual([false, true]);
  });

  test("of the old wards of Hamamatsu, the one that went to two counts for the city, the others for their new ward", () => {
    const old = ["22131", "22132", "22133", "22134", "22135", "22136", "22137"];
    expect(old.map((code) => foldToCurrent(code))).toEqual([
      "22138",
      "22138",
      "22138",
      "22138",
      "22130",
      "22139",
      "22140",
    ]);
    expect(old.map((code) => foldToCity(code))).toEqual(old.map(() => "22130"));
    expect(wardsOf("22130", "2023-12-31").map(({ code }) => code)).toEqual(old);
    expect(wardsOf("22130", "2024-01-01").map(({ name }) => name)).toEqual(["中央区", "浜名区", "天竜区"]);
  });

  test("every change leads to codes that were valid on the next day, in the same prefecture", () => {
    const changed = allMunicipalities().filter(({ validUntil }) => validUntil !== undefined);
    expect(changed).toHaveLength(27);
    const faulty = changed.filter(({ code, validUntil = "", became, change }) => {
      const next = became.map((one) => findMunicipality(one));
      const isSound =
        became.length > 1 === (change === "split") &&
        next.length > 0 &&
        next.every((one) => one?.prefecture === code.slice(0, 2) && one.validUntil === undefined) &&
        (change !== "renumbered" || next.every((one) => (one?.validFrom ?? "") > validUntil));
      return !isSound;
    });
    expect(faulty).toEqual([]);
  });

  test("what has no successor is counted as it is", () => {
    expect(["33100", "33999", "other"].map((code) => foldToCurrent(code))).toEqual(["33100", "33999", "other"]);
    expect(foldToCity("01102")).toBe("01100");
    expect(foldToCity("13102")).toBe("13102");
  });
});

describe("an area that was chosen by codes", () => {
  test("is offered as it is on the day: a code replaced since counts for the one after it, from its day on", () => {
    const namesOn = (when: string) => areaOn(["40305", "40231", "40130", "99999"], when).map(({ code }) => code);
    expect(namesOn("2018-09-30")).toEqual(["40130", "40305"]);
    expect(namesOn("2018-10-01")).toEqual(["40130", "40231"]);
  });

  test("a figure of a day before the change counts the code of that day", () => {
    expect([foldToCurrent("40305", "2018-09-30"), foldToCurrent("40305", "2018-10-01")]).toEqual(["40305", "40231"]);
  });
});

describe("names", () => {
  test("an area in several prefectures names them, since a name may occur in two", () => {
    const list = [...municipalitiesOf("13", day), ...municipalitiesOf("34", day)].filter(
      ({ name }) => name === "府中市",
    );
    expect(municipalityOptions(list).map(([, label]) => label)).toEqual(["東京都府中市", "広島県府中市"]);
    expect(municipalityOptions(list, "en").map(([, label]) => label)).toEqual([
      "Fuchu City, Tokyo",
      "Fuchu City, Hiroshima Prefecture",
    ]);
    expect(elsewhereLabel(["13", "34"])).toBe("東京都・広島県の外");
  });

  test("two names that are one in English carry what tells them apart", () => {
    const labels = (prefecture: string, codes: string[]) =>
      municipalityOptions(municipalitiesOf(prefecture, day), "en")
        .filter(([code]) => codes.includes(code))
        .map(([, label]) => label);
    expect(labels("34", ["34207", "34208", "34302"])).toEqual(["Fukuyama", "Fuchu City", "Fuchu Town"]);
    expect(labels("01", ["01361", "01514"])).toEqual(["Esashi Town (江差町)", "Esashi Town (枝幸町)"]);
  });

  test("no list to choose from has two lines of one name", () => {
    const repeated = prefectures().flatMap(({ code }) =>
      (["ja", "easy", "en"] as const).flatMap((locale) => {
        const labels = municipalityOptions(municipalitiesOf(code, day), locale).map(([, label]) => label);
        return labels.filter((label, at) => labels.indexOf(label) !== at);
      }),
    );
    expect(repeated).toEqual([]);
  });

  test("a stored answer is shown with its prefecture where that is not the one served; nothing disappears", () => {
    expect(["33202", "34207", "01102", "other", "99999"].map((code) => answerName(code, ["33"]))).toEqual([
      ...["倉敷市", "広島県福山市", "北海道札幌市北区", "岡山県の外", "99999"],
    ]);
    expect(["34207", "01102"].map((code) => answerName(code, ["33"], "en"))).toEqual([
      ...["Fukuyama City, Hiroshima Prefecture", "Kita Ward, Sapporo City, Hokkaido"],
    ]);
    expect(municipalityName("01102", "en")).toBe("Kita, Sapporo");
  });
});

describe("Hepburn", () => {
  test.each([
    ["そうじゃ", "Soja"],
    ["しょうおう", "Shoo"],
    ["くっちゃん", "Kutchan"],
    ["なんよう", "Nan'yo"],
    ["ぐんま", "Gunma"],
    ["ほしのこみち", "Hoshinokomichi"],
    ["ホシノ コミチ", "Hoshino Komichi"],
    ["にいみ", "Niimi"],
    ["ほっ", "Hot"],
    ["コーヒー", "Kohi"],
    ["ＮＰＯ きぼう", "NPO Kibo"],
    ["", ""],
  ])("%s is %s", (reading, english) => {
    expect(hepburn(reading)).toBe(english);
  });
});

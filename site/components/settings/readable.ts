/** A setting's value as a person reads it, outside its form. */

import { isSettingKey } from "#api/settings/changes.ts";
import { type FieldTexts, textsOf } from "#api/settings/fields.ts";
import { findPrefecture } from "#db/municipalities/places.ts";
import { type SettingKey, type Weekday, weekdays } from "#db/settings/keys.ts";
import { settingsWords, weekdayLabel } from "#db/words/staff/settings.ts";

const times = (texts: FieldTexts, name: string) => `${texts[`${name}.opens`] ?? ""}〜${texts[`${name}.closes`] ?? ""}`;

function hoursOf(texts: FieldTexts): string {
  const ofDay = (day: Weekday) => {
    const what = texts[`hours.${day}`];
    if (what === "closed") return "休み";
    return what === "other" ? times(texts, `hours.${day}`) : times(texts, "hours");
  };
  return weekdays.map((day) => `${weekdayLabel[day]} ${ofDay(day)}`).join("、");
}

/** The texts of a key's fields as one text, with line breaks where it is a list. */
export function readableTexts(key: SettingKey, texts: FieldTexts): string {
  if (key === "hours") return hoursOf(texts);
  if (key === "phone" && texts["phone.none"] !== "") return "電話はない";
  if (key === "closed_on_holidays") return texts[key] === "" ? "祝日も開いている" : "祝日は休み";
  if (key === "prefecture") return findPrefecture(texts[key] ?? "")?.name ?? settingsWords.notGiven;
  if (key === "year_end") return texts["year_end.from"] === "" ? "休みはない" : Object.values(texts).join("〜");
  return texts[key] === "" ? settingsWords.notGiven : (texts[key] ?? "");
}

/** A stored value as a person reads it; undefined was not given. */
export function readableValue(key: string, value: unknown): string {
  if (value === undefined) return settingsWords.notGiven;
  return isSettingKey(key) ? readableTexts(key, textsOf(key, value)) : JSON.stringify(value);
}

import { describe, expect, test } from "vitest";
import { text, tokyoMinute } from "#api/forms/fields.ts";
import { SettingValues } from "#db/settings/keys.ts";
import { wordsIn } from "#db/words/words.ts";

describe("a text", () => {
  const Field = text(10, "too long");
  const { control } = wordsIn("ja").errors;

  test.each(["\u0000", "\u0008", "\u000e", "\u001f", "\u007f", "\ufffe", "\uffff", "\ud800", "\udfff", "\ud800x"])(
    "%j, which nobody types and no feed can hold, is refused",
    (sign) => {
      expect(Field.safeParse(`題${sign}`).error?.issues.map(({ message }) => message)).toEqual([control]);
      expect(SettingValues.shape["name.ja"].safeParse(`会${sign}`).success).toBe(false);
    },
  );

  test("keeps tabs, breaks of every kind as one, and every letter", () => {
    expect(Field.parse("a\tb\r\nc\u000bd\u000ce")).toBe("a\tb\nc\nd\ne");
    expect(Field.parse("𠮷🏔️👨‍👩‍👧\ufffd")).toBe("𠮷🏔️👨‍👩‍👧\ufffd");
    expect(Field.safeParse("長".repeat(11)).error?.issues[0]?.message).toBe("too long");
  });
});

describe("a minute of the clock in Tokyo", () => {
  const Minute = tokyoMinute("wrong");

  test.each(["2026-12-01T24:00", "2026-12-01T23:60", "2026-12-01T9:00", "2026-12-01 09:00", "2026-09-31T09:00", "", 5])(
    "is not %j",
    (typed) => {
      expect(Minute.safeParse(typed).error?.issues[0]?.message).toBe("wrong");
    },
  );

  test("is read from the first of a day to its last", () => {
    const [first, last] = ["2026-12-01T00:00", "2026-12-01T23:59"].map((typed) => Minute.parse(typed).toISOString());
    expect([first, last]).toEqual(["2026-11-30T15:00:00.000Z", "2026-12-01T14:59:00.000Z"]);
  });
});

import { describe, expect, test } from "vitest";
import { parseEnv } from "#db/env.ts";

describe("the environment", () => {
  test.each([
    ["PORT", "eighty"],
    ["PORT", "70000"],
    ["PUBLIC_ORIGIN", "soudan.example.jp"],
    ["PUBLIC_ORIGIN", "ftp://soudan.example.jp"],
    ["PUBLIC_ORIGIN", "https://example.jp/soudan"],
    ["PUBLIC_ORIGIN", "https://user:word@example.jp"],
    ["PUBLIC_ORIGIN", "https://example.jp?x=1"],
    ["DATABASE_URL", "mysql://localhost/komichi"],
    ["DATABASE_POOL", "1"],
    ["SMTP_URL", "localhost:25"],
    ["MAIL_FROM", "ほしのこみち"],
    ["MAIL_FROM", "a@example.jp <b@example.jp> <c@example.jp>"],
    ["MAIL_CONNECTIONS", "0"],
    ["MAIL_PER_MINUTE", "-1"],
    ["ROLE", "webworker"],
    ["INTAKE_PER_MINUTE", "0"],
    ["METRICS_PUBLIC", "yes please"],
    ["LOG", "loud"],
  ])("%s=%s stops the start with a sentence that names it", (name, value) => {
    expect(() => parseEnv({ [name]: value })).toThrow(
      new RegExp(`^The environment variable ${name} is not usable: .+\\.$`, "u"),
    );
  });

  test("tells all that is wrong at once", () => {
    expect(() => parseEnv({ PORT: "x", ROLE: "x", LOG: "x" })).toThrow(/PORT.+\n.+ROLE.+\n.+LOG/u);
  });

  test("an empty value counts as absent, and all have one to begin with", () => {
    const empty = Object.fromEntries(Object.keys(parseEnv({})).map((name) => [name, ""]));
    expect(parseEnv(empty)).toEqual(parseEnv({}));
    expect(parseEnv({})).toMatchObject({
      PORT: 3000,
      PUBLIC_ORIGIN: "http://localhost:3000",
      ROLE: "all",
      INTAKE_PER_MINUTE: 60,
      TRUSTED_PROXIES: [],
    });
  });

  test.each([
    ["https://Soudan.Example.JP/", "https://soudan.example.jp"],
    ["https://example.jp:443", "https://example.jp"],
    ["http://127.0.0.1:8080//", "http://127.0.0.1:8080"],
  ])("the origin %s is what browsers call %s", (given, origin) => {
    expect(parseEnv({ PUBLIC_ORIGIN: given }).PUBLIC_ORIGIN).toBe(origin);
  });

  test("lists are parted by commas or spaces", () => {
    expect(parseEnv({ STAFF_NOTIFY: "a@example.jp, b@example.jp c@example.jp" }).STAFF_NOTIFY).toEqual([
      "a@example.jp",
      "b@example.jp",
      "c@example.jp",
    ]);
  });
});

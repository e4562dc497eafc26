import { expect, test } from "vitest";
import { parseLsn, walFileBytes, walFileName, walParts } from "#db/cluster/wal-files.ts";

test("names as PostgreSQL writes them (pg_walfile_name)", () => {
  expect(walFileName(1, 1n)).toBe("000000010000000000000001");
  expect(walFileName(3, 255n)).toBe("0000000300000000000000FF");
  expect(walFileName(1, 256n)).toBe("000000010000000100000000");
  expect(parseLsn("1/2A") / BigInt(walFileBytes)).toBe(256n);
});

test("the files from one position to another, each with its bytes", () => {
  expect(walParts(1, "0/1000028", "0/1000100")).toEqual([{ name: "000000010000000000000001", bytes: 0x100 }]);
  expect(walParts(1, "0/1000028", "0/3000001")).toEqual([
    { name: "000000010000000000000001", bytes: walFileBytes },
    { name: "000000010000000000000002", bytes: walFileBytes },
    { name: "000000010000000000000003", bytes: 1 },
  ]);
});

test("a position at the beginning of a file ends with the file before", () => {
  expect(walParts(1, "0/1000028", "0/2000000")).toEqual([{ name: "000000010000000000000001", bytes: walFileBytes }]);
  expect(walParts(1, "0/FF000028", "1/0")).toEqual([{ name: "0000000100000000000000FF", bytes: walFileBytes }]);
});

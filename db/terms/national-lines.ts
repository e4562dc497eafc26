/** Telephone lines of the whole country. */

/** Lines that answer when we do not; their names stand in the dictionary (db/words/contact.ts). */
export const nationalLines = {
  medical: "#8000",
  children: "0120-0-78310",
  anyone: "0120-279-338",
  abuse: "189",
} as const;

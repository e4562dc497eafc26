/**
 * Facts about the organisation this installation speaks for, which pages, mails and deadlines share.
 * Pure data: every room may read it.
 */

/** The organisation this installation speaks for. Invented: it exists nowhere. */
export const organisation = {
  name: "ほしのこみち",
  fullName: "ほしのこみち（架空の見本団体）",
  invented: "この団体、人物、電話番号、住所はすべて架空の見本です。",
  purpose: "長い療養とともに暮らす子どもと家族の相談室",
  area: "岡山県",
  address: "〒700-0000 岡山県岡山市見本町0-0-0",
  phone: "086-000-0000",
  /** Opening hours of the phone, Asia/Tokyo, business days only. */
  hours: { opens: "10:00", closes: "17:00", label: "平日 10:00〜17:00（土日・祝日・年末年始はお休み）" },
  /** Ways to reach us beside form and phone, as plain links. Empty when there are none. */
  channels: [{ label: "LINE", href: "https://line.example.jp/hoshinokomichi" }],
  /** We answer within this many business days; see `replyBy` in db/calendar/calendar.ts. */
  replyBusinessDays: 3,
  /** Consultation records are kept this many years after the support has ended. */
  keepYears: 3,
  /** Mail addresses given for a guide alone are kept this many years after the request. */
  keepRequestYears: 1,
  /** What staff typed into a form and have not sent is kept this many days. */
  keepDraftDays: 30,
  /** Backups, which still hold what was erased since, are kept at most this many days. */
  keepBackupDays: 35,
  /** Year-end closing as MM-DD, inclusive, wrapping over the new year. */
  yearEndClosing: { from: "12-29", to: "01-03" },
} as const;

/** Lines of the whole country that answer when we do not; their names stand in the dictionary. */
export const nationalLines = {
  medical: "#8000",
  children: "0120-0-78310",
  anyone: "0120-279-338",
  abuse: "189",
} as const;

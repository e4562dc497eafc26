/** How moments and days are written for staff: Asia/Tokyo, short, sortable by eye. */
const moment = new Intl.DateTimeFormat("ja-JP", {
  timeZone: "Asia/Tokyo",
  year: "numeric",
  month: "2-digit",
  day: "2-digit",
  weekday: "short",
  hour: "2-digit",
  minute: "2-digit",
});
const day = new Intl.DateTimeFormat("ja-JP", { timeZone: "UTC", month: "long", day: "numeric", weekday: "short" });

/** 2026/11/20(金) 14:05 */
export const sayMoment = (instant: Date): string => moment.format(instant);

/** "2026-11-26" → 11月26日(木) */
export const sayDay = (date: string): string => day.format(new Date(`${date}T12:00:00Z`));

/** The value of a datetime-local input for an instant. */
export const inputMoment = (instant: Date): string =>
  new Date(instant.getTime() + 9 * 3_600_000).toISOString().slice(0, 16);

const date = new Intl.DateTimeFormat("ja-JP", {
  timeZone: "Asia/Tokyo",
  year: "numeric",
  month: "long",
  day: "numeric",
});

/** 2026年11月20日, of an instant, for the public. */
export const sayDate = (instant: Date): string => date.format(instant);

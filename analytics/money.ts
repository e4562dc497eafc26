/** Money as whole millionths of the currency's unit (micros, as in Google's API): exact, never a float. */

const scale = 6;
const million = 10n ** BigInt(scale);

/** "164.11" → 164110000n, of any size; undefined for anything but a plain number of at least 0. */
export function microsOf(decimal: string): bigint | undefined {
  const [, whole, fraction = ""] = /^(\d+)(?:\.(\d+))?$/u.exec(decimal) ?? [];
  if (whole === undefined || /[1-9]/u.test(fraction.slice(scale))) return undefined;
  return BigInt(whole) * million + BigInt(fraction.slice(0, scale).padEnd(scale, "0"));
}

/** A decimal as the database writes it, also below 0. Throws for anything else: a sum that cannot be read is not 0. */
export function microsFromDatabase(decimal: string): bigint {
  const micros = microsOf(decimal.replace(/^-/u, ""));
  if (micros === undefined) throw new Error(`not a decimal of at most ${scale} digits: ${decimal}`);
  return decimal.startsWith("-") ? -micros : micros;
}

/** The decimal as the database keeps it, also below 0. */
export function exactDecimal(micros: bigint): string {
  if (micros < 0n) return `-${exactDecimal(-micros)}`;
  return `${micros / million}.${(micros % million).toString().padStart(scale, "0")}`;
}

/** The decimal as the currency is written (no digits for yen, two for dollars), rounded half up; also below 0. */
export function decimalOf(micros: bigint, currency: string): string {
  if (micros < 0n) return `-${decimalOf(-micros, currency)}`;
  const digits = digitsOf(currency);
  const unit = 10n ** BigInt(scale - digits);
  const rounded = ((micros + unit / 2n) / unit).toString().padStart(digits + 1, "0");
  return digits === 0 ? rounded : `${rounded.slice(0, -digits)}.${rounded.slice(-digits)}`;
}

/** A decimal, or a count, with its thousands apart, as tables show it. */
export const groupThousands = (decimal: string | number) =>
  String(decimal).replaceAll(/\B(?=(?:\d{3})+(?:\.|$))/gu, ",");

/** One part of a sum shared by `count`, rounded half up to a millionth. */
export const divideRounded = (micros: bigint, count: number) => (micros + BigInt(count) / 2n) / BigInt(count);

const knownDigits = new Map<string, number>();

/** Digits after the point. Remembered: a formatter takes far longer to make than a report has time for on each line. */
function digitsOf(currency: string): number {
  const known = knownDigits.get(currency);
  if (known !== undefined) return known;
  const { maximumFractionDigits } = new Intl.NumberFormat("en", { style: "currency", currency }).resolvedOptions();
  const digits = Math.min(maximumFractionDigits ?? 2, scale);
  knownDigits.set(currency, digits);
  return digits;
}

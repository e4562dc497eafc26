/** Cells of tables for spreadsheets. */

/** A cell that a spreadsheet would take for a formula, full-width signs included (Excel on a Japanese Windows). */
const formula = /^\s*[=+\-@＝＋－＠]|^[\t\r\n]/u;

/** One cell: never a formula, quoted where it has to be. */
export function csvCell(text: string): string {
  const harmless = formula.test(text) ? `'${text}` : text;
  return /[",\r\n]/u.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}

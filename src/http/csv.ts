import { stringify } from 'csv-stringify/sync';

/**
 * What a spreadsheet runs as a formula: such a sign (also in its full-width form), behind whatever a spreadsheet leaves out when it
 * reads a cell (spaces of every kind, control characters, marks without width), or a tab or a line break, which some split at.
 */
const formula = /^(?:[\t\r\n]|[\p{White_Space}\p{Cc}\p{Cf}]*[=+\-@\uff1d\uff0b\uff0d\uff20])/u;

/**
 * Lines of CSV by RFC 4180 (CRLF between them; a cell with a comma, a quote, CR or LF in quotes). A text that a spreadsheet would run
 * begins with an apostrophe, which is how a spreadsheet marks a text.
 */
export function writeCsv(rows: readonly (readonly (string | null)[])[]): string {
  const defused = rows.map((row) =>
    row.map((cell) => (cell !== null && formula.test(cell) ? `'${cell}` : cell)),
  );
  return stringify(defused, { record_delimiter: 'windows', quoted_match: /[\r\n]/ });
}

/**
 * Many rows as one text, for reading thousands of them at once: the driver takes longer for each column of a row than the server for
 * making it. The values are instants, numbers, ids, names and JSON, of which none holds a control character raw.
 */
const endOfValue = { sql: String.raw`E'\x1e'`, text: '\x1e' };
const endOfRow = { sql: String.raw`E'\x1d'`, text: '\x1d' };

/** SQL of a row's values as one text; null is the empty text. */
export function joinValues(values: readonly string[]): string {
  return `concat(${values.join(`, ${endOfValue.sql}, `)})`;
}

/** SQL of an aggregate: all rows' texts in an order; null where there are none. */
export function joinRows(row: string, order: string): string {
  return `string_agg(${row}, ${endOfRow.sql} order by ${order})`;
}

export function splitRows(rows: string | null): string[] {
  return rows === null ? [] : rows.split(endOfRow.text);
}

export function splitValues(row: string): string[] {
  return row.split(endOfValue.text);
}

/** The first values of a row and all the others, still joined. */
export function splitFirst(row: string, count: number): { values: string[]; rest: string } {
  const values: string[] = [];
  let start = 0;
  while (values.length < count) {
    const end = row.indexOf(endOfValue.text, start);
    values.push(row.slice(start, end));
    start = end + 1;
  }
  return { values, rest: row.slice(start) };
}

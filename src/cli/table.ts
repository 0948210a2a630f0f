/** Rows as text in columns, the first row the heading. Ends in a line feed. */
export function formatTable(rows: readonly (readonly string[])[]): string {
  const clean = rows.map((row) => row.map(printable));
  const widths =
    clean[0]?.map((_, column) => Math.max(...clean.map((row) => row[column]?.length ?? 0))) ?? [];
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd();
  const [heading, ...rest] = clean;
  if (!heading) return '';
  return `${[line(heading), line(widths.map((width) => '-'.repeat(width))), ...rest.map(line)].join('\n')}\n`;
}

/** What was sent to the server must not steer the terminal of whoever looks at it. */
export function printable(text: string): string {
  return text.replaceAll(/\p{C}/gu, '\u{fffd}');
}

/** UTC, to the second. */
export function formatInstant(instant: Date): string {
  return `${instant.toISOString().slice(0, 19).replace('T', ' ')}Z`;
}

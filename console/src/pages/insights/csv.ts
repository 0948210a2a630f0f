import { saveFile } from '../../components/save-file.ts';
import type { Answer } from './queries.ts';

/** Saves what the chart shows: a row an interval, a column a series, its span before behind it. */
export function saveCsv(answer: Answer, titleOf: (metric: string) => string): void {
  const { since, until } = answer.parameters;
  saveFile([csvOf(answer, titleOf)], `insights ${since} to ${until}.csv`, 'text/csv;charset=utf-8');
}

export function csvOf(
  { intervals, intervalsBefore, metrics }: Answer,
  titleOf: (metric: string) => string,
): string {
  const columns = metrics.flatMap(({ metric, currency, series }) =>
    series.flatMap(({ kind, label, values, before }) => {
      const name = [
        titleOf(metric),
        ...(kind === 'all' ? [] : [label]),
        ...(currency === null ? [] : [currency]),
      ];
      return [
        { head: name.join(' · '), values },
        ...(before === null ? [] : [{ head: `${name.join(' · ')} (before)`, values: before.values }]),
      ];
    }),
  );
  const head = ['interval', 'from', 'until', ...(intervalsBefore === null ? [] : ['interval before'])];
  const count = Math.max(intervals.length, intervalsBefore?.length ?? 0);
  const rows = Array.from({ length: count }, (_, place) => {
    const interval = intervals[place];
    const times = [interval?.label ?? '', interval?.since ?? '', interval?.until ?? ''];
    const before = intervalsBefore === null ? [] : [intervalsBefore[place]?.label ?? ''];
    return [...times, ...before, ...columns.map(({ values }) => values[place] ?? '')];
  });
  const all = [[...head, ...columns.map((column) => column.head)], ...rows];
  // A byte order mark has spreadsheets read it as UTF-8.
  return `\uFEFF${all.map((row) => row.map(cellOf).join(',')).join('\r\n')}\r\n`;
}

/** A text that a spreadsheet would take for a formula is led by an apostrophe, which makes it a text; numbers are ours. */
function cellOf(value: string | number): string {
  if (typeof value === 'number') return String(value);
  const harmless = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(harmless) || harmless !== value ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}

import { useMemo } from 'react';
import { type Column, DataTable } from '../../components/data-table.tsx';
import type { Line } from './chart-card.tsx';
import { formatInterval, formatMeasured } from './format.ts';
import type { Answer } from './queries.ts';
import type { Interval } from './route.ts';

interface FiguresTableProps {
  readonly label: string;
  readonly lines: readonly Line[];
  readonly intervals: Answer['intervals'];
  readonly intervalsBefore: Answer['intervalsBefore'];
  readonly interval: Interval;
  readonly onExplain: (line: Line, at: string) => void;
}

interface Row {
  readonly place: number;
  readonly label: string;
  readonly title: string;
}

/** Every figure, each leading to its rows. */
export function FiguresTable({ label, lines, intervals, interval, onExplain }: FiguresTableProps) {
  const rows = useMemo(
    () =>
      intervals.map((one, place): Row => ({ place, label: one.label, title: formatInterval(one, interval) })),
    [intervals, interval],
  );
  const columns = useMemo(
    (): readonly Column<Row>[] => [
      { id: 'interval', head: 'Time', cell: ({ title }) => title, sortBy: ({ place }) => place },
      ...lines.flatMap((line): Column<Row>[] => [
        {
          id: line.id,
          head: line.title,
          cell: (row) => <Figure line={line} row={row} onExplain={onExplain} />,
          sortBy: ({ place }) => line.values[place] ?? 0,
          isNumber: true,
        },
        ...(line.before === null ? [] : [beforeColumn(line, line.before.values)]),
      ]),
    ],
    [lines, onExplain],
  );
  return (
    <DataTable caption={`${label}, every figure`} columns={columns} rows={rows} rowKey={(row) => row.label} />
  );
}

function beforeColumn(line: Line, values: readonly number[]): Column<Row> {
  return {
    id: `${line.id} before`,
    head: `${line.title}, before`,
    cell: ({ place }) => <span className="soft">{formatMeasured(values[place] ?? 0, line.currency)}</span>,
    sortBy: ({ place }) => values[place] ?? 0,
    isNumber: true,
  };
}

interface FigureProps {
  readonly line: Line;
  readonly row: Row;
  readonly onExplain: (line: Line, at: string) => void;
}

function Figure({ line, row, onExplain }: FigureProps) {
  const value = line.values[row.place] ?? 0;
  return (
    <button
      type="button"
      className="insights-figure"
      aria-label={`Explain ${formatMeasured(value, line.currency)}: ${line.title}, ${row.title}`}
      onClick={() => onExplain(line, row.label)}
    >
      {formatMeasured(value, line.currency)}
    </button>
  );
}

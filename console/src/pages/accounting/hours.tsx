import { useMemo } from 'react';
import { type Column, DataTable } from '../../components/data-table.tsx';
import { DialectTag } from '../../components/dialect-tag.tsx';
import { formatCount } from '../../components/number.ts';
import { Status } from '../../components/status.tsx';
import { Time } from '../../components/time.tsx';
import type { Hour } from './queries.ts';

const counted = [
  ['received', 'Received'],
  ['stored', 'Stored'],
  ['duplicate', 'Duplicate'],
  ['quarantined', 'Quarantined'],
  ['dropped', 'Dropped'],
  ['refused', 'Refused'],
] as const;

const columns: readonly Column<Hour>[] = [
  {
    id: 'hour',
    head: 'Hour',
    cell: ({ hour }) => <Time at={hour} form="short" />,
    sortBy: ({ hour }) => hour,
  },
  {
    id: 'dialect',
    head: 'API',
    cell: ({ dialect }) => <DialectTag name={dialect} />,
    sortBy: ({ dialect }) => dialect,
  },
  ...counted.map(
    ([name, head]): Column<Hour> => ({
      id: name,
      head,
      cell: (hour) => formatCount(hour[name]),
      sortBy: (hour) => hour[name],
      isNumber: true,
    }),
  ),
  {
    id: 'closes',
    head: 'Adds up',
    cell: ({ closes }) => <Status mood={closes ? 'good' : 'bad'}>{closes ? 'Yes' : 'No'}</Status>,
    sortBy: ({ closes }) => (closes ? 1 : 0),
  },
];

interface HoursProps {
  readonly hours: readonly Hour[];
  /** The one that somebody has come for. */
  readonly current: { readonly hour: string; readonly api: string | undefined } | undefined;
}

/** Each hour of each API, the newest first. */
export function Hours({ hours, current }: HoursProps) {
  const rows = useMemo(() => hours.toReversed(), [hours]);
  const wanted =
    current &&
    rows.find(
      ({ hour, dialect }) =>
        Date.parse(hour) === Date.parse(current.hour) && (current.api ?? dialect) === dialect,
    );
  return (
    <DataTable
      caption="What became of what came in, by hour and API"
      columns={columns}
      rows={rows}
      rowKey={keyOf}
      current={wanted && keyOf(wanted)}
    />
  );
}

function keyOf({ hour, dialect }: Hour): string {
  return `${hour} ${dialect}`;
}

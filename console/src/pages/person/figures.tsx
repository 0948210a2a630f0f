import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useMemo } from 'react';
import type { Person } from '../../api/people.ts';
import { useWorkspaceName } from '../../app/current-workspace.ts';
import { type Column, DataTable } from '../../components/data-table.tsx';
import { DialectTag } from '../../components/dialect-tag.tsx';
import { formatAmount, formatCount } from '../../components/number.ts';
import { Empty, Loaded } from '../../components/states.tsx';
import { Status } from '../../components/status.tsx';
import { Time } from '../../components/time.tsx';
import { type Summary, summaryQuery } from './queries.ts';

type TypeCount = Summary['types'][number];
type Amount = Summary['amounts'][number];

/** How often what happened, by API and type of event, and what the amounts come to; each leads to its events. */
export function Figures({ person }: { readonly person: Person }) {
  const summary = useQuery(summaryQuery(useWorkspaceName(), person.id));
  const { types, amounts } = useColumns();
  return (
    <Loaded query={summary} label="Counting …">
      {(found) =>
        found.events === 0 ? (
          <Empty title="Nothing happened yet">
            The APIs know who this is, and have told of no event that could be counted.
          </Empty>
        ) : (
          <div className="stack">
            <DataTable
              caption="Events by API and type"
              columns={types}
              rows={found.types}
              rowKey={({ dialect, type }) => `${dialect} ${type}`}
            />
            {found.amounts.length === 0 ? null : (
              <DataTable
                caption="Amounts by type of event and currency"
                columns={amounts}
                rows={found.amounts}
                rowKey={({ dialect, type, metric, currency, counted }) =>
                  `${dialect} ${type} ${metric} ${currency} ${counted}`
                }
              />
            )}
          </div>
        )
      }
    </Loaded>
  );
}

function useColumns(): { types: readonly Column<TypeCount>[]; amounts: readonly Column<Amount>[] } {
  return useMemo(
    () => ({
      types: [
        {
          id: 'api',
          head: 'API',
          cell: ({ dialect }) => <DialectTag name={dialect} />,
          sortBy: (row) => row.dialect,
        },
        { id: 'type', head: 'Event', cell: (row) => <ToEvents of={row} />, sortBy: ({ type }) => type },
        {
          id: 'events',
          head: 'Events',
          cell: ({ events }) => formatCount(events),
          sortBy: ({ events }) => events,
          isNumber: true,
        },
        {
          id: 'first',
          head: 'First',
          cell: ({ firstAt }) => <Time at={firstAt} />,
          sortBy: (row) => row.firstAt,
        },
        { id: 'last', head: 'Last', cell: ({ lastAt }) => <Time at={lastAt} />, sortBy: (row) => row.lastAt },
      ],
      amounts: [
        { id: 'api', head: 'API', cell: ({ dialect }) => <DialectTag name={dialect} /> },
        { id: 'type', head: 'Event', cell: (row) => <ToEvents of={row} /> },
        { id: 'metric', head: 'Amount', cell: ({ metric }) => <span className="foreign">{metric}</span> },
        {
          id: 'sum',
          head: 'Sum',
          cell: ({ sum, currency }) => formatAmount(sum, currency),
          sortBy: ({ sum }) => Number(sum),
          isNumber: true,
        },
        { id: 'events', head: 'Of events', cell: ({ events }) => formatCount(events), isNumber: true },
        {
          id: 'counted',
          head: 'In sums',
          cell: ({ counted }) =>
            counted ? 'yes' : <Status mood="warn">no rate for its currency yet</Status>,
        },
      ],
    }),
    [],
  );
}

function ToEvents({ of: { dialect, type } }: { readonly of: Pick<TypeCount, 'dialect' | 'type'> }) {
  return (
    <Link
      from="/$workspace/people/$person"
      to="/$workspace/people/$person"
      search={{ api: dialect, type }}
      className="foreign"
    >
      {type}
    </Link>
  );
}

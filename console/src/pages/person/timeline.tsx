import { useInfiniteQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import type { Person } from '../../api/people.ts';
import { useWorkspaceName } from '../../app/current-workspace.ts';
import { Button } from '../../components/button.tsx';
import { type Column, DataTable } from '../../components/data-table.tsx';
import { DialectTag } from '../../components/dialect-tag.tsx';
import { Glance } from '../../components/glance.tsx';
import { countOf } from '../../components/number.ts';
import { Empty, Failure, Loading } from '../../components/states.tsx';
import { Time } from '../../components/time.tsx';
import { timelineQuery } from './queries.ts';

interface Happening {
  readonly id: string;
  readonly type: string;
  readonly dialect: string;
  readonly occurredAt: string;
  readonly properties: Readonly<Record<string, unknown>>;
}

const columns: readonly Column<Happening>[] = [
  { id: 'at', head: 'When', cell: ({ occurredAt }) => <Time at={occurredAt} /> },
  { id: 'dialect', head: 'API', cell: ({ dialect }) => <DialectTag name={dialect} /> },
  { id: 'type', head: 'Event', cell: ({ type }) => <span className="foreign">{type}</span> },
  {
    id: 'properties',
    head: 'Properties',
    cell: ({ properties }) => <Glance properties={properties} />,
  },
];

/** What happened to a person over all APIs, the newest first. */
export function Timeline({ person }: { readonly person: Person }) {
  const timeline = useInfiniteQuery(timelineQuery(useWorkspaceName(), person.id));
  const rows = useMemo(() => timeline.data?.pages.flatMap(({ events }) => events) ?? [], [timeline.data]);
  if (timeline.isPending) return <Loading />;
  if (timeline.error && rows.length === 0)
    return <Failure error={timeline.error} retry={() => void timeline.refetch()} />;
  if (rows.length === 0)
    return (
      <Empty title="Nothing happened yet">
        The APIs know who this is, and have told of no event. What they tell from now on stands here.
      </Empty>
    );
  return (
    <DataTable
      caption="What happened, newest first"
      columns={columns}
      rows={rows}
      rowKey={({ id }) => id}
      foot={
        <div className="timeline-foot">
          <span className="soft small">
            {countOf(rows.length, 'event')} {timeline.hasNextPage ? 'so far' : 'in all'}
          </span>
          {timeline.error ? <Failure error={timeline.error} /> : null}
          {timeline.hasNextPage ? (
            <Button onClick={() => void timeline.fetchNextPage()} busy={timeline.isFetchingNextPage}>
              {timeline.isFetchingNextPage ? 'Loading …' : 'Show older ones'}
            </Button>
          ) : null}
        </div>
      }
    />
  );
}

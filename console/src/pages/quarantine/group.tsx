import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useMemo } from 'react';
import { useWorkspaceName } from '../../app/current-workspace.ts';
import { type Column, DataTable } from '../../components/data-table.tsx';
import { DialectTag } from '../../components/dialect-tag.tsx';
import { PageHead } from '../../components/page-head.tsx';
import { PagesFoot } from '../../components/pages-foot.tsx';
import { Empty, Failure, Loaded, Loading } from '../../components/states.tsx';
import { Time, ZoneNote } from '../../components/time.tsx';
import { TypeName } from './groups.tsx';
import { eventsQuery, groupsQuery, type Scope } from './queries.ts';
import { RemedyWords } from './remedy.tsx';
import { ReplayButtons } from './replay-buttons.tsx';
import { Replays } from './replays.tsx';

/** The bad events of one API and type that broke the same rule. */
export function Group({ scope }: { readonly scope: Scope }) {
  const workspace = useWorkspaceName();
  const groups = useQuery(groupsQuery(workspace, scope));
  const group = groups.data?.groups[0];
  return (
    <>
      <PageHead
        title="Quarantine"
        note={
          <>
            <Link to="/$workspace/quarantine" params={{ workspace }}>
              All that waits
            </Link>{' '}
            · <ZoneNote />
          </>
        }
        actions={group ? <ReplayButtons scope={scope} events={group.events} words="these" /> : null}
      />
      <div className="stack">
        <section className="card" aria-labelledby="group">
          <div className="card-head">
            <h2 id="group" className="foreign">
              {group?.message ?? scope.rule}
            </h2>
            <span>
              <DialectTag name={scope.dialect ?? ''} />
              {scope.type ? (
                <>
                  {' · '}
                  <TypeName type={scope.type} />
                </>
              ) : null}
            </span>
          </div>
          {group ? (
            <>
              <h3>What to change</h3>
              <RemedyWords remedy={group.remedy} />
            </>
          ) : null}
        </section>
        <Replays scope={scope} />
        <Loaded query={groups}>
          {({ allEvents }) =>
            allEvents === 0 ? (
              <Empty
                title="Nothing of this waits any more"
                action={
                  <Link to="/$workspace/quarantine" params={{ workspace }}>
                    Show all that waits
                  </Link>
                }
              />
            ) : (
              <Events scope={scope} />
            )
          }
        </Loaded>
      </div>
    </>
  );
}

interface BadRow {
  readonly id: string;
  readonly path: string | null;
  readonly processedAt: string;
  readonly occurredAt: string;
}

function Events({ scope }: { readonly scope: Scope }) {
  const columns = useColumns();
  const events = useInfiniteQuery(eventsQuery(useWorkspaceName(), scope));
  const rows = useMemo(() => events.data?.pages.flatMap((page) => page.events) ?? [], [events.data]);
  if (events.isPending) return <Loading />;
  if (events.error && rows.length === 0)
    return <Failure error={events.error} retry={() => void events.refetch()} />;
  return (
    <DataTable
      caption="Bad events of this group, newest first"
      columns={columns}
      rows={rows}
      rowKey={({ id }) => id}
      foot={<PagesFoot pages={events} count={rows.length} noun="event" />}
    />
  );
}

function useColumns(): readonly Column<BadRow>[] {
  return useMemo(
    () => [
      {
        id: 'at',
        head: 'Came in',
        cell: ({ id, processedAt }) => (
          <Link
            from="/$workspace/quarantine"
            to="/$workspace/quarantine"
            search={(before) => ({ ...before, event: id })}
            className="row-link"
            replace
          >
            <Time at={processedAt} />
          </Link>
        ),
      },
      { id: 'happened', head: 'Happened', cell: ({ occurredAt }) => <Time at={occurredAt} /> },
      {
        id: 'place',
        head: 'First place that is wrong',
        cell: ({ path }) =>
          path ? <code className="foreign">{path}</code> : <span className="soft">not one place</span>,
      },
    ],
    [],
  );
}

import { Link } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import { useWorkspaceName } from '../../app/current-workspace.ts';
import { Button } from '../../components/button.tsx';
import { type Column, DataTable } from '../../components/data-table.tsx';
import { DialectTag } from '../../components/dialect-tag.tsx';
import { Glance } from '../../components/glance.tsx';
import { countOf } from '../../components/number.ts';
import { PageHead } from '../../components/page-head.tsx';
import { Empty, Failure, Loading } from '../../components/states.tsx';
import { Status } from '../../components/status.tsx';
import { Time, ZoneNote } from '../../components/time.tsx';
import { EventPanel } from './event-panel.tsx';
import { Filters } from './filters.tsx';
import type { LiveEvent } from './queries.ts';
import { liveRoute } from './route.ts';
import { type LiveEvents, useLiveEvents } from './use-live-events.ts';
import './live.css';

/** Events as they come. */
export function Live() {
  const workspace = useWorkspaceName();
  const search = liveRoute.useSearch();
  const navigate = liveRoute.useNavigate();
  const [isPaused, setPaused] = useState(false);
  const live = useLiveEvents(workspace, search, isPaused);
  return (
    <>
      <PageHead
        title="Live"
        note={
          <>
            What was stored last, newest first · <ZoneNote />
          </>
        }
        actions={
          <Button
            icon={isPaused ? 'play' : 'pause'}
            onClick={() => setPaused(!isPaused)}
            aria-pressed={isPaused}
          >
            {isPaused ? (live.held > 0 ? `Show ${countOf(live.held, 'new event')}` : 'Go on') : 'Pause'}
          </Button>
        }
      />
      <div className="live-bar">
        <Filters />
        <StreamStatus live={live} isPaused={isPaused} />
      </div>
      <Events live={live} isFiltered={[search.api, search.type, search.person].some(Boolean)} />
      {search.event === undefined ? null : (
        <EventPanel
          eventId={search.event}
          onClose={() => void navigate({ search: ({ event: _closed, ...rest }) => rest })}
        />
      )}
    </>
  );
}

function StreamStatus({ live, isPaused }: { readonly live: LiveEvents; readonly isPaused: boolean }) {
  return (
    <p role="status" className="live-status">
      {isPaused ? (
        <Status mood="plain">Paused</Status>
      ) : live.state === 'open' ? (
        <Status mood="good">Live</Status>
      ) : (
        <Status mood="warn">{live.state === 'away' ? 'Trying again …' : 'Connecting …'}</Status>
      )}
    </p>
  );
}

function Events({
  live: { events, error },
  isFiltered,
}: {
  readonly live: LiveEvents;
  readonly isFiltered: boolean;
}) {
  const columns = useColumns();
  if (error) return <Failure error={error} />;
  if (!events) return <Loading />;
  if (events.length === 0)
    return isFiltered ? (
      <Empty title="No such event has come yet">
        It shows here as soon as one does; or take a filter away.
      </Empty>
    ) : (
      <Empty title="No event has come yet">The overview has a command for each API that sends one.</Empty>
    );
  return <DataTable caption="Events, newest first" columns={columns} rows={events} rowKey={({ id }) => id} />;
}

function useColumns(): readonly Column<LiveEvent>[] {
  return useMemo(
    () => [
      { id: 'time', head: 'Received', cell: ({ receivedAt }) => <Time at={receivedAt} form="time" /> },
      { id: 'api', head: 'API', cell: ({ dialect }) => <DialectTag name={dialect} /> },
      {
        id: 'type',
        head: 'Event',
        cell: ({ id, type }) => (
          <Link
            from="/$workspace/live"
            to="/$workspace/live"
            search={(before) => ({ ...before, event: id })}
            className="foreign live-link"
            replace
          >
            {type}
          </Link>
        ),
      },
      { id: 'glance', head: 'Properties', cell: ({ properties }) => <Glance properties={properties} /> },
    ],
    [],
  );
}

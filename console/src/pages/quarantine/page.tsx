import { EventPanel } from './event-panel.tsx';
import { Group } from './group.tsx';
import { Groups } from './groups.tsx';
import { scopeOf } from './queries.ts';
import { quarantineRoute } from './route.ts';
import './quarantine.css';

/** Bad events, and their way back. */
export function Quarantine() {
  const search = quarantineRoute.useSearch();
  const navigate = quarantineRoute.useNavigate();
  const { api, rule, type, event } = search;
  const isGroup = api !== undefined && rule !== undefined && type !== undefined;
  return (
    <>
      {isGroup ? <Group key={`${api} ${rule} ${type}`} scope={scopeOf(search)} /> : <Groups />}
      {event === undefined ? null : (
        <EventPanel
          key={event}
          eventId={event}
          onClose={() => void navigate({ search: ({ event: _closed, ...rest }) => rest })}
        />
      )}
    </>
  );
}

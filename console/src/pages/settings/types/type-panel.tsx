import { useQuery } from '@tanstack/react-query';
import { useWorkspaceName } from '../../../app/current-workspace.ts';
import { DialectTag } from '../../../components/dialect-tag.tsx';
import { Dialog } from '../../../components/dialog.tsx';
import { Loaded } from '../../../components/states.tsx';
import { Time } from '../../../components/time.tsx';
import { typesRoute } from '../route.ts';
import { definitionOf } from './definition.ts';
import { EditType } from './edit-type.tsx';
import { EndType } from './end-type.tsx';
import { type EventType, eventTypeQuery } from './queries.ts';
import { Versions } from './versions.tsx';

interface TypePanelProps {
  readonly id: string;
  readonly onClose: () => void;
}

/** One event type: what it asks of its events, and what it was before. */
export function TypePanel({ id, onClose }: TypePanelProps) {
  const type = useQuery(eventTypeQuery(useWorkspaceName(), id));
  return (
    <Dialog title={type.data?.name ?? 'Event type'} form="panel" onClose={onClose}>
      <Loaded query={type}>{(found) => <Opened type={found} onGone={onClose} />}</Loaded>
    </Dialog>
  );
}

function Opened({ type, onGone }: { readonly type: EventType; readonly onGone: () => void }) {
  const { field } = typesRoute.useSearch();
  const definition = definitionOf(type);
  return (
    <div className="stack">
      <dl className="facts">
        <dt>API</dt>
        <dd>
          <DialectTag name={type.dialect} />
        </dd>
        <dt>Since</dt>
        <dd>
          <Time at={type.createdAt} />
        </dd>
        <dt>State</dt>
        <dd>
          {type.archivedAt ? (
            <>
              Archived since <Time at={type.archivedAt} />: it takes no events, they go to quarantine.
            </>
          ) : (
            'It takes events.'
          )}
        </dd>
      </dl>
      {definition && type.dialect === 'webmarketer' ? (
        <EditType key={type.version} type={type} definition={definition} marked={field} />
      ) : (
        <p className="soft small">
          Its fields are open: what events bring is kept, and nothing is asked of them.
        </p>
      )}
      {definition ? <Versions type={type} /> : null}
      <EndType type={type} onGone={onGone} />
    </div>
  );
}

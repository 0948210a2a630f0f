import { useQuery } from '@tanstack/react-query';
import { type Dialect, dialectsQuery } from '../../api/dialects.ts';
import { useWorkspaceName } from '../../app/current-workspace.ts';
import { Button } from '../../components/button.tsx';
import { DialectTag } from '../../components/dialect-tag.tsx';
import { FirstEvent } from '../../components/first-event.tsx';
import { Icon } from '../../components/icons.tsx';
import { PageHead } from '../../components/page-head.tsx';

/** Of a workspace that nothing has come to: how a first event is sent by each API, and whether it has arrived. */
export function GettingStarted({ onDone }: { readonly onDone: () => void }) {
  const { data = [] } = useQuery({ ...dialectsQuery(useWorkspaceName()), refetchInterval: 2_000 });
  const hasArrived = data.some(({ stored }) => stored > 0);
  return (
    <>
      <PageHead
        title="Overview"
        note="Nothing has come in yet. Send a first event by the API that you use: paste its command into a terminal."
        actions={
          hasArrived ? (
            <Button look="primary" onClick={onDone}>
              Show the overview
            </Button>
          ) : null
        }
      />
      <ul className="beginnings">
        {data.map((dialect) => (
          <li key={dialect.name} className="card">
            <Beginning dialect={dialect} />
          </li>
        ))}
      </ul>
    </>
  );
}

function Beginning({ dialect }: { readonly dialect: Dialect }) {
  const { name, stored } = dialect;
  return (
    <>
      <div className="card-head">
        <h2>
          <DialectTag name={name} />
        </h2>
        <p className="beginning-mark small" data-arrived={stored > 0} role="status">
          {stored > 0 ? (
            <>
              <Icon name="check" size={16} /> The first event has arrived
            </>
          ) : (
            <>
              <span className="waiting" aria-hidden="true" /> Waiting for the first event
            </>
          )}
        </p>
      </div>
      <FirstEvent dialect={dialect} />
    </>
  );
}

import { useMutation, useQuery } from '@tanstack/react-query';
import { api, take } from '../../api/client.ts';
import { type Dialect, dialectsQuery } from '../../api/dialects.ts';
import { useWorkspaceName } from '../../app/current-workspace.ts';
import { Button } from '../../components/button.tsx';
import { Snippet } from '../../components/copy.tsx';
import { DialectTag } from '../../components/dialect-tag.tsx';
import { Icon } from '../../components/icons.tsx';
import { PageHead } from '../../components/page-head.tsx';
import { Failure } from '../../components/states.tsx';

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

function Beginning({ dialect: { name, title, stored, firstEvent } }: { readonly dialect: Dialect }) {
  const workspace = useWorkspaceName();
  const makeKey = useMutation({
    mutationFn: async (role: string) => {
      const body = { dialect: name, role, name: 'first event, by the console' } as const;
      return (await take(api.POST('/workspaces/{workspace}/keys', { params: { path: { workspace } }, body })))
        .secret;
    },
  });
  const command = firstEvent?.command.replaceAll(
    firstEvent.key.placeholder,
    makeKey.data ?? firstEvent.key.placeholder,
  );
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
      {firstEvent && command ? (
        <>
          <Snippet title={`An event of ${title}’s API`} text={command} />
          <div className="beginning-key">
            {makeKey.data ? (
              <p className="small soft">
                The key stands in the command, and is shown here this once. It is one of the workspace’s keys
                now.
              </p>
            ) : (
              <Button busy={makeKey.isPending} onClick={() => makeKey.mutate(firstEvent.key.role)}>
                Make a key for it
              </Button>
            )}
          </div>
          {makeKey.error ? <Failure error={makeKey.error} /> : null}
        </>
      ) : null}
    </>
  );
}

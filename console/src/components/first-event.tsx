import { useMutation } from '@tanstack/react-query';
import { api, take } from '../api/client.ts';
import type { Dialect } from '../api/dialects.ts';
import { useWorkspaceName } from '../app/current-workspace.ts';
import { Button } from './button.tsx';
import { Snippet } from './copy.tsx';
import { Failure } from './states.tsx';

/** A command that sends an event by an API, with the workspace's own names; a key for it is made on request. */
export function FirstEvent({ dialect: { name, title, firstEvent } }: { readonly dialect: Dialect }) {
  const workspace = useWorkspaceName();
  const makeKey = useMutation({
    mutationFn: async (role: string) => {
      const body = { dialect: name, role, name: 'first event, by the console' } as const;
      return (await take(api.POST('/workspaces/{workspace}/keys', { params: { path: { workspace } }, body })))
        .secret;
    },
  });
  if (!firstEvent) return null;
  const { command, key } = firstEvent;
  return (
    <>
      <Snippet
        title={`An event of ${title}’s API`}
        text={command.replaceAll(key.placeholder, makeKey.data ?? key.placeholder)}
      />
      <div className="first-event-key">
        {makeKey.data ? (
          <p className="small soft">
            The key stands in the command, and is shown here this once. It is one of the workspace’s keys now.
          </p>
        ) : (
          <Button busy={makeKey.isPending} onClick={() => makeKey.mutate(key.role)}>
            Make a key for it
          </Button>
        )}
      </div>
      {makeKey.error ? <Failure error={makeKey.error} /> : null}
    </>
  );
}

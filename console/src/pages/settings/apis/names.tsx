import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api, done } from '../../../api/client.ts';
import type { Dialect } from '../../../api/dialects.ts';
import type { Workspace } from '../../../api/workspaces.ts';
import { useWorkspaceName } from '../../../app/current-workspace.ts';
import { Button } from '../../../components/button.tsx';
import { CopyButton } from '../../../components/copy.tsx';
import { useIsAdministrator } from '../administrator.ts';
import { ConfirmDialog } from '../confirm-dialog.tsx';

export type Name = Workspace['bindings'][number];

interface NamesProps {
  readonly dialect: Dialect;
  /** Those of the workspace in it. */
  readonly names: readonly Name[];
}

/** What the workspace is called in an API. */
export function Names({ dialect, names }: NamesProps) {
  const isAdministrator = useIsAdministrator();
  const [taken, setTaken] = useState<Name>();
  // Names that follow from ids stay with them.
  const given = new Set(dialect.names.map(({ kind }) => kind));
  if (dialect.source?.isName) given.add(dialect.source.kind);
  return (
    <div>
      <h4 className="small soft">Names</h4>
      <dl className="facts">
        {names.map((name) => (
          <div key={`${name.kind} ${name.externalId}`} className="fact">
            <dt>{name.kind}</dt>
            <dd className="pair">
              <code>{name.externalId}</code>
              <CopyButton text={name.externalId} what={`the ${name.kind} ${name.externalId}`} />
              {isAdministrator && given.has(name.kind) ? (
                <Button look="quiet" onClick={() => setTaken(name)}>
                  Free it<span className="only-read">: {name.externalId}</span>
                </Button>
              ) : null}
            </dd>
          </div>
        ))}
      </dl>
      {taken ? <FreeName dialect={dialect.name} name={taken} onClose={() => setTaken(undefined)} /> : null}
    </div>
  );
}

interface FreeNameProps {
  readonly dialect: Dialect['name'];
  readonly name: Name;
  readonly onClose: () => void;
}

function FreeName({ dialect, name, onClose }: FreeNameProps) {
  const workspace = useWorkspaceName();
  const queryClient = useQueryClient();
  const free = useMutation({
    mutationFn: () =>
      done(
        api.DELETE('/workspaces/{workspace}/bindings/{dialect}/{kind}/{externalId}', {
          params: { path: { workspace, ...name, dialect } },
        }),
      ),
    onSuccess: async () => {
      await queryClient.invalidateQueries({ queryKey: ['workspace', workspace] });
      await queryClient.invalidateQueries({ queryKey: ['dialects', workspace] });
      await queryClient.invalidateQueries({ queryKey: ['sources', workspace] });
      onClose();
    },
  });
  return (
    <ConfirmDialog
      title={`Free the ${name.kind} ${name.externalId}?`}
      deed="Free it"
      typed={name.externalId}
      busy={free.isPending}
      error={free.error}
      onConfirm={() => free.mutate()}
      onClose={onClose}
    >
      <p>
        Clients that use this name find this workspace no more, and are refused. Another workspace may take
        the name. Where it is an app’s, its secrets end, and it is archived.
      </p>
    </ConfirmDialog>
  );
}

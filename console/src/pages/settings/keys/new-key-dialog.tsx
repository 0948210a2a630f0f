import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { dialectsQuery } from '../../../api/dialects.ts';
import { useWorkspaceName } from '../../../app/current-workspace.ts';
import { Select, TextField } from '../../../components/field.tsx';
import { FormDialog, OnceDialog } from '../form-dialog.tsx';
import { OtherProblem, problemAt } from '../problems.tsx';
import { Secret } from '../secret.tsx';
import { issueKey, type KeyScope, type NewKey } from './queries.ts';

interface NewKeyDialogProps {
  readonly scope: KeyScope;
  readonly onClose: () => void;
}

const native = { name: 'native', title: 'Native API and console', keyRoles: ['workspace'] } as const;

/** Makes a key, and shows its secret this once. */
export function NewKeyDialog({ scope, onClose }: NewKeyDialogProps) {
  const queryClient = useQueryClient();
  const { data: dialects = [] } = useQuery(dialectsQuery(useWorkspaceName()));
  const owners = [native, ...dialects];
  const [name, setName] = useState('');
  const [chosen, setChosen] = useState<Omit<NewKey, 'name'>>({
    dialect: 'native',
    role: 'workspace',
  });
  const make = useMutation({
    mutationFn: () => issueKey(scope, { name, ...chosen }),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: ['keys', scope] }),
  });
  const owner = owners.find((one) => one.name === chosen.dialect) ?? native;
  if (make.data)
    return (
      <OnceDialog title="The key is made" onClose={onClose}>
        <Secret label={make.data.key.name} text={make.data.secret} />
        <p className="settings-note small">
          It is shown this once: what is kept of it here can’t be turned back into it. Put it where its caller
          reads it, and nowhere else.
        </p>
      </OnceDialog>
    );
  return (
    <FormDialog
      title={scope === null ? 'Make an administrator’s key' : 'Make a key'}
      deed="Make it"
      busy={make.isPending}
      onSubmit={() => make.mutate()}
      onClose={onClose}
    >
      <TextField
        label="Name"
        value={name}
        maxLength={200}
        autoComplete="off"
        hint="What or who will show it, so that it is known by its name in the list."
        onChange={({ target }) => setName(target.value)}
        problem={problemAt(make.error, 'body/name')}
      />
      {scope === null ? (
        <p className="soft small">It opens every workspace, and all that is above them.</p>
      ) : (
        <div className="inline-form">
          <Select
            label="API"
            value={owner.name}
            options={owners.map((one) => ({ value: one.name, title: one.title }))}
            onPick={(value) => {
              const picked = owners.find((one) => one.name === value) ?? native;
              setChosen({ dialect: picked.name, role: picked.keyRoles[0] ?? '' });
            }}
          />
          <Select
            label="Role"
            value={chosen.role}
            options={owner.keyRoles.map((role) => ({ value: role, title: role }))}
            onPick={(role) => setChosen({ ...chosen, role })}
          />
        </div>
      )}
      <OtherProblem error={make.error} shown={['body/name']} />
    </FormDialog>
  );
}

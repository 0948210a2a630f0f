import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { api, take } from '../../../api/client.ts';
import type { Dialect } from '../../../api/dialects.ts';
import type { paths } from '../../../api/native.d.ts';
import { useWorkspaceName } from '../../../app/current-workspace.ts';
import { Button } from '../../../components/button.tsx';
import { Select, TextField } from '../../../components/field.tsx';
import { OtherProblem, problemAt } from '../problems.tsx';
import type { Name } from './names.tsx';

/** An API in which workspaces have names of their own. */
type NamingDialect = Dialect & {
  readonly name: paths['/workspaces/{workspace}/bindings']['post']['requestBody']['content']['application/json']['dialect'];
};

export function givesNames(dialect: Dialect): dialect is NamingDialect {
  return dialect.names.length > 0;
}

interface GiveNameProps {
  readonly dialect: NamingDialect;
  readonly names: readonly Name[];
}

/** Takes over a name that clients have already, so that they need not change it. */
export function GiveName({ dialect: { name: dialect, names: kinds }, names }: GiveNameProps) {
  const workspace = useWorkspaceName();
  const queryClient = useQueryClient();
  const [kind, setKind] = useState(kinds[0]?.kind ?? '');
  const [externalId, setExternalId] = useState('');
  const belongsTo = kinds.find((one) => one.kind === kind)?.belongsTo ?? null;
  const owners = names.filter((name) => name.kind === belongsTo?.kind);
  const [owner, setOwner] = useState('');
  const chosenOwner = owners.find((one) => one.externalId === owner) ?? owners[0];
  const give = useMutation({
    mutationFn: () => {
      const owned = belongsTo && chosenOwner ? { [belongsTo.setting]: chosenOwner.externalId } : {};
      const body = { dialect, kind, externalId, ...owned };
      return take(api.POST('/workspaces/{workspace}/bindings', { params: { path: { workspace } }, body }));
    },
    onSuccess: async () => {
      setExternalId('');
      await queryClient.invalidateQueries({ queryKey: ['workspace', workspace] });
      await queryClient.invalidateQueries({ queryKey: ['dialects', workspace] });
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    give.mutate();
  };
  return (
    <form onSubmit={submit} noValidate>
      <div className="inline-form">
        {kinds.length > 1 ? (
          <Select
            label="Kind"
            value={kind}
            options={kinds.map((one) => ({ value: one.kind, title: one.kind }))}
            onPick={setKind}
          />
        ) : null}
        {owners.length > 1 && belongsTo ? (
          <Select
            label={`Of the ${belongsTo.kind}`}
            value={chosenOwner?.externalId ?? ''}
            options={owners.map((one) => ({ value: one.externalId, title: one.externalId }))}
            onPick={setOwner}
          />
        ) : null}
        <TextField
          label={`A ${kind} that clients have already`}
          value={externalId}
          maxLength={64}
          autoComplete="off"
          spellCheck={false}
          onChange={({ target }) => setExternalId(target.value)}
          problem={problemAt(give.error, 'body/externalId')}
        />
        <Button type="submit" busy={give.isPending} disabled={externalId === ''}>
          Take it over
        </Button>
      </div>
      <OtherProblem error={give.error} shown={['body/externalId']} />
    </form>
  );
}

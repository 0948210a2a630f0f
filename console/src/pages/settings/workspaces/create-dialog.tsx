import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useWorkspace } from '../../../app/current-workspace.ts';
import { Snippet } from '../../../components/copy.tsx';
import { TextField } from '../../../components/field.tsx';
import { FormDialog, OnceDialog } from '../form-dialog.tsx';
import { OtherProblem, problemAt } from '../problems.tsx';
import { createWorkspace } from './queries.ts';

const fields = ['slug', 'name', 'timezone', 'currency'].map((member) => `body/${member}`);

/** Creates a workspace, and shows its keys this once. */
export function CreateDialog({ onClose }: { readonly onClose: () => void }) {
  const { timezone, currency } = useWorkspace();
  const queryClient = useQueryClient();
  const [draft, setDraft] = useState({ slug: '', name: '', timezone, currency });
  const set = (change: Partial<typeof draft>) => setDraft({ ...draft, ...change });
  const create = useMutation({
    mutationFn: () => createWorkspace(draft),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: ['workspaces'] }),
  });
  if (create.data) return <Created {...create.data} onClose={onClose} />;
  return (
    <FormDialog
      title="Create a workspace"
      deed="Create it"
      busy={create.isPending}
      onSubmit={() => create.mutate()}
      onClose={onClose}
    >
      <TextField
        label="Slug"
        value={draft.slug}
        maxLength={64}
        autoComplete="off"
        spellCheck={false}
        hint="Its name in addresses: a-z, 0-9 and single hyphens. It can’t be changed."
        onChange={({ target }) => set({ slug: target.value })}
        problem={problemAt(create.error, 'body/slug')}
      />
      <TextField
        label="Name"
        value={draft.name}
        maxLength={200}
        placeholder={draft.slug}
        autoComplete="off"
        onChange={({ target }) => set({ name: target.value })}
        problem={problemAt(create.error, 'body/name')}
      />
      <TextField
        label="Time zone"
        value={draft.timezone}
        autoComplete="off"
        spellCheck={false}
        onChange={({ target }) => set({ timezone: target.value })}
        problem={problemAt(create.error, 'body/timezone')}
      />
      <TextField
        label="Currency"
        value={draft.currency}
        autoComplete="off"
        spellCheck={false}
        onChange={({ target }) => set({ currency: target.value.toUpperCase() })}
        problem={problemAt(create.error, 'body/currency')}
      />
      <OtherProblem error={create.error} shown={fields} />
    </FormDialog>
  );
}

type CreatedProps = Awaited<ReturnType<typeof createWorkspace>> & { readonly onClose: () => void };

function Created({ workspace, credentials, onClose }: CreatedProps) {
  return (
    <OnceDialog
      title={`${workspace.name} is made`}
      actions={
        <Link
          to="/$workspace/overview"
          params={{ workspace: workspace.slug }}
          className="button button-plain"
        >
          Go there
        </Link>
      }
      onClose={onClose}
    >
      <p className="settings-note small">
        Its keys and names, as in credentials.json. They are shown this once: keep them where their callers
        read them.
      </p>
      <Snippet title="Keys of every API" text={JSON.stringify(credentials, null, 2)} />
    </OnceDialog>
  );
}

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { dialectsQuery } from '../../../api/dialects.ts';
import { useWorkspace } from '../../../app/current-workspace.ts';
import { Dialog } from '../../../components/dialog.tsx';
import { Select, TextField } from '../../../components/field.tsx';
import { Loading } from '../../../components/states.tsx';
import { useIsAdministrator } from '../administrator.ts';
import { FormDialog, OnceDialog } from '../form-dialog.tsx';
import { OtherProblem, problemAt } from '../problems.tsx';
import { Secret } from '../secret.tsx';
import { addSource, hasSources, type SourceDialect } from './queries.ts';

/** What the secrets of a source are called, by the member of credentials.json. */
const secretTitles: Readonly<Record<string, string>> = {
  appSecret: 'App secret: its webhook’s messages are signed by it',
  verifyToken: 'Verify token: its webhook is set up by it',
};

/** Adds a list, a WhatsApp number or an integration. */
export function AddSourceDialog({ onClose }: { readonly onClose: () => void }) {
  const { slug } = useWorkspace();
  const queryClient = useQueryClient();
  const { data: dialects = [] } = useQuery(dialectsQuery(slug));
  const [added, setAdded] = useState<Readonly<Record<string, string>>>();
  const kinds = dialects.filter(hasSources);
  const onDone = async (secrets: Readonly<Record<string, string>> | null) => {
    await queryClient.invalidateQueries({ queryKey: ['sources', slug] });
    await queryClient.invalidateQueries({ queryKey: ['workspace', slug] });
    await queryClient.invalidateQueries({ queryKey: ['tracker', slug] });
    if (secrets === null) onClose();
    else setAdded(secrets);
  };
  if (added)
    return (
      <OnceDialog title="It is added" onClose={onClose}>
        {Object.entries(added).map(([name, secret]) => (
          <Secret key={name} label={secretTitles[name] ?? name} text={secret} />
        ))}
        <p className="settings-note small">
          They are shown this once. Rotate them under Keys if they are lost.
        </p>
      </OnceDialog>
    );
  if (kinds.length === 0)
    return (
      <Dialog title="Add a source" onClose={onClose}>
        <Loading />
      </Dialog>
    );
  return <SourceForm kinds={kinds} onDone={onDone} onClose={onClose} />;
}

interface SourceFormProps {
  readonly kinds: readonly SourceDialect[];
  readonly onDone: (secrets: Readonly<Record<string, string>> | null) => Promise<void>;
  readonly onClose: () => void;
}

function SourceForm({ kinds, onDone, onClose }: SourceFormProps) {
  const { slug, bindings } = useWorkspace();
  const isAdministrator = useIsAdministrator();
  const [dialect, setDialect] = useState(kinds[0]?.name);
  const [name, setName] = useState('');
  const [externalId, setExternalId] = useState('');
  const [owner, setOwner] = useState('');
  const kind = kinds.find((one) => one.name === dialect) ?? kinds[0];
  const belongsTo = kind?.source.belongsTo ?? null;
  const owners = bindings.filter((one) => one.dialect === kind?.name && one.kind === belongsTo?.kind);
  const chosenOwner = owners.find((one) => one.externalId === owner) ?? owners[0];
  const add = useMutation({
    mutationFn: async () => {
      if (!kind) throw new Error('no kind of source is chosen');
      return addSource(slug, {
        dialect: kind.name,
        name,
        ...(externalId === '' ? {} : { externalId }),
        ...(belongsTo && chosenOwner ? { settings: { [belongsTo.setting]: chosenOwner.externalId } } : {}),
      });
    },
    onSuccess: ({ secrets }) => onDone(secrets),
  });
  // An id that is a name in all of the installation is the administrator's to give; one that is left out is made.
  const mayName = isAdministrator || kind?.source.isName === false;
  return (
    <FormDialog
      title="Add a source"
      deed="Add it"
      busy={add.isPending}
      onSubmit={() => add.mutate()}
      onClose={onClose}
    >
      <Select
        label="Kind"
        value={kind?.name ?? ''}
        options={kinds.map(({ name, title, source }) => ({
          value: name,
          title: `${source.kind} of ${title}`,
        }))}
        onPick={(value) => setDialect(kinds.find((one) => one.name === value)?.name)}
      />
      <TextField
        label="Name"
        value={name}
        maxLength={200}
        autoComplete="off"
        onChange={({ target }) => setName(target.value)}
        problem={problemAt(add.error, 'body/name')}
      />
      {belongsTo ? (
        <Select
          label={`Of the ${belongsTo.kind}`}
          value={chosenOwner?.externalId ?? ''}
          options={owners.map((one) => ({ value: one.externalId, title: one.externalId }))}
          onPick={setOwner}
        />
      ) : null}
      <VendorId mayName={mayName} value={externalId} onChange={setExternalId} error={add.error} />
      <OtherProblem error={add.error} shown={['body/name', 'body/externalId']} />
    </FormDialog>
  );
}

interface VendorIdProps {
  readonly mayName: boolean;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly error: Error | null;
}

function VendorId({ mayName, value, onChange, error }: VendorIdProps) {
  if (!mayName)
    return (
      <p className="soft small">
        Its id is made here; the administrator’s key can take over one that clients have.
      </p>
    );
  return (
    <TextField
      label="Id at the vendor"
      value={value}
      maxLength={64}
      autoComplete="off"
      spellCheck={false}
      hint="That which clients use already; left empty, one is made."
      onChange={({ target }) => onChange(target.value)}
      problem={problemAt(error, 'body/externalId')}
    />
  );
}

import { useMemo, useState } from 'react';
import { Button } from '../../../components/button.tsx';
import { CheckField } from '../../../components/check-field.tsx';
import { type Column, DataTable } from '../../../components/data-table.tsx';
import { DialectTag } from '../../../components/dialect-tag.tsx';
import { Empty } from '../../../components/states.tsx';
import { Status } from '../../../components/status.tsx';
import { Time } from '../../../components/time.tsx';
import type { Key, KeyScope } from './queries.ts';
import { RevokeDialog } from './revoke-dialog.tsx';
import { RotateDialog } from './rotate-dialog.tsx';

interface KeyListProps {
  readonly scope: KeyScope;
  readonly keys: readonly Key[];
}

type Asked = { readonly deed: 'revoke' | 'rotate'; readonly key: Key } | undefined;

export function KeyList({ scope, keys }: KeyListProps) {
  const [withEnded, setWithEnded] = useState(false);
  const [asked, setAsked] = useState<Asked>();
  const columns = useMemo(() => columnsOf(setAsked), []);
  const rows = useMemo(() => keys.filter((key) => withEnded || !hasEnded(key)), [keys, withEnded]);
  return (
    <>
      <CheckField label="Show what has ended, too" checked={withEnded} onPick={setWithEnded} />
      {rows.length === 0 ? (
        <Empty title="Nothing opens anything here">Make a key, and give it to who calls an API.</Empty>
      ) : (
        <DataTable caption="Keys" columns={columns} rows={rows} rowKey={({ id }) => id} />
      )}
      {asked?.deed === 'revoke' ? (
        <RevokeDialog scope={scope} secret={asked.key} onClose={() => setAsked(undefined)} />
      ) : null}
      {asked?.deed === 'rotate' ? (
        <RotateDialog scope={scope} secret={asked.key} onClose={() => setAsked(undefined)} />
      ) : null}
    </>
  );
}

function hasEnded({ revokedAt, expiresAt }: Key): boolean {
  return revokedAt !== null || (expiresAt !== null && Date.parse(expiresAt) <= Date.now());
}

/** Sessions and tokens are made anew by who has what they were made from. */
const rotated: ReadonlySet<Key['kind']> = new Set<Key['kind']>([
  'key',
  'password',
  'service-account-key',
  'app-secret',
  'verify-token',
]);

function columnsOf(onAsk: (asked: Asked) => void): readonly Column<Key>[] {
  return [
    {
      id: 'name',
      head: 'Name',
      cell: ({ name, subject }) => (
        <>
          <span className="foreign clamped" title={name}>
            {name}
          </span>
          {subject === null ? null : <div className="small soft foreign">{subject}</div>}
        </>
      ),
      sortBy: ({ name }) => name.toLowerCase(),
    },
    {
      id: 'opens',
      head: 'Opens',
      cell: ({ dialect, role, kind }) => (
        <>
          {dialect === 'native' ? 'Native API' : <DialectTag name={dialect} />}
          <div className="small soft">
            {role} · {kind.replaceAll('-', ' ')}
          </div>
        </>
      ),
      sortBy: ({ dialect, role }) => `${dialect} ${role}`,
    },
    {
      id: 'made',
      head: 'Made',
      cell: ({ createdAt }) => <Time at={createdAt} form="short" />,
      sortBy: ({ createdAt }) => createdAt,
    },
    {
      id: 'used',
      head: 'Last used',
      cell: ({ lastUsedAt }) =>
        lastUsedAt === null ? <span className="soft">never</span> : <Time at={lastUsedAt} form="short" />,
      sortBy: ({ lastUsedAt }) => lastUsedAt ?? '',
    },
    {
      id: 'ends',
      head: 'Ends',
      cell: (key) => <End secret={key} />,
      sortBy: ({ expiresAt }) => expiresAt ?? '~',
    },
    {
      id: 'deeds',
      head: 'Change',
      cell: (key) =>
        hasEnded(key) && !rotated.has(key.kind) ? null : (
          <span className="row-actions">
            {rotated.has(key.kind) ? (
              <Button look="quiet" onClick={() => onAsk({ deed: 'rotate', key })}>
                Rotate<span className="only-read"> {key.name}</span>
              </Button>
            ) : null}
            {key.revokedAt === null ? (
              <Button look="quiet" onClick={() => onAsk({ deed: 'revoke', key })}>
                Revoke<span className="only-read"> {key.name}</span>
              </Button>
            ) : null}
          </span>
        ),
    },
  ];
}

function End({ secret }: { readonly secret: Key }) {
  const { revokedAt, expiresAt } = secret;
  if (revokedAt !== null)
    return (
      <>
        <Status mood="plain">Revoked</Status> <Time at={revokedAt} form="short" />
      </>
    );
  if (expiresAt === null) return <span className="soft">–</span>;
  return hasEnded(secret) ? (
    <>
      <Status mood="plain">Ended</Status> <Time at={expiresAt} form="short" />
    </>
  ) : (
    <Time at={expiresAt} form="short" />
  );
}

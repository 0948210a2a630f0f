import { useInfiniteQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import type { Person } from '../../api/people.ts';
import { useWorkspaceName } from '../../app/current-workspace.ts';
import { type Column, DataTable } from '../../components/data-table.tsx';
import { DialectTag } from '../../components/dialect-tag.tsx';
import { PagesFoot } from '../../components/pages-foot.tsx';
import { Empty, Failure, Loading } from '../../components/states.tsx';
import { Time } from '../../components/time.tsx';
import { type Consent, readConsents } from './queries.ts';

const acts: Readonly<Record<Consent['act'], string>> = {
  'disclaimer-read': 'The privacy notice was read',
  'consent-changed': 'A consent was given or taken back',
  'consent-restricted': 'Processing was restricted',
  'consent-objected': 'Processing was objected to',
  'data-portability-requested': 'An export was asked for',
  'forced-delete': 'It was forgotten',
};

const columns: readonly Column<Consent>[] = [
  { id: 'at', head: 'When', cell: ({ at }) => <Time at={at} /> },
  { id: 'api', head: 'API', cell: ({ dialect }) => (dialect === null ? '' : <DialectTag name={dialect} />) },
  { id: 'act', head: 'What', cell: ({ act }) => acts[act] },
  {
    id: 'property',
    head: 'Of',
    cell: ({ property }) => <span className="foreign">{property ?? 'all that is kept'}</span>,
  },
  {
    id: 'value',
    head: 'Value',
    cell: ({ property, value }) => (
      <span className="foreign">{value ?? (property === null ? '' : 'none any more')}</span>
    ),
  },
];

/** What somebody agreed to and when, newest first. */
export function Consents({ person }: { readonly person: Person }) {
  const workspace = useWorkspaceName();
  const log = useInfiniteQuery({
    queryKey: ['person', workspace, person.id, 'consents'],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam }) => readConsents(workspace, person.id, pageParam),
    getNextPageParam: ({ next }) => next ?? undefined,
  });
  const rows = useMemo(() => log.data?.pages.flatMap(({ consents }) => consents) ?? [], [log.data]);
  if (log.isPending) return <Loading />;
  if (log.error && rows.length === 0) return <Failure error={log.error} retry={() => void log.refetch()} />;
  if (rows.length === 0)
    return (
      <Empty title="No consent was told of">
        Each change of a consent that an API takes in is kept here, with the time and whose key said so.
      </Empty>
    );
  return (
    <DataTable
      caption="Consents, newest first"
      columns={columns}
      rows={rows}
      rowKey={({ id }) => String(id)}
      foot={<PagesFoot pages={log} count={rows.length} noun="change" />}
    />
  );
}

import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useWorkspaceName } from '../../../app/current-workspace.ts';
import { Button } from '../../../components/button.tsx';
import { type Column, DataTable } from '../../../components/data-table.tsx';
import { DialectTag } from '../../../components/dialect-tag.tsx';
import { Empty, Loaded } from '../../../components/states.tsx';
import { Status } from '../../../components/status.tsx';
import { Time } from '../../../components/time.tsx';
import { SectionHead } from '../section-head.tsx';
import { AddSourceDialog } from './add-source-dialog.tsx';
import { type Source, sourcesQuery } from './queries.ts';

const columns: readonly Column<Source>[] = [
  {
    id: 'name',
    head: 'Name',
    cell: ({ name }) => (
      <span className="foreign clamped" title={name}>
        {name}
      </span>
    ),
    sortBy: ({ name }) => name.toLowerCase(),
  },
  {
    id: 'api',
    head: 'API',
    cell: ({ dialect }) => <DialectTag name={dialect} />,
    sortBy: ({ dialect }) => dialect,
  },
  { id: 'kind', head: 'Kind', cell: ({ kind }) => kind, sortBy: ({ kind }) => kind },
  {
    id: 'id',
    head: 'Id',
    cell: ({ externalId }) => <code className="foreign">{externalId}</code>,
    sortBy: ({ externalId }) => externalId,
  },
  {
    id: 'made',
    head: 'Made',
    cell: ({ createdAt }) => <Time at={createdAt} form="short" />,
    sortBy: ({ createdAt }) => createdAt,
  },
  {
    id: 'state',
    head: 'State',
    cell: ({ archivedAt }) =>
      archivedAt === null ? (
        <Status mood="good">In use</Status>
      ) : (
        <>
          <Status mood="plain">Archived</Status> <Time at={archivedAt} form="short" />
        </>
      ),
    sortBy: ({ archivedAt }) => archivedAt ?? '',
  },
];

export function SourcesSection() {
  const sources = useQuery(sourcesQuery(useWorkspaceName()));
  const [isAdding, setAdding] = useState(false);
  return (
    <>
      <SectionHead
        title="Sources and lists"
        actions={
          <Button look="primary" onClick={() => setAdding(true)}>
            Add one
          </Button>
        }
      >
        By what events come in: lists of Octeth, WhatsApp numbers of Signals, integrations of Webmarketer,
        sources of Contacthub.
      </SectionHead>
      <Loaded query={sources}>
        {(found) =>
          found.length === 0 ? (
            <Empty title="There is no source yet">Add a list, a WhatsApp number or an integration.</Empty>
          ) : (
            <DataTable caption="Sources" columns={columns} rows={found} rowKey={({ id }) => id} />
          )
        }
      </Loaded>
      {isAdding ? <AddSourceDialog onClose={() => setAdding(false)} /> : null}
    </>
  );
}

import { useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { useWorkspaceName } from '../../../app/current-workspace.ts';
import { Button } from '../../../components/button.tsx';
import { type Column, DataTable } from '../../../components/data-table.tsx';
import { DialectTag } from '../../../components/dialect-tag.tsx';
import { Empty, Loaded } from '../../../components/states.tsx';
import { Status } from '../../../components/status.tsx';
import { Time } from '../../../components/time.tsx';
import { SectionHead } from '../section-head.tsx';
import { AddSourceDialog } from './add-source-dialog.tsx';
import { ArchiveDialog } from './archive-dialog.tsx';
import { type Source, sourcesQuery } from './queries.ts';
import { RenameDialog } from './rename-dialog.tsx';

type Asked =
  | { readonly deed: 'add' }
  | { readonly deed: 'rename' | 'archive'; readonly source: Source }
  | undefined;

const columns: readonly Column<Source>[] = [
  {
    id: 'name',
    head: 'Name and id',
    cell: ({ name, externalId }) => (
      <>
        <span className="foreign clamped" title={name}>
          {name}
        </span>
        <div className="small soft">
          <code className="foreign clamped" title={externalId}>
            {externalId}
          </code>
        </div>
      </>
    ),
    sortBy: ({ name }) => name.toLowerCase(),
  },
  {
    id: 'api',
    head: 'API',
    cell: ({ dialect, kind }) => (
      <>
        <DialectTag name={dialect} />
        <div className="small soft">{kind}</div>
      </>
    ),
    sortBy: ({ dialect }) => dialect,
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
  const [asked, setAsked] = useState<Asked>();
  const shown = useMemo(() => [...columns, deedsOf(setAsked)], []);
  const close = () => setAsked(undefined);
  return (
    <>
      <SectionHead
        title="Sources and lists"
        actions={
          <Button look="primary" onClick={() => setAsked({ deed: 'add' })}>
            Add one
          </Button>
        }
      >
        By what events come in: lists of Octeth, WhatsApp numbers of Signals, integrations of Webmarketer,
        sources of Contacthub. By one that is archived nothing does; what did stays.
      </SectionHead>
      <Loaded query={sources}>
        {(found) =>
          found.length === 0 ? (
            <Empty title="There is no source yet">Add a list, a WhatsApp number or an integration.</Empty>
          ) : (
            <DataTable caption="Sources" columns={shown} rows={found} rowKey={({ id }) => id} />
          )
        }
      </Loaded>
      {asked?.deed === 'add' ? <AddSourceDialog onClose={close} /> : null}
      {asked?.deed === 'rename' ? <RenameDialog source={asked.source} onClose={close} /> : null}
      {asked?.deed === 'archive' ? <ArchiveDialog source={asked.source} onClose={close} /> : null}
    </>
  );
}

function deedsOf(onAsk: (asked: Asked) => void): Column<Source> {
  return {
    id: 'deeds',
    head: 'Change',
    cell: (source) => (
      <span className="row-actions">
        <Button look="quiet" onClick={() => onAsk({ deed: 'rename', source })}>
          Rename<span className="only-read"> {source.name}</span>
        </Button>
        <Button look="quiet" onClick={() => onAsk({ deed: 'archive', source })}>
          {source.archivedAt === null ? 'Archive' : 'Take back'}
          <span className="only-read"> {source.name}</span>
        </Button>
      </span>
    ),
  };
}

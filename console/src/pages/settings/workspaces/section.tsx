import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import { type Workspace, workspacesQuery } from '../../../api/workspaces.ts';
import { Button } from '../../../components/button.tsx';
import { type Column, DataTable } from '../../../components/data-table.tsx';
import { Empty, Loaded } from '../../../components/states.tsx';
import { Status } from '../../../components/status.tsx';
import { Time } from '../../../components/time.tsx';
import { useIsAdministrator } from '../administrator.ts';
import { SectionHead } from '../section-head.tsx';
import { CreateDialog } from './create-dialog.tsx';
import { DeleteDialog } from './delete-dialog.tsx';

type Listed = Omit<Workspace, 'bindings'>;

const words = {
  enabled: 'Enabled',
  suspended: 'Suspended',
  disabled: 'Disabled',
  importing: 'Being imported',
  deleting: 'Being deleted',
} as const;
const moods = {
  enabled: 'good',
  suspended: 'warn',
  disabled: 'bad',
  importing: 'warn',
  deleting: 'bad',
} as const;

export function WorkspacesSection() {
  const isAdministrator = useIsAdministrator();
  const workspaces = useQuery(workspacesQuery);
  const [isCreating, setCreating] = useState(false);
  const [ended, setEnded] = useState<Listed>();
  const columns = useMemo(() => columnsOf(setEnded), []);
  if (!isAdministrator)
    return (
      <>
        <SectionHead title="Workspaces">All workspaces of this server.</SectionHead>
        <Empty title="This is above workspaces">It takes the administrator’s key: sign in with it.</Empty>
      </>
    );
  return (
    <>
      <SectionHead
        title="Workspaces"
        actions={
          <Button look="primary" onClick={() => setCreating(true)}>
            Create a workspace
          </Button>
        }
      >
        All workspaces of this server. None sees another’s people, events or keys.
      </SectionHead>
      <Loaded query={workspaces}>
        {(found) => <DataTable caption="Workspaces" columns={columns} rows={found} rowKey={({ id }) => id} />}
      </Loaded>
      {isCreating ? <CreateDialog onClose={() => setCreating(false)} /> : null}
      {ended ? <DeleteDialog workspace={ended} onClose={() => setEnded(undefined)} /> : null}
    </>
  );
}

function columnsOf(onDelete: (workspace: Listed) => void): readonly Column<Listed>[] {
  return [
    {
      id: 'name',
      head: 'Workspace',
      cell: ({ name, slug }) => (
        <>
          <Link
            to="/$workspace/settings/workspace"
            params={{ workspace: slug }}
            className="foreign clamped"
            title={name}
          >
            {name}
          </Link>
          <div className="small soft">{slug}</div>
        </>
      ),
      sortBy: ({ name }) => name.toLowerCase(),
    },
    { id: 'zone', head: 'Time zone', cell: ({ timezone }) => timezone, sortBy: ({ timezone }) => timezone },
    {
      id: 'currency',
      head: 'Currency',
      cell: ({ currency }) => currency,
      sortBy: ({ currency }) => currency,
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
      cell: ({ status }) => <Status mood={moods[status]}>{words[status]}</Status>,
      sortBy: ({ status }) => status,
    },
    {
      id: 'deeds',
      head: 'Change',
      cell: (workspace) => (
        <Button look="quiet" onClick={() => onDelete(workspace)}>
          Delete<span className="only-read"> {workspace.slug}</span>
        </Button>
      ),
    },
  ];
}

import { useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { useWorkspaceName } from '../../../app/current-workspace.ts';
import { Button } from '../../../components/button.tsx';
import { type Column, DataTable } from '../../../components/data-table.tsx';
import { DialectTag } from '../../../components/dialect-tag.tsx';
import { Loaded } from '../../../components/states.tsx';
import { Time } from '../../../components/time.tsx';
import { OpenJobs } from '../open-jobs.tsx';
import { SectionHead } from '../section-head.tsx';
import { EndNodeDialog } from './end-node-dialog.tsx';
import { NodeDialog } from './node-dialog.tsx';
import { type Node, nodesQuery, ruleOf } from './queries.ts';

const kinds = [
  'contacthub-reindex',
  'contacthub-empty-node',
  'contacthub-aggregate',
  'contacthub-aggregate-removal',
];

type Asked = { readonly deed: 'change' | 'end'; readonly node: Node } | { readonly deed: 'make' } | undefined;

export function NodesSection() {
  const nodes = useQuery(nodesQuery(useWorkspaceName()));
  const [asked, setAsked] = useState<Asked>();
  const columns = useMemo(() => columnsOf(setAsked), []);
  const close = () => setAsked(undefined);
  return (
    <>
      <SectionHead
        title="Nodes"
        actions={
          <Button look="primary" onClick={() => setAsked({ deed: 'make' })}>
            Make a node
          </Button>
        }
      >
        Where the profiles of an API live, and by what they are found again there. Contacthub’s customers live
        in entry nodes of their own rules; an aggregate node is made of others.
      </SectionHead>
      <OpenJobs kinds={kinds} />
      <Loaded query={nodes}>
        {(found) => <DataTable caption="Nodes" columns={columns} rows={found} rowKey={({ id }) => id} />}
      </Loaded>
      {asked?.deed === 'make' ? <NodeDialog onClose={close} /> : null}
      {asked?.deed === 'change' ? <NodeDialog node={asked.node} onClose={close} /> : null}
      {asked?.deed === 'end' ? <EndNodeDialog node={asked.node} onClose={close} /> : null}
    </>
  );
}

function columnsOf(onAsk: (asked: Asked) => void): readonly Column<Node>[] {
  return [
    {
      id: 'name',
      head: 'Name',
      cell: ({ name, isDefault }) => (
        <>
          <span className="foreign clamped" title={name}>
            {name}
          </span>
          {isDefault ? <div className="small soft">the usual one</div> : null}
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
    { id: 'rule', head: 'Found again by', cell: (node) => <FoundBy node={node} /> },
    {
      id: 'made',
      head: 'Made',
      cell: ({ createdAt }) => <Time at={createdAt} form="short" />,
      sortBy: ({ createdAt }) => createdAt,
    },
    {
      id: 'deeds',
      head: 'Change',
      cell: (node) =>
        isEntryOfContacthub(node) ? (
          <span className="row-actions">
            <Button look="quiet" onClick={() => onAsk({ deed: 'change', node })}>
              Change<span className="only-read"> {node.name}</span>
            </Button>
            <Button look="quiet" onClick={() => onAsk({ deed: 'end', node })}>
              Empty or delete<span className="only-read"> {node.name}</span>
            </Button>
          </span>
        ) : null,
    },
  ];
}

function isEntryOfContacthub({ dialect, kind }: Node): boolean {
  return dialect === 'contacthub' && kind === 'entry';
}

function FoundBy({ node }: { readonly node: Node }) {
  if (node.kind === 'aggregate') return <span className="soft">what it is made of</span>;
  if (!isEntryOfContacthub(node)) return <span className="soft">its vendor’s own rule</span>;
  const { uniquenessPolicy, uniqueCustomer } = ruleOf(node);
  if (uniquenessPolicy === 'NO_CHECK') return <span className="soft">nothing: each is another</span>;
  return (
    <>
      <code className="foreign">{uniqueCustomer.properties.join(', ')}</code>
      <div className="small soft">
        {uniquenessPolicy === 'MERGE' ? 'who comes again is written to' : 'who comes again is refused'}
      </div>
    </>
  );
}

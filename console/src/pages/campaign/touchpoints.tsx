import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useMemo } from 'react';
import { usePersonTitles } from '../../api/attribution.ts';
import { useWorkspaceName } from '../../app/current-workspace.ts';
import { type Column, DataTable } from '../../components/data-table.tsx';
import { PagesFoot } from '../../components/pages-foot.tsx';
import { Empty, Failure, Loading } from '../../components/states.tsx';
import { Time } from '../../components/time.tsx';
import { type Touchpoint, touchpointsQuery } from './queries.ts';

/** Who came by the campaign last. */
export function Touchpoints({ campaignKey }: { readonly campaignKey: string }) {
  const found = useInfiniteQuery(touchpointsQuery(useWorkspaceName(), campaignKey));
  const touchpoints = useMemo(
    () => found.data?.pages.flatMap((page) => page.touchpoints) ?? [],
    [found.data],
  );
  return (
    <section className="part-of-campaign" aria-labelledby="touchpoints">
      <h2 id="touchpoints">Newest touchpoints</h2>
      {found.isPending ? (
        <Loading />
      ) : found.error && touchpoints.length === 0 ? (
        <Failure error={found.error} retry={() => void found.refetch()} />
      ) : touchpoints.length === 0 ? (
        <Empty title="Nobody has come by it yet">
          A visit counts for it when its address names it; a click on one of its ads as soon as a message
          tells of it.
        </Empty>
      ) : (
        <TouchpointsTable
          touchpoints={touchpoints}
          foot={<PagesFoot pages={found} count={touchpoints.length} noun="touchpoint" />}
        />
      )}
    </section>
  );
}

interface TouchpointsTableProps {
  readonly touchpoints: readonly Touchpoint[];
  readonly foot: React.ReactNode;
}

function TouchpointsTable({ touchpoints, foot }: TouchpointsTableProps) {
  const workspace = useWorkspaceName();
  const titleOf = usePersonTitles(touchpoints.flatMap(({ personId }) => personId ?? []));
  const columns = useMemo(
    (): readonly Column<Touchpoint>[] => [
      { id: 'at', head: 'When', cell: ({ at }) => <Time at={at} /> },
      {
        id: 'person',
        head: 'Person',
        cell: ({ personId }) =>
          personId === null ? (
            <span className="soft">gone</span>
          ) : (
            <Link
              to="/$workspace/people/$person"
              params={{ workspace, person: personId }}
              className="foreign group-name"
            >
              {titleOf(personId)}
            </Link>
          ),
      },
      { id: 'channel', head: 'Channel', cell: ({ channel }) => channel },
      { id: 'where', head: 'Where', cell: ({ adId, detail }) => <Where adId={adId} detail={detail} /> },
    ],
    [titleOf, workspace],
  );
  return (
    <DataTable
      caption="Its touchpoints, newest first"
      columns={columns}
      rows={touchpoints}
      rowKey={({ id }) => id}
      foot={foot}
    />
  );
}

function Where({ adId, detail }: Pick<Touchpoint, 'adId' | 'detail'>) {
  const page = detail?.page;
  if (typeof page === 'string') return <span className="foreign page-address">{page}</span>;
  return adId === null ? null : <span className="foreign">ad {adId}</span>;
}

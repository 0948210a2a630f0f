import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { useWorkspaceName } from '../../app/current-workspace.ts';
import { Credit, formatMoney, formatSeconds, formatShare } from '../../components/attribution/amounts.tsx';
import type { Grouping } from '../../components/attribution/asked.ts';
import { Path } from '../../components/attribution/path.tsx';
import type { Asked } from '../../components/attribution/use-asked.ts';
import { Button } from '../../components/button.tsx';
import { type Column, DataTable, type SumRow } from '../../components/data-table.tsx';
import { countOf } from '../../components/number.ts';
import { Empty, Failure, Loading } from '../../components/states.tsx';
import type { OnChange } from './page.tsx';
import { type Paths, pathsQuery } from './queries.ts';
import type { CampaignsSearch } from './route.ts';

interface PathsBeforeProps {
  readonly asked: Asked;
  readonly search: CampaignsSearch;
  readonly onChange: OnChange;
}

type PathRow = Paths['paths'][number];

/** How many are shown, and how many next. */
const more = new Map<number, 50 | 200>([
  [20, 50],
  [50, 200],
]);

/** The most frequent ways to a conversion. */
export function PathsBefore({ asked, search, onChange }: PathsBeforeProps) {
  const { by = 'campaign', paths: limit = 20, sort } = search;
  const query = useQuery(pathsQuery(useWorkspaceName(), asked, by, limit));
  const { data } = query;
  const columns = useMemo(() => (data ? columnsOf(data) : []), [data]);
  const sums = useMemo(() => (data ? sumsOf(data) : []), [data]);
  if (query.error && (data === undefined || query.isPlaceholderData))
    return <Failure error={query.error} retry={() => void query.refetch()} />;
  if (data === undefined) return <Loading label="Looking back from each conversion …" />;
  if (data.paths.length === 0)
    return (
      <Empty title="Nothing converted in these days">
        A path is what touched somebody before a conversion. Choose a longer span, or look at what counts,
        under Rules.
      </Empty>
    );
  const next = more.get(limit);
  return (
    <div className="results" aria-busy={query.isPlaceholderData || undefined}>
      <DataTable
        caption="The most frequent paths before a conversion"
        columns={columns}
        rows={data.paths}
        rowKey={({ path }) => JSON.stringify(path.map(({ key }) => key))}
        sums={sums}
        sort={sort}
        onSort={(picked) => onChange({ sort: picked })}
      />
      {next !== undefined && data.pathCount > data.paths.length ? (
        <p>
          <Button onClick={() => onChange({ paths: next })} busy={query.isPlaceholderData}>
            Show more paths
          </Button>
        </p>
      ) : null}
      <p className="notes small soft">
        Time is from the first touch that counts to the conversion. Of all models the paths are the same.
      </p>
    </div>
  );
}

function columnsOf({ parameters, total }: Paths): readonly Column<PathRow>[] {
  const grouping: Grouping = parameters.groupBy;
  return [
    {
      id: 'path',
      head: 'Path',
      cell: ({ path }) => <Path steps={path} grouping={grouping} />,
      sortBy: ({ path }) => path.length,
    },
    {
      id: 'conversions',
      head: 'Conversions',
      cell: ({ conversions }) => <Credit conversions={conversions} />,
      sortBy: ({ conversions }) => conversions,
      isNumber: true,
    },
    {
      id: 'share',
      head: 'Share',
      cell: ({ conversions }) => formatShare(conversions / total.conversions),
      isNumber: true,
    },
    ...(parameters.metric === null
      ? []
      : [
          {
            id: 'value',
            head: 'Value',
            cell: ({ value }: PathRow) => value && formatMoney(value),
            sortBy: ({ value }: PathRow) => value?.amount ?? 0,
            isNumber: true,
          },
        ]),
    {
      id: 'median',
      head: 'Median time',
      cell: ({ medianSeconds }) => (medianSeconds === null ? '' : formatSeconds(medianSeconds)),
      sortBy: ({ medianSeconds }) => medianSeconds ?? -1,
      isNumber: true,
    },
    {
      id: 'mean',
      head: 'Mean time',
      cell: ({ meanSeconds }) => (meanSeconds === null ? '' : formatSeconds(meanSeconds)),
      sortBy: ({ meanSeconds }) => meanSeconds ?? -1,
      isNumber: true,
    },
  ];
}

function sumsOf({ pathCount, paths, total }: Paths): SumRow[] {
  const hidden = pathCount - paths.length;
  return [
    {
      id: 'total',
      head: (
        <>
          {countOf(pathCount, 'path')}{' '}
          {hidden > 0 ? (
            <span className="small soft">of which the first {paths.length} are shown</span>
          ) : null}
        </>
      ),
      cells: {
        conversions: <Credit conversions={total.conversions} />,
        value: total.value && formatMoney(total.value),
      },
    },
  ];
}

import { useQuery } from '@tanstack/react-query';
import { useWorkspaceName } from '../../app/current-workspace.ts';
import { formatMoney } from '../../components/attribution/amounts.tsx';
import { type Column, DataTable } from '../../components/data-table.tsx';
import { Loaded } from '../../components/states.tsx';
import { Time } from '../../components/time.tsx';
import { type Outlay, outlaysQuery } from './queries.ts';

const columns: readonly Column<Outlay>[] = [
  {
    id: 'from',
    head: 'From',
    cell: ({ startsAt }) => <Time at={startsAt} form="short" />,
    sortBy: ({ startsAt }) => startsAt,
  },
  {
    id: 'to',
    head: 'Up to',
    cell: ({ endsAt }) => <Time at={endsAt} form="short" />,
    sortBy: ({ endsAt }) => endsAt,
  },
  {
    id: 'where',
    head: 'Where',
    cell: ({ country, region }) => (
      <span className="foreign">{[region, country].filter((text) => text !== null).join(', ')}</span>
    ),
    sortBy: ({ country }) => country ?? '',
  },
  {
    id: 'amount',
    head: 'Amount',
    cell: ({ amount, currency }) => formatMoney({ amount, currency }),
    sortBy: ({ amount }) => amount,
    isNumber: true,
  },
];

/** What was spent on the campaign, whenever that was. */
export function Outlays({ campaignId }: { readonly campaignId: string }) {
  const outlays = useQuery(outlaysQuery(useWorkspaceName(), campaignId));
  return (
    <section className="part-of-campaign" aria-labelledby="outlays">
      <h2 id="outlays">Outlays</h2>
      <Loaded query={outlays}>
        {(found) =>
          found.length === 0 ? (
            <p className="soft">
              None is known: its API takes them, as <code>POST …/campaigns/{'{campaignId}'}/outlays</code>.
            </p>
          ) : (
            <DataTable caption="Its outlays" columns={columns} rows={found} rowKey={({ id }) => id} />
          )
        }
      </Loaded>
    </section>
  );
}

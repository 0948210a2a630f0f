import { useQuery } from '@tanstack/react-query';
import { useWorkspaceName } from '../../app/current-workspace.ts';
import { formatMoney } from '../../components/attribution/amounts.tsx';
import { addDays, type Span } from '../../components/attribution/asked.ts';
import { type Column, DataTable } from '../../components/data-table.tsx';
import { formatCount } from '../../components/number.ts';
import { Empty, Loaded } from '../../components/states.tsx';
import { type Ad, adsQuery } from './queries.ts';

/** Leads the key of an ad of no known campaign. */
const lonelyAd = 'ad:';

const columns: readonly Column<Ad>[] = [
  {
    id: 'name',
    head: 'Ad',
    cell: ({ id, name }) => (
      <>
        <span className="foreign group-name">{name ?? id}</span>
        {name === null ? null : <span className="small soft ad-id">{id}</span>}
      </>
    ),
    sortBy: ({ id, name }) => name ?? id,
  },
  {
    id: 'set',
    head: 'Ad set',
    cell: ({ adSet }) => <span className="foreign">{adSet ? (adSet.name ?? adSet.id) : ''}</span>,
    sortBy: ({ adSet }) => adSet?.name ?? '',
  },
  {
    id: 'status',
    head: 'Status',
    cell: ({ status }) => status.toLowerCase(),
    sortBy: ({ status }) => status,
  },
  {
    id: 'impressions',
    head: 'Impressions',
    cell: ({ impressions }) => formatCount(impressions),
    sortBy: ({ impressions }) => impressions,
    isNumber: true,
  },
  {
    id: 'clicks',
    head: 'Clicks',
    cell: ({ clicks }) => formatCount(clicks),
    sortBy: ({ clicks }) => clicks,
    isNumber: true,
  },
  {
    id: 'spend',
    head: 'Spend',
    cell: ({ spend, adAccount }) => formatMoney({ amount: spend, currency: adAccount?.currency ?? null }),
    sortBy: ({ spend }) => spend,
    isNumber: true,
  },
];

interface AdsProps {
  readonly campaignKey: string;
  readonly span: Span;
}

/** The ads that an advertising platform runs for the campaign, with its own numbers. */
export function Ads({ campaignKey, span }: AdsProps) {
  const which = campaignKey.startsWith(lonelyAd)
    ? { ad: campaignKey.slice(lonelyAd.length) }
    : { campaign: campaignKey };
  const ads = useQuery(adsQuery(useWorkspaceName(), which, span));
  return (
    <section className="part-of-campaign" aria-labelledby="ads">
      <h2 id="ads">Ads</h2>
      <Loaded query={ads}>
        {(found) =>
          found.length === 0 ? (
            <Empty title="No ad is known">They come with the ad account’s next refresh, or by hand.</Empty>
          ) : (
            <>
              <DataTable caption="Its ads" columns={columns} rows={found} rowKey={({ id }) => id} />
              <p className="small soft">
                As the platform tells of {span.since} to {addDays(span.until, -1)}, in the days and the
                currency of the ad account.
              </p>
            </>
          )
        }
      </Loaded>
    </section>
  );
}

import { Link } from '@tanstack/react-router';
import { useWorkspaceName } from '../../app/current-workspace.ts';
import { Credit, formatFactor, formatMoney } from '../../components/attribution/amounts.tsx';
import {
  type AskedSearch,
  askedIn,
  type Grouping,
  groupings,
  isWhole,
} from '../../components/attribution/asked.ts';
import { nameOf } from '../../components/attribution/path.tsx';
import { type Column, numberColumn, type SumRow } from '../../components/data-table.tsx';
import { DialectTag } from '../../components/dialect-tag.tsx';
import type { KnownCampaign, Report, ReportRow } from './queries.ts';
import type { CampaignsSearch } from './route.ts';

/** Credit that is dated otherwise, or handed out to all together, is no sum over conversions of the days. */
function isOfConversions({ dateOf, model }: Report['parameters']): boolean {
  return dateOf === 'conversion' && !isWhole(model);
}

export function columnsOf(
  { parameters }: Report,
  search: CampaignsSearch,
  known: ReadonlyMap<string, KnownCampaign> | undefined,
): readonly Column<ReportRow>[] {
  const { groupBy } = parameters;
  const campaignOf = ({ key }: ReportRow) => known?.get(key ?? '');
  return [
    {
      id: 'name',
      head: groupings.find(({ value }) => value === groupBy)?.title ?? groupBy,
      cell: (row) => <Name row={row} groupBy={groupBy} search={search} campaign={campaignOf(row)} />,
      sortBy: (row) => nameOf(row, groupBy).toLowerCase(),
    },
    ...(groupBy === 'campaign' ? [apiColumn(campaignOf)] : []),
    numberColumn('touches', 'Touches', ({ touches }) => touches),
    numberColumn('people', 'People', ({ people }) => people),
    numberColumn(
      'conversions',
      'Conversions',
      ({ conversions }) => conversions,
      ({ key, conversions }) =>
        isOfConversions(parameters) && conversions > 0 ? (
          <ToConversions search={search} group={key ?? ''} conversions={conversions} />
        ) : (
          <Credit conversions={conversions} />
        ),
    ),
    ...moneyColumns(parameters),
  ];
}

function apiColumn(campaignOf: (row: ReportRow) => KnownCampaign | undefined): Column<ReportRow> {
  const dialectOf = (row: ReportRow) => campaignOf(row)?.dialect;
  return {
    id: 'api',
    head: 'API',
    cell: (row) => {
      const dialect = dialectOf(row);
      return dialect === undefined ? null : <DialectTag name={dialect} />;
    },
    sortBy: (row) => dialectOf(row) ?? '',
  };
}

/** What is not known stands below all that is. */
function moneyColumns({ metric, currency }: Report['parameters']): Column<ReportRow>[] {
  const value = numberColumn<ReportRow>(
    'value',
    'Value',
    (row) => row.value?.amount ?? 0,
    (row) => row.value && formatMoney(row.value),
  );
  return [
    ...(metric === null ? [] : [value]),
    numberColumn(
      'spend',
      'Spend',
      ({ spend }) => spend?.amount ?? -1,
      (row) => <Spend row={row} />,
    ),
    numberColumn(
      'cpa',
      'CPA',
      ({ cpa }) => cpa ?? -1,
      ({ cpa }) => (cpa === null ? <None /> : formatMoney({ amount: cpa, currency })),
    ),
    numberColumn(
      'roas',
      'ROAS',
      ({ roas }) => roas ?? -1,
      ({ roas }) => (roas === null ? <None /> : formatFactor(roas)),
    ),
  ];
}

function None() {
  return (
    <span className="soft">
      <span aria-hidden="true">–</span>
      <span className="only-read">not known</span>
    </span>
  );
}

interface NameProps {
  readonly row: ReportRow;
  readonly groupBy: Grouping;
  readonly search: AskedSearch;
  readonly campaign: KnownCampaign | undefined;
}

function Name({ row, groupBy, search, campaign }: NameProps) {
  const workspace = useWorkspaceName();
  const name = nameOf(row, groupBy);
  const { key } = row;
  if (groupBy === 'api' && key !== null) return <DialectTag name={key} />;
  if (groupBy !== 'campaign' || key === null) return <span className="foreign group-name">{name}</span>;
  return (
    <>
      <Link
        to="/$workspace/campaigns/$campaign"
        params={{ workspace, campaign: key }}
        search={askedIn({ ...search })}
        className="foreign group-name"
      >
        {name}
      </Link>
      {campaign?.owner ? (
        <span className="small soft foreign beneath">{campaign.owner.name ?? campaign.owner.id}</span>
      ) : null}
    </>
  );
}

interface ToConversionsProps {
  readonly search: CampaignsSearch;
  readonly group: string | undefined;
  readonly conversions: number;
}

/** A number of conversions leads to them. */
function ToConversions({ search, group, conversions }: ToConversionsProps) {
  const which = group === undefined ? { unattributed: true as const } : { group };
  const { sort: _sort, idle: _idle, ...asked } = search;
  return (
    <Link
      from="/$workspace/campaigns"
      to="/$workspace/campaigns"
      search={{ ...asked, side: 'conversions', ...which }}
    >
      <Credit conversions={conversions} />
    </Link>
  );
}

function Spend({ row: { spend, spendUnconverted } }: { readonly row: ReportRow }) {
  if (spend === null) return <None />;
  return (
    <>
      {formatMoney(spend)}
      {spendUnconverted.map((money) => (
        <span key={money.currency} className="small soft unconverted">
          and {formatMoney(money)}
        </span>
      ))}
    </>
  );
}

/** What no touch led to, and all together: with the rows above to the smallest unit. */
export function sumsOf({ rows, unattributed, total, parameters }: Report, search: CampaignsSearch): SumRow[] {
  const isWholeSpend = rows.every(({ spendUnconverted }) => spendUnconverted.length === 0);
  const { spend, value, conversions } = total;
  const isComparable = spend !== null && isWholeSpend && spend.amount > 0;
  return [
    {
      id: 'unattributed',
      head: (
        <>
          Unattributed <span className="small soft beneath">no touch counts before it</span>
        </>
      ),
      cells: {
        conversions:
          isOfConversions(parameters) && unattributed.conversions > 0 ? (
            <ToConversions search={search} group={undefined} conversions={unattributed.conversions} />
          ) : (
            <Credit conversions={unattributed.conversions} />
          ),
        value: unattributed.value && formatMoney(unattributed.value),
      },
    },
    {
      id: 'total',
      head: 'Total',
      cells: {
        conversions: <Credit conversions={conversions} />,
        value: value && formatMoney(value),
        spend: spend ? formatMoney(spend) : <None />,
        cpa:
          isComparable && conversions > 0
            ? formatMoney({
                amount: Math.round((spend.amount / conversions) * 100) / 100,
                currency: spend.currency,
              })
            : null,
        roas:
          isComparable && value?.currency === spend.currency
            ? formatFactor(value.amount / spend.amount)
            : null,
      },
    },
  ];
}

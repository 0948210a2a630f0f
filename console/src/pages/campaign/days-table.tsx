import { useMemo } from 'react';
import { Credit, formatFactor, formatMoney } from '../../components/attribution/amounts.tsx';
import { type Column, DataTable, numberColumn, type SumRow } from '../../components/data-table.tsx';
import { formatCount } from '../../components/number.ts';
import type { CampaignDay, CampaignDays } from './queries.ts';

/** Each day of which something is known, newest first, and what they come to. */
export function DaysTable({ days: { days, total, parameters } }: { readonly days: CampaignDays }) {
  const { metric, currency } = parameters;
  const rows = useMemo(() => days.toReversed(), [days]);
  const columns = useMemo(() => columnsOf(metric !== null, currency), [metric, currency]);
  return (
    <DataTable
      caption="Its days, newest first"
      columns={columns}
      rows={rows}
      rowKey={({ day }) => day}
      sums={[sumOf(total)]}
    />
  );
}

/** What is not known stands below all that is. */
function columnsOf(hasValue: boolean, currency: string): readonly Column<CampaignDay>[] {
  const value = numberColumn<CampaignDay>(
    'value',
    'Value',
    (day) => day.value?.amount ?? 0,
    (day) => day.value && formatMoney(day.value),
  );
  return [
    { id: 'day', head: 'Day', cell: ({ day }) => <DayName day={day} />, sortBy: ({ day }) => day },
    numberColumn('touchpoints', 'Touchpoints', ({ touchpoints }) => touchpoints),
    numberColumn('touches', 'On paths', ({ touches }) => touches),
    numberColumn(
      'conversions',
      'Conversions',
      ({ conversions }) => conversions,
      ({ conversions }) => <Credit conversions={conversions} />,
    ),
    ...(hasValue ? [value] : []),
    numberColumn(
      'spend',
      'Spend',
      ({ spend }) => spend?.amount ?? -1,
      ({ spend }) => spend && formatMoney(spend),
    ),
    numberColumn(
      'cpa',
      'CPA',
      ({ cpa }) => cpa ?? -1,
      ({ cpa }) => (cpa === null ? null : formatMoney({ amount: cpa, currency })),
    ),
    numberColumn(
      'roas',
      'ROAS',
      ({ roas }) => roas ?? -1,
      ({ roas }) => (roas === null ? null : formatFactor(roas)),
    ),
  ];
}

function sumOf({ touchpoints, touches, conversions, value, spend }: CampaignDays['total']): SumRow {
  return {
    id: 'total',
    head: 'Total',
    cells: {
      touchpoints: formatCount(touchpoints),
      touches: formatCount(touches),
      conversions: <Credit conversions={conversions} />,
      value: value && formatMoney(value),
      spend: spend && formatMoney(spend),
    },
  };
}

const dayNames = new Intl.DateTimeFormat('en-GB', {
  weekday: 'short',
  day: 'numeric',
  month: 'short',
  year: 'numeric',
  timeZone: 'UTC',
});

function DayName({ day }: { readonly day: string }) {
  return (
    <time dateTime={day} className="day-name">
      {dayNames.format(Date.parse(`${day}T00:00:00Z`))}
    </time>
  );
}

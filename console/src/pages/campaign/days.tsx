import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { type ReactNode, useMemo } from 'react';
import { useWorkspaceName } from '../../app/current-workspace.ts';
import { Credit, formatFactor, formatMoney } from '../../components/attribution/amounts.tsx';
import { type AskedSearch, eachDay, type RuleModel, type Span } from '../../components/attribution/asked.ts';
import type { Asked } from '../../components/attribution/use-asked.ts';
import { type ChartSeries, TimeChart } from '../../components/chart/time-chart.tsx';
import { formatCount } from '../../components/number.ts';
import { Empty, Failure, Loading } from '../../components/states.tsx';
import { DaysTable } from './days-table.tsx';
import { type CampaignDay, type CampaignDays, type CampaignFacts, daysQuery } from './queries.ts';

interface DaysProps {
  readonly campaign: CampaignFacts;
  readonly asked: Asked;
  readonly model: RuleModel;
  readonly search: AskedSearch;
}

/** What the campaign had, brought and cost: in sum, drawn, and day by day. */
export function Days({ campaign, asked, model, search }: DaysProps) {
  const query = useQuery(daysQuery(useWorkspaceName(), campaign.key, asked, model));
  const { data } = query;
  if (query.error && (data === undefined || query.isPlaceholderData))
    return <Failure error={query.error} retry={() => void query.refetch()} />;
  if (data === undefined) return <Loading label="Counting …" />;
  return (
    <div className="days stack" aria-busy={query.isPlaceholderData || undefined}>
      <Sums days={data} campaignKey={campaign.key} search={search} />
      {data.days.length === 0 ? (
        <Empty title="Nothing in these days">
          The campaign had no touchpoint, led to nothing and cost nothing. Choose a longer span.
        </Empty>
      ) : (
        <>
          <Charts days={data} />
          <DaysTable days={data} />
        </>
      )}
    </div>
  );
}

interface SumsProps {
  readonly days: CampaignDays;
  readonly campaignKey: string;
  readonly search: AskedSearch;
}

function Sums({ days: { total, parameters, days }, campaignKey, search }: SumsProps) {
  const { conversions, value, spend } = total;
  const isWholeSpend = days.every(({ spendUnconverted }) => spendUnconverted.length === 0);
  const cpa = spend && isWholeSpend && conversions > 0 ? spend.amount / conversions : undefined;
  const roas =
    spend && isWholeSpend && spend.amount > 0 && value?.currency === spend.currency
      ? value.amount / spend.amount
      : undefined;
  return (
    <dl className="sums">
      <Sum title="Touchpoints" note="all, whatever they led to">
        {formatCount(total.touchpoints)}
      </Sum>
      <Sum title="Conversions" note={`of ${parameters.conversion?.name ?? parameters.event}`}>
        {conversions > 0 && parameters.dateOf === 'conversion' ? (
          <Link
            from="/$workspace/campaigns/$campaign"
            to="/$workspace/campaigns"
            search={{ ...search, side: 'conversions', group: campaignKey }}
          >
            <Credit conversions={conversions} />
          </Link>
        ) : (
          <Credit conversions={conversions} />
        )}
      </Sum>
      {value ? (
        <Sum title="Value" note={roas === undefined ? '' : `ROAS ${formatFactor(roas)}`}>
          {formatMoney(value)}
        </Sum>
      ) : null}
      <Sum
        title="Spend"
        note={
          cpa === undefined
            ? isWholeSpend
              ? ''
              : 'and some in currencies without a rate'
            : `CPA ${formatMoney({ amount: Math.round(cpa * 100) / 100, currency: parameters.currency })}`
        }
      >
        {spend ? formatMoney(spend) : <span className="soft">not known</span>}
      </Sum>
    </dl>
  );
}

interface SumProps {
  readonly title: string;
  readonly note: ReactNode;
  readonly children: ReactNode;
}

function Sum({ title, note, children }: SumProps) {
  return (
    <div className="card sum">
      <dt>{title}</dt>
      <dd className="sum-value">{children}</dd>
      <dd className="small soft foreign">{note}</dd>
    </div>
  );
}

function Charts({ days: { days, parameters } }: { readonly days: CampaignDays }) {
  const { since, until, currency, metric } = parameters;
  const { times, counts, amounts } = useMemo(
    () => seriesOf(days, { since, until }, metric !== null),
    [days, since, until, metric],
  );
  return (
    <div className="charts">
      <section className="card" aria-labelledby="chart-counts">
        <h2 id="chart-counts">Touchpoints and conversions</h2>
        <TimeChart
          label="Touchpoints and conversions a day"
          kind="lines"
          times={times}
          series={counts}
          timeZone="UTC"
          height={200}
          isOfDays
        />
      </section>
      {amounts.length === 0 ? null : (
        <section className="card" aria-labelledby="chart-amounts">
          <h2 id="chart-amounts">Value and spend, in {currency}</h2>
          <TimeChart
            label={`Value and spend a day, in ${currency}`}
            kind="lines"
            times={times}
            series={amounts}
            timeZone="UTC"
            height={200}
            isOfDays
          />
        </section>
      )}
    </div>
  );
}

/** Each day of the span is a point; days of the calendar stand at UTC's midnight. */
function seriesOf(days: readonly CampaignDay[], span: Span, hasValue: boolean) {
  const known = new Map(days.map((day) => [day.day, day]));
  const all = eachDay(span);
  const series = (name: string, colour: number, figureOf: (day: CampaignDay) => number): ChartSeries => ({
    name,
    colour: `var(--series-${colour})`,
    values: all.map((day) => {
      const found = known.get(day);
      return found ? figureOf(found) : 0;
    }),
  });
  const isMoney = days.some(({ value }) => value !== null && value.currency !== null);
  const hasSpend = days.some(({ spend }) => spend !== null);
  return {
    times: all.map((day) => Date.parse(`${day}T00:00:00Z`)),
    counts: [
      series('Touchpoints', 1, ({ touchpoints }) => touchpoints),
      series('Conversions', 2, ({ conversions }) => conversions),
    ],
    amounts: [
      ...(hasValue && isMoney ? [series('Value', 4, ({ value }) => value?.amount ?? 0)] : []),
      ...(hasSpend ? [series('Spend', 5, ({ spend }) => spend?.amount ?? 0)] : []),
    ],
  };
}

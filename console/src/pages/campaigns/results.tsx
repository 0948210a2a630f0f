import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { Problem } from '../../api/problem.ts';
import { useWorkspaceName } from '../../app/current-workspace.ts';
import { isWhole, models } from '../../components/attribution/asked.ts';
import type { Asked } from '../../components/attribution/use-asked.ts';
import { Button } from '../../components/button.tsx';
import { DataTable } from '../../components/data-table.tsx';
import { countOf, formatCount } from '../../components/number.ts';
import { Empty, Failure, Loading } from '../../components/states.tsx';
import { Status } from '../../components/status.tsx';
import { ModelJob } from './model-job.tsx';
import type { OnChange } from './page.tsx';
import {
  type KnownCampaign,
  knownCampaignsQuery,
  type Report,
  type ReportRow,
  reportQuery,
} from './queries.ts';
import { columnsOf, sumsOf } from './result-columns.tsx';
import type { CampaignsSearch } from './route.ts';

interface ResultsProps {
  readonly asked: Asked;
  readonly search: CampaignsSearch;
  readonly onChange: OnChange;
}

/** What each group has brought and cost, in rows that add up. */
export function Results({ asked, search, onChange }: ResultsProps) {
  const { by = 'campaign' } = search;
  const report = useQuery(reportQuery(useWorkspaceName(), asked, by));
  const { error } = report;
  const isUnmade = error instanceof Problem && (error.status === 409 || by === 'source' || by === 'medium');
  if (isWhole(asked.model) && isUnmade)
    return <ModelJob asked={asked} model={asked.model} groupBy={by} refusal={error.message} />;
  if (error && (report.data === undefined || report.isPlaceholderData))
    return <Failure error={error} retry={() => void report.refetch()} />;
  if (report.data === undefined) return <Loading label="Counting …" />;
  return (
    <div className="results" aria-busy={report.isPlaceholderData || undefined}>
      <ReportTable report={report.data} search={search} conversion={asked.conversion} onChange={onChange} />
    </div>
  );
}

function ReportTable({
  report,
  search,
  conversion,
  onChange,
}: Omit<ResultsProps, 'asked'> & Pick<Asked, 'conversion'> & { readonly report: Report }) {
  const { data: known } = useQuery(knownCampaignsQuery(useWorkspaceName()));
  // What is shown until the answer comes is of the question before.
  const { groupBy } = report.parameters;
  const idle = useMemo(() => idleRows(report, known), [report, known]);
  const rows = useMemo(
    () => (search.idle ? [...report.rows, ...idle] : report.rows),
    [report.rows, idle, search.idle],
  );
  const columns = useMemo(() => columnsOf(report, search, known), [report, search, known]);
  const sums = useMemo(() => sumsOf(report, search), [report, search]);
  const isEmpty = rows.length === 0 && report.total.conversions === 0;
  return (
    <>
      {isEmpty ? (
        <Empty title="Nothing converted in these days">
          No event that counts happened, and nothing was spent. Choose a longer span, or look at what counts,
          under Rules.
        </Empty>
      ) : (
        <DataTable
          caption={`What each ${groupBy} brought and cost`}
          columns={columns}
          rows={rows}
          rowKey={({ key }) => key ?? ''}
          sums={sums}
          sort={search.sort}
          onSort={(sort) => onChange({ sort })}
        />
      )}
      {groupBy === 'campaign' && idle.length > 0 ? (
        <p>
          <Button
            look="quiet"
            icon={search.idle ? 'check' : 'down'}
            aria-pressed={search.idle ?? false}
            onClick={() => onChange({ idle: search.idle ? undefined : true })}
          >
            {search.idle ? 'With' : 'Show'} {countOf(idle.length, 'campaign')} that brought and cost nothing
          </Button>
        </p>
      ) : null}
      <Notes report={report} isCounting={conversion.status === 'counting'} />
    </>
  );
}

/** Campaigns that are known, and of which the report says nothing. */
function idleRows(
  { rows, parameters }: Report,
  known: ReadonlyMap<string, KnownCampaign> | undefined,
): ReportRow[] {
  if (parameters.groupBy !== 'campaign' || known === undefined) return [];
  const told = new Set(rows.map(({ key }) => key));
  const nothing = {
    touches: 0,
    people: 0,
    conversions: 0,
    spend: null,
    spendUnconverted: [],
    cpa: null,
    roas: null,
  };
  const value = parameters.metric === null ? null : { amount: 0, currency: parameters.currency };
  return [...known.values()]
    .filter(({ key }) => !told.has(key))
    .map(({ key, label }) => ({ interval: null, key, label, ...nothing, value }));
}

interface NotesProps {
  readonly report: Report;
  /** The sums of the conversion are being made. */
  readonly isCounting: boolean;
}

function Notes({ report: { parameters, rows }, isCounting }: NotesProps) {
  const unconverted = rows.some(({ spendUnconverted }) => spendUnconverted.length > 0);
  const model = models.find(({ value }) => value === parameters.model);
  const from = {
    sums: `From the sums that are kept, as of change ${formatCount(parameters.asOf ?? 0)}.`,
    rows: isCounting
      ? 'Counted from the conversions themselves until all sums of this one are made.'
      : 'Counted from the conversions themselves: no kept one has just these rules.',
    model: `From the model’s result, as of change ${formatCount(parameters.asOf ?? 0)}; it is of all the days together.`,
  }[parameters.countedFrom];
  return (
    <div className="notes small soft">
      <p>
        {model ? `${model.title}: ${model.note}. ` : ''}Touches are those on the paths of conversions. {from}{' '}
        Spend is what outlays, spread over their days, and ads came to.
      </p>
      {unconverted ? (
        <p>
          <Status mood="warn">No rate</Status> Some was spent in currencies of which no exchange rate is known
          for the day: it is in no sum, and CPA and ROAS are left out.
        </p>
      ) : null}
    </div>
  );
}

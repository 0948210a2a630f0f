import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useWorkspace, useWorkspaceName } from '../../app/current-workspace.ts';
import { Button } from '../../components/button.tsx';
import { DialectTag } from '../../components/dialect-tag.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { Glance } from '../../components/glance.tsx';
import { countOf } from '../../components/number.ts';
import { Failure, Loading } from '../../components/states.tsx';
import { Status } from '../../components/status.tsx';
import { Time } from '../../components/time.tsx';
import type { Asked } from './asked.ts';
import { formatMeasured } from './format.ts';
import { type Explanation, type Point, readRows } from './queries.ts';
import { useMetricTitle } from './titles.ts';

interface ExplainPanelProps {
  readonly asked: Asked;
  readonly point: Point;
  /** What the chart shows there; undefined where it does not show it by now. */
  readonly shown: number | undefined;
  /** The groups that the chart shows by themselves. */
  readonly groups: readonly string[];
  readonly onClose: () => void;
}

/** A point of a chart: when it is of, by which filter, and the very rows that it is made of. */
export function ExplainPanel({ asked, point, shown, groups, onClose }: ExplainPanelProps) {
  const workspace = useWorkspaceName();
  const { timezone } = useWorkspace();
  const query = useInfiniteQuery({
    queryKey: ['insights', workspace, 'explain', asked, point, groups],
    queryFn: ({ pageParam }) => readRows(workspace, timezone, asked, point, groups, pageParam),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
  });
  const [first] = query.data?.pages ?? [];
  const title = useMetricTitle()(point.metric);
  return (
    <Dialog title={title} form="panel" description="The rows behind a number of the chart" onClose={onClose}>
      {query.error && !first ? (
        <Failure error={query.error} retry={() => void query.refetch()} />
      ) : first ? (
        <div className="insights-explained">
          <Told explanation={first} shown={shown} />
          <Rows pages={query.data?.pages ?? []} />
          {query.error ? <Failure error={query.error} /> : null}
          {query.hasNextPage ? (
            <Button busy={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
              Show more rows
            </Button>
          ) : null}
        </div>
      ) : (
        <Loading />
      )}
    </Dialog>
  );
}

interface ToldProps {
  readonly explanation: Explanation;
  readonly shown: number | undefined;
}

function Told({ explanation: { parameters, value, count }, shown }: ToldProps) {
  const { metric, timezone, spans, group, at, interval } = parameters;
  const isSame = shown === undefined || shown === value;
  return (
    <>
      <p className="insights-value">
        <strong>{formatMeasured(value, metric.currency)}</strong>{' '}
        <span className="soft">{metric.measure === 'count' ? '' : `in ${countOf(count, 'row')}`}</span>
        <Status mood={isSame ? 'good' : 'warn'}>
          {isSame
            ? metric.measure === 'count'
              ? `${countOf(count, 'row')}, as the chart shows`
              : 'their sum, as the chart shows'
            : 'more has come in: the chart follows within a minute'}
        </Status>
      </p>
      <dl className="facts">
        <dt>Zone</dt>
        <dd>{timezone}</dd>
        {spans.map(({ since, until }) => (
          <Bounds key={since} since={since} until={until} />
        ))}
        <dt>Interval</dt>
        <dd>{at === null ? `all of the chart’s, by ${interval}` : `${interval} ${at}`}</dd>
        {group === null ? null : (
          <>
            <dt>Group</dt>
            <dd className="foreign">{group.label}</dd>
          </>
        )}
        <dt>Filter</dt>
        <dd className="foreign">{parameters.words}</dd>
      </dl>
    </>
  );
}

function Bounds({ since, until }: { readonly since: string; readonly until: string }) {
  return (
    <>
      <dt>From</dt>
      <dd>
        <time dateTime={since}>{since}</time>
      </dd>
      <dt>Up to, not at</dt>
      <dd>
        <time dateTime={until}>{until}</time>
      </dd>
    </>
  );
}

function Rows({ pages }: { readonly pages: readonly Explanation[] }) {
  const workspace = useWorkspaceName();
  const { currency: ours } = useWorkspace();
  const rows = pages.flatMap((page) => page.rows);
  if (rows.length === 0) return <p className="soft">There are no rows: nothing of this happened then.</p>;
  return (
    <section aria-labelledby="insights-rows">
      <h3 id="insights-rows">Rows, the last first</h3>
      <ol className="insights-rows">
        {rows.map(({ event, at, value, currency }) => (
          <li key={event.id}>
            <div className="insights-row-head">
              <Link
                to="/$workspace/live"
                params={{ workspace }}
                search={{ event: event.id }}
                className="foreign"
              >
                {event.type}
              </Link>
              {value === null ? null : <strong>{amountOf(value, currency, ours)}</strong>}
            </div>
            <p className="small soft insights-row-facts">
              <Time at={at} />
              <DialectTag name={event.dialect} />
              {event.personId === null ? (
                'of nobody any more'
              ) : (
                <Link to="/$workspace/people/$person" params={{ workspace, person: event.personId }}>
                  the person
                </Link>
              )}
            </p>
            <Glance properties={event.properties} />
          </li>
        ))}
      </ol>
    </section>
  );
}

/** An amount is counted in the workspace's currency, whatever it came in. */
function amountOf(value: string, cameIn: string | null, currency: string): string {
  if (cameIn === null) return value;
  const amount = formatMeasured(Number(value), currency);
  return cameIn === currency ? amount : `${amount} (came in ${cameIn})`;
}

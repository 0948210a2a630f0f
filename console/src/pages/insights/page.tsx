import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useCallback, useMemo } from 'react';
import { dialectsQuery } from '../../api/dialects.ts';
import { useWorkspace, useWorkspaceName } from '../../app/current-workspace.ts';
import { Button } from '../../components/button.tsx';
import { PageHead } from '../../components/page-head.tsx';
import { Empty, Loaded } from '../../components/states.tsx';
import { ZoneNote } from '../../components/time.tsx';
import { type Asked, readAsked, searchOf } from './asked.ts';
import { Builder } from './builder.tsx';
import { Charts } from './charts.tsx';
import { saveCsv } from './csv.ts';
import { ExplainPanel } from './explain-panel.tsx';
import { type Answer, chartQuery, type Point } from './queries.ts';
import { type InsightsSearch, insightsRoute } from './route.ts';
import { SpanBar } from './span-bar.tsx';
import { groupKeysOf, groupOf, useMetricTitle } from './titles.ts';
import { Views } from './views.tsx';
import './insights.css';

/** What happened how often, and came to what: a question is built, shown, explained and kept. */
export function Insights() {
  const workspace = useWorkspaceName();
  const { timezone } = useWorkspace();
  const search = insightsRoute.useSearch();
  const navigate = insightsRoute.useNavigate();
  const titleOf = useMetricTitle();
  const asked = useAsked(search);
  const chart = useQuery(chartQuery(workspace, timezone, asked));
  const change = (part: Partial<Asked>) =>
    void navigate({
      search: ({ view }) => ({ ...withInterval(asked, part), ...(view === undefined ? {} : { view }) }),
      replace: true,
    });
  const explain = useCallback(
    ({ metric, at, group }: Point) =>
      void navigate({
        search: (before) => ({
          ...withoutPoint(before),
          explain: metric,
          ...(at === null ? {} : { at }),
          ...(group === null ? {} : { group }),
        }),
      }),
    [navigate],
  );
  return (
    <>
      <PageHead
        title="Insights"
        note={
          <>
            What happened how often, and came to what · <ZoneNote />
          </>
        }
        actions={
          <>
            <Views
              asked={asked}
              opened={search.view}
              onOpen={(view) =>
                void navigate({ search: view === null ? {} : { ...searchOf(view.question), view: view.id } })
              }
            />
            <Button disabled={!chart.data} onClick={() => chart.data && saveCsv(chart.data, titleOf)}>
              Download CSV
            </Button>
          </>
        }
      />
      <div className="stack">
        <Builder asked={asked} onChange={change} />
        <SpanBar asked={asked} onChange={change} />
        <Loaded query={chart}>
          {(answer) => (
            <div className="stack" aria-busy={chart.isPlaceholderData}>
              <Nothing answer={answer} />
              <Charts answer={answer} shape={asked.shape} onExplain={explain} />
            </div>
          )}
        </Loaded>
      </div>
      {search.explain === undefined ? null : (
        <Explained
          asked={asked}
          point={{ metric: search.explain, at: search.at ?? null, group: search.group ?? null }}
          answer={chart.data}
          onClose={() => void navigate({ search: withoutPoint })}
        />
      )}
    </>
  );
}

/** The same object for the same address, so that nothing is drawn anew without need. */
function useAsked(search: InsightsSearch): Asked {
  const text = JSON.stringify(readAsked(search));
  return useMemo(() => JSON.parse(text), [text]);
}

/** Another span has another usual interval, unless one was chosen that the span can have. */
function withInterval(asked: Asked, part: Partial<Asked>): InsightsSearch {
  const { interval, ...rest } = searchOf({ ...asked, ...part });
  if (part.span === undefined || interval === undefined) return searchOf({ ...asked, ...part });
  return rest;
}

function withoutPoint({ explain: _metric, at: _at, group: _group, ...rest }: InsightsSearch): InsightsSearch {
  return rest;
}

interface ExplainedProps {
  readonly asked: Asked;
  readonly point: Point;
  readonly answer: Answer | undefined;
  readonly onClose: () => void;
}

function Explained({ asked, point, answer, onClose }: ExplainedProps) {
  const metric = answer?.metrics.find((one) => one.metric === point.metric);
  const series = metric?.series.find((one) => groupOf(one) === point.group);
  const place = answer?.intervals.findIndex(({ label }) => label === point.at) ?? -1;
  const groups = useMemo(() => (metric ? groupKeysOf(metric) : []), [metric]);
  // Which others there are says the chart alone.
  if (point.group === '(other)' && !metric) return null;
  return (
    <ExplainPanel
      asked={asked}
      point={point}
      shown={point.at === null ? series?.total : series?.values[place]}
      groups={groups}
      onClose={onClose}
    />
  );
}

/** Why a chart is empty, and what to do about it. */
function Nothing({ answer: { metrics } }: { readonly answer: Answer }) {
  const workspace = useWorkspaceName();
  const { data: dialects } = useQuery(dialectsQuery(workspace));
  const isEmpty = metrics.every(({ series }) =>
    series.every(({ values, before }) =>
      [...values, ...(before?.values ?? [])].every((value) => value === 0),
    ),
  );
  if (!isEmpty || !dialects) return null;
  if (dialects.every(({ stored }) => stored === 0))
    return (
      <Empty
        title="Nothing has come in yet"
        action={
          <Link to="/$workspace/overview" params={{ workspace }}>
            Send a first event
          </Link>
        }
      >
        As soon as something has, it is counted here: how often, by which API and type, and what it came to.
      </Empty>
    );
  return (
    <Empty title="Nothing of this in these days">
      Choose a longer span, or another metric, API or event above.
    </Empty>
  );
}

import { useMemo } from 'react';
import { useDialectFaces } from '../../api/dialects.ts';
import type { Asked } from './asked.ts';
import { ChartCard, type Line, type Total } from './chart-card.tsx';
import type { Answer, AnsweredMetric, Point, Series } from './queries.ts';
import { groupOf, titleOfSeries, useMetricTitle } from './titles.ts';

interface ChartsProps {
  readonly answer: Answer;
  readonly shape: Asked['shape'];
  readonly onExplain: (point: Point) => void;
}

/** Metrics of one unit in one chart; where they are grouped, or of several units, each in its own. */
export function Charts({ answer, shape, onExplain }: ChartsProps) {
  const cards = useCards(answer);
  const explain = useMemo(
    () => (of: Pick<Line, 'metric' | 'group'>, at: string | null) =>
      onExplain({ metric: of.metric, at, group: of.group }),
    [onExplain],
  );
  return (
    <>
      {cards.map(({ title, lines, total }) => (
        <ChartCard
          key={title}
          title={title}
          lines={lines}
          total={total}
          answer={answer}
          shape={shape}
          onExplain={explain}
        />
      ))}
    </>
  );
}

interface Card {
  readonly title: string;
  readonly lines: readonly Line[];
  readonly total: Total | null;
}

function useCards(answer: Answer): readonly Card[] {
  const titleOf = useMetricTitle();
  const faceOf = useDialectFaces();
  const { metrics, parameters } = answer;
  const titles = metrics.map(({ metric }) => titleOf(metric));
  const titleText = titles.join('\n');
  // biome-ignore lint/correctness/useExhaustiveDependencies: the titles stand for the faces that they are made of
  return useMemo(() => {
    const colourOf = ({ kind, key }: Series, place: number) => {
      if (kind === 'other') return 'var(--series-6)';
      if (kind === 'none') return 'var(--line-strong)';
      if (parameters.groupBy === 'api' && key !== null) return faceOf(key).colour;
      return `var(--series-${(place % 5) + 1})`;
    };
    const linesOf = (metric: AnsweredMetric) =>
      metric.series.map(
        (series, place): Line => ({
          id: `${metric.metric} ${series.kind} ${series.key}`,
          title: titleOfSeries(series, parameters.groupBy),
          colour: colourOf(series, place),
          metric: metric.metric,
          group: groupOf(series),
          currency: metric.currency,
          total: series.total,
          values: series.values,
          before: series.before,
        }),
      );
    const cardOf = (metric: AnsweredMetric): Card => ({
      title: titleOf(metric.metric),
      lines: linesOf(metric),
      total: {
        metric: metric.metric,
        group: null,
        currency: metric.currency,
        value: metric.total,
        before: metric.totalBefore,
      },
    });
    if (parameters.groupBy !== null) return metrics.map(cardOf);
    const units = Map.groupBy(metrics, unitOf);
    return [...units].map(([title, [first, ...others]]) =>
      first && others.length === 0
        ? cardOf(first)
        : {
            title,
            total: null,
            lines: (units.get(title) ?? []).flatMap((metric, place) =>
              linesOf(metric).map((line) => ({
                ...line,
                title: titleOf(metric.metric),
                colour: `var(--series-${place + 1})`,
              })),
            ),
          },
    );
  }, [metrics, parameters, titleText]);
}

/** What may stand at one axis, as it is called. */
function unitOf({ measure, currency }: AnsweredMetric): string {
  if (measure === 'count') return 'Events';
  return currency === null ? 'Sums' : `Sums in ${currency}`;
}

import { useMemo, useState } from 'react';
import { useWorkspace } from '../../app/current-workspace.ts';
import type { ChartSeries } from '../../components/chart/time-chart.tsx';
import { useDrawing } from '../../components/chart/use-drawing.ts';
import '../../components/chart/chart.css';
import { formatCount } from '../../components/number.ts';
import { FiguresTable } from './figures-table.tsx';
import { formatInterval, formatMeasured } from './format.ts';
import type { Answer } from './queries.ts';
import type { Shape } from './route.ts';

/** A row of figures: of a metric, or of a group of one. */
export interface Line {
  readonly id: string;
  readonly title: string;
  readonly colour: string;
  readonly metric: string;
  readonly group: string | null;
  readonly currency: string | null;
  readonly total: number;
  readonly values: readonly number[];
  readonly before: { readonly total: number; readonly values: readonly number[] } | null;
}

interface ChartCardProps {
  readonly title: string;
  readonly lines: readonly Line[];
  /** Of all lines, where they are parts of one metric. */
  readonly total: Total | null;
  readonly answer: Answer;
  readonly shape: Shape;
  readonly onExplain: (of: Pick<Line, 'metric' | 'group'>, at: string | null) => void;
}

/** Of a whole metric. */
export interface Total extends Pick<Line, 'metric' | 'group' | 'currency'> {
  readonly value: number;
  readonly before: number | null;
}

const height = 280;

/** What a metric, or several of one kind, came to over time. */
export function ChartCard({ title, lines, total, answer, shape, onExplain }: ChartCardProps) {
  const { parameters, intervals, intervalsBefore } = answer;
  return (
    <section className="card insights-chart" aria-label={title}>
      <div className="card-head">
        <h2 className="foreign">{title}</h2>
        {total ? (
          <p className="insights-total">
            <button type="button" className="insights-figure" onClick={() => onExplain(total, null)}>
              <span className="only-read">Explain the sum: </span>
              {formatMeasured(total.value, total.currency)}
            </button>
            <Change value={total.value} before={total.before} />
          </p>
        ) : null}
      </div>
      <Legend
        lines={lines.length === 1 && total ? [] : lines}
        before={parameters.before}
        onExplain={onExplain}
      />
      {shape === 'table' ? null : (
        <Drawn title={title} lines={lines} answer={answer} shape={shape} onExplain={onExplain} />
      )}
      <details className="chart-table" open={shape === 'table'}>
        <summary className="small">{shape === 'table' ? 'Every figure' : 'As a table'}</summary>
        <FiguresTable
          label={title}
          lines={lines}
          intervals={intervals}
          intervalsBefore={intervalsBefore}
          interval={parameters.interval}
          onExplain={onExplain}
        />
      </details>
    </section>
  );
}

interface LegendProps {
  readonly lines: readonly Line[];
  readonly before: Answer['parameters']['before'];
  readonly onExplain: (line: Line, at: null) => void;
}

/** Each with what it came to, which leads to its rows. */
function Legend({ lines, before, onExplain }: LegendProps) {
  if (lines.length === 0 && before === null) return null;
  return (
    <ul className="chart-legend">
      {lines.map((line) => (
        <li key={line.id} className="tag">
          <span className="swatch" style={{ background: line.colour }} aria-hidden="true" />
          <span className="foreign insights-name">{line.title}</span>
          <button type="button" className="insights-figure" onClick={() => onExplain(line, null)}>
            <span className="only-read">Explain the sum of {line.title}: </span>
            {formatMeasured(line.total, line.currency)}
          </button>
          <Change value={line.total} before={line.before?.total ?? null} />
        </li>
      ))}
      {before === null ? null : (
        <li className="soft">
          <span className="insights-dash" aria-hidden="true" /> before: {before.since} up to {before.until}
        </li>
      )}
    </ul>
  );
}

/** By how much it is more or less than before. */
function Change({ value, before }: { readonly value: number; readonly before: number | null }) {
  if (before === null) return null;
  if (before === 0) return <span className="small soft">{value === 0 ? 'as before' : 'none before'}</span>;
  const percent = ((value - before) / Math.abs(before)) * 100;
  const sign = percent > 0 ? '+' : '';
  return (
    <span className="small soft" title={`${formatCount(before)} in the span before`}>
      {sign}
      {formatCount(Math.abs(percent) < 10 ? Math.round(percent * 10) / 10 : Math.round(percent))} %
    </span>
  );
}

function Drawn({ title, lines, answer, shape, onExplain }: Omit<ChartCardProps, 'total'>) {
  const { timezone } = useWorkspace();
  const [point, setPoint] = useState<{ readonly index: number; readonly left: number }>();
  const { intervals, parameters } = answer;
  const times = useMemo(() => intervals.map(({ since }) => Date.parse(since)), [intervals]);
  const isStacked = shape === 'bar';
  const series = useMemo(() => drawnOf(lines, times.length, isStacked), [lines, times, isStacked]);
  const pick = useMemo(
    () => (index: number, place: number) => {
      const line = lines[place];
      const label = intervals[index]?.label;
      if (line && label !== undefined) onExplain(line, label);
    },
    [lines, intervals, onExplain],
  );
  const place = useDrawing({
    times,
    series,
    kind: isStacked ? 'bars' : 'lines',
    timeZone: timezone,
    height,
    onPoint: setPoint,
    onPick: pick,
  });
  const shown = point === undefined ? undefined : intervals[point.index];
  return (
    <div className="chart-place" role="img" aria-label={`${title}, drawn`} style={{ minHeight: height }}>
      <div ref={place} />
      {point && shown ? (
        <div
          className="chart-point"
          data-side={point.left > (place.current?.clientWidth ?? 0) / 2 ? 'left' : undefined}
          style={{ left: point.left }}
          aria-hidden="true"
        >
          <p className="small soft">{formatInterval(shown, parameters.interval)}</p>
          {lines.map((line) => (
            <p key={line.id} className="tag">
              <span className="swatch" style={{ background: line.colour }} />
              <span className="foreign insights-name">{line.title}</span>
              <strong>{formatMeasured(line.values[point.index] ?? 0, line.currency)}</strong>
              {line.before ? (
                <span className="soft">
                  ({formatMeasured(line.before.values[point.index] ?? 0, line.currency)})
                </span>
              ) : null}
            </p>
          ))}
        </div>
      ) : null}
    </div>
  );
}

/** The lines, and dashed what they are compared with: one for each, or where they stand on each other one for all. */
function drawnOf(lines: readonly Line[], length: number, isStacked: boolean): readonly ChartSeries[] {
  const drawn = lines.map(({ title, colour, values }) => ({ name: title, colour, values }));
  const before = lines.flatMap((line) =>
    line.before === null ? [] : [{ ...line, values: line.before.values }],
  );
  const compared = isStacked && before.length > 1 ? [sumOf(before)] : before;
  return [
    ...drawn,
    ...compared.map(({ title, colour, values }) => ({
      name: `${title}, before`,
      colour,
      values: Array.from({ length }, (_, place) => values[place] ?? null),
      isDashed: true,
    })),
  ];
}

function sumOf(lines: readonly Pick<Line, 'values'>[]): Pick<Line, 'title' | 'colour' | 'values'> {
  const [first] = lines;
  const values = (first?.values ?? []).map((_, place) =>
    lines.reduce((sum, line) => sum + (line.values[place] ?? 0), 0),
  );
  return { title: 'All', colour: 'var(--ink-soft)', values };
}

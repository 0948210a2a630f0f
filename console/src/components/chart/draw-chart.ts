import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { formatShort } from '../number.ts';
import { formatTime } from '../time.tsx';
import type { ChartSeries } from './time-chart.tsx';

export interface Drawing {
  readonly place: HTMLElement;
  /** Milliseconds since the epoch, ascending. */
  readonly times: readonly number[];
  readonly series: readonly ChartSeries[];
  readonly kind: 'bars' | 'lines';
  readonly timeZone: string;
  readonly height: number;
  /** Which point the pointer is at, and how far from the left. */
  readonly onPoint: (at: { readonly index: number; readonly left: number } | undefined) => void;
}

const daySeconds = 24 * 60 * 60;

/** Draws on a canvas, in the colours that the tokens have at this moment. Bars stand on each other. */
export function drawChart({ place, times, series, kind, timeZone, height, onPoint }: Drawing): uPlot {
  const isStacked = kind === 'bars';
  const heights = isStacked ? stack(series) : series.map(({ values }) => [...values]);
  const ink = resolveColour(place, 'var(--ink-soft)');
  const grid = resolveColour(place, 'var(--line)');
  const axis = {
    stroke: ink,
    grid: { stroke: grid, width: 1 },
    ticks: { show: false },
    font: '12px sans-serif',
  };
  const lines = series.map((one, index): uPlot.Series => {
    const stroke = resolveColour(place, one.colour);
    return isStacked
      ? { fill: stroke, width: 0, points: { show: false }, paths: bars }
      : { stroke, width: 2, points: { show: (heights[index]?.length ?? 0) < 2 } };
  });
  const [first = 0, second = first] = times;
  const margin = isStacked ? (second - first) / 2000 : 0;
  const options: uPlot.Options = {
    width: Math.max(place.clientWidth, 200),
    height,
    legend: { show: false },
    cursor: { drag: { x: false, y: false }, points: { show: !isStacked }, y: false },
    tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1000), timeZone),
    scales: {
      // A bar stands around its time, so that the first and the last need room beyond theirs.
      x: { range: (_chart, low, high) => [low - margin, high + margin] },
      y: { range: (_chart, _low, high) => [0, Math.max(high * 1.08, 1)] },
    },
    axes: [
      {
        ...axis,
        grid: { show: false },
        size: 30,
        values: (_chart, splits, _axis, _space, step) =>
          splits.map((seconds) =>
            formatTime(seconds * 1000, timeZone, step >= daySeconds ? 'date' : 'minute'),
          ),
      },
      {
        ...axis,
        size: 52,
        values: (_chart, splits) =>
          splits.map((count) => (Number.isInteger(count) ? formatShort(count) : '')),
      },
    ],
    // What stands highest is drawn first, so that the others stand in front of it.
    series: [{}, ...(isStacked ? lines.toReversed() : lines)],
    hooks: {
      setCursor: [
        ({ cursor: { idx, left = 0 } }) =>
          onPoint(idx === null || idx === undefined || left < 0 ? undefined : { index: idx, left }),
      ],
    },
  };
  const seconds = times.map((time) => time / 1000);
  return new uPlot(options, [seconds, ...(isStacked ? heights.toReversed() : heights)], place);
}

const bars = uPlot.paths.bars?.({ size: [0.72, 48], radius: 0.12 }) ?? (() => null);

/** Each series on top of those before it. */
function stack(series: readonly ChartSeries[]): number[][] {
  const below: number[] = [];
  return series.map(({ values }) =>
    values.map((value, index) => {
      const top = (below[index] ?? 0) + (value ?? 0);
      below[index] = top;
      return top;
    }),
  );
}

/** A canvas knows no tokens: an element is asked what one means here. */
function resolveColour(place: HTMLElement, colour: string): string {
  const probe = document.createElement('span');
  probe.style.color = colour;
  place.append(probe);
  const resolved = getComputedStyle(probe).color;
  probe.remove();
  return resolved;
}

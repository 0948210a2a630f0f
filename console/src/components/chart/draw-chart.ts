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
  /** A point was clicked at: its place in the times, and the place of the series that is nearest. */
  readonly onPick?: ((index: number, series: number) => void) | undefined;
  /** How a time is written at the axis; with the time of day, or the date, unless said. */
  readonly formatTick?: ((time: number) => string) | undefined;
}

const daySeconds = 24 * 60 * 60;

/** Draws on a canvas, in the colours that the tokens have at this moment. Bars stand on each other. */
export function drawChart(drawing: Drawing): uPlot {
  const { place, times, series, kind, timeZone, height, onPoint, formatTick } = drawing;
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
  const drawn = series.map((one, index) => ({
    line: lineOf(one, isStacked, resolveColour(place, one.colour), times.length),
    heights: heights[index] ?? [],
    isBar: isStacked && !one.isDashed,
  }));
  // What stands highest is drawn first, so that the others stand in front of it; what they are compared with comes last.
  const inOrder = [
    ...drawn.filter(({ isBar }) => isBar).toReversed(),
    ...drawn.filter(({ isBar }) => !isBar),
  ];
  const [first = 0, second = first] = times;
  const margin = times.length < 2 ? daySeconds / 2 : isStacked ? (second - first) / 2000 : 0;
  const options: uPlot.Options = {
    width: Math.max(place.clientWidth, 200),
    height,
    legend: { show: false },
    cursor: { drag: { x: false, y: false }, points: { show: !isStacked }, y: false },
    tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1000), timeZone),
    scales: {
      // A bar stands around its time, so that the first and the last need room beyond theirs.
      x: { range: (_chart, low, high) => [low - margin, high + margin] },
      y: { range: (_chart, low, high) => [Math.min(low * 1.08, 0), Math.max(high * 1.08, 1)] },
    },
    axes: [
      {
        ...axis,
        grid: { show: false },
        size: 30,
        values: (_chart, splits, _axis, _space, step) =>
          splits.map(
            (seconds) =>
              formatTick?.(seconds * 1000) ??
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
    series: [{}, ...inOrder.map(({ line }) => line)],
    hooks: {
      ready: [(chart) => listen(chart, drawing, heights)],
      setCursor: [
        ({ cursor: { idx, left = 0 } }) =>
          onPoint(idx === null || idx === undefined || left < 0 ? undefined : { index: idx, left }),
      ],
    },
  };
  const seconds = times.map((time) => time / 1000);
  return new uPlot(options, [seconds, ...inOrder.map((one) => one.heights)], place);
}

function lineOf({ isDashed }: ChartSeries, isStacked: boolean, colour: string, length: number): uPlot.Series {
  if (isDashed) return { stroke: colour, width: 1.5, dash: [5, 4], points: { show: length < 2 } };
  return isStacked
    ? { fill: colour, width: 0, points: { show: false }, paths: bars }
    : { stroke: colour, width: 2, points: { show: length < 2 } };
}

/** A click is at a point of the nearest series: the one whose bar it is in, or whose line comes closest. */
function listen(
  chart: uPlot,
  { series, kind, onPick }: Drawing,
  heights: readonly (readonly (number | null)[])[],
): void {
  if (!onPick) return;
  chart.over.classList.add('chart-pickable');
  chart.over.addEventListener('click', () => {
    const { idx, top = 0 } = chart.cursor;
    if (idx === null || idx === undefined) return;
    const value = chart.posToVal(top, 'y');
    const distances = series.map(({ isDashed }, place) => {
      if (isDashed) return Number.POSITIVE_INFINITY;
      const height = heights[place]?.[idx] ?? 0;
      return kind === 'bars'
        ? height >= value
          ? height - value
          : Number.MAX_VALUE
        : Math.abs(height - value);
    });
    onPick(idx, distances.indexOf(Math.min(...distances)));
  });
}

const bars = uPlot.paths.bars?.({ size: [0.72, 48], radius: 0.12 }) ?? (() => null);

/** Each series on top of those before it, but for those that they are compared with. */
function stack(series: readonly ChartSeries[]): (number | null)[][] {
  const below: number[] = [];
  return series.map(({ values, isDashed }) =>
    values.map((value, index) => {
      if (isDashed) return value;
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

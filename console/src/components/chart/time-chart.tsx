import { useState } from 'react';
import { formatCount } from '../number.ts';
import { formatTime } from '../time.tsx';
import './chart.css';
import { useDrawing } from './use-drawing.ts';

export interface ChartSeries {
  readonly name: string;
  /** A colour of the tokens: `var(--series-1)`. */
  readonly colour: string;
  /** One for each time; null: nothing is known. */
  readonly values: readonly (number | null)[];
  /** Drawn as a dashed line, whatever the others are drawn as: what they are compared with. */
  readonly isDashed?: boolean;
}

interface TimeChartProps {
  /** What is shown, for who can't see it. */
  readonly label: string;
  /** Milliseconds since the epoch, ascending. Give it times and series that stay the same objects until they change. */
  readonly times: readonly number[];
  readonly series: readonly ChartSeries[];
  readonly kind: 'bars' | 'lines';
  readonly timeZone: string;
  readonly height?: number;
  /** Each time is a day of the calendar, at midnight of the zone. */
  readonly isOfDays?: boolean;
}

interface Point {
  readonly index: number;
  readonly left: number;
}

/** Figures over time. The same figures are there as a table, for who can't see, or wants to read, them. */
export function TimeChart(props: TimeChartProps) {
  const { label, times, series, kind, timeZone, height = 260, isOfDays = false } = props;
  const [point, setPoint] = useState<Point>();
  const place = useDrawing({ times, series, kind, timeZone, height, onPoint: setPoint });
  return (
    <figure className="chart">
      <ul className="chart-legend">
        {series.map(({ name, colour, values }) => (
          <li key={name} className="tag">
            <span className="swatch" style={{ background: colour }} aria-hidden="true" />
            <span className="foreign">{name}</span>
            <strong>{formatCount(sum(values))}</strong>
          </li>
        ))}
      </ul>
      <div className="chart-place" role="img" aria-label={label} style={{ minHeight: height }}>
        <div ref={place} />
        {point && times[point.index] !== undefined ? (
          <div className="chart-point" style={{ left: point.left }} aria-hidden="true">
            <p className="small soft">
              {formatTime(times[point.index] ?? 0, timeZone, isOfDays ? 'day' : 'short')}
            </p>
            {series.map(({ name, colour, values }) => (
              <p key={name} className="tag">
                <span className="swatch" style={{ background: colour }} />
                <span className="foreign">{name}</span>
                <strong>{formatCount(values[point.index] ?? 0)}</strong>
              </p>
            ))}
          </div>
        ) : null}
      </div>
      <details className="chart-table">
        <summary className="small">As a table</summary>
        <Figures label={label} times={times} series={series} timeZone={timeZone} isOfDays={isOfDays} />
      </details>
    </figure>
  );
}

function Figures({
  label,
  times,
  series,
  timeZone,
  isOfDays,
}: Pick<TimeChartProps, 'label' | 'times' | 'series' | 'timeZone' | 'isOfDays'>) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what can scroll has to be reached by keyboard
    <section className="table-place" tabIndex={0} aria-label={`${label}, as a table`}>
      <table className="table">
        <thead>
          <tr>
            <th scope="col">{isOfDays ? 'Day' : `Time (${timeZone})`}</th>
            {series.map(({ name }) => (
              <th key={name} scope="col" className="number">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {times.map((time, index) => (
            <tr key={time}>
              <th scope="row">{formatTime(time, timeZone, isOfDays ? 'day' : 'short')}</th>
              {series.map(({ name, values }) => (
                <td key={name} className="number">
                  {formatCount(values[index] ?? 0)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function sum(values: readonly (number | null)[]): number {
  return values.reduce<number>((total, value) => total + (value ?? 0), 0);
}

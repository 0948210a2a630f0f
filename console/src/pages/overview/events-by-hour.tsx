import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { dialectsQuery } from '../../api/dialects.ts';
import { useWorkspace, useWorkspaceName } from '../../app/current-workspace.ts';
import { type ChartSeries, TimeChart } from '../../components/chart/time-chart.tsx';
import { Loaded } from '../../components/states.tsx';
import { type Accounting, accountingQuery } from './queries.ts';

const hourMilliseconds = 60 * 60 * 1000;

/** What was stored in each of the last 24 hours, by API. */
export function EventsByHour() {
  const accounting = useQuery(accountingQuery(useWorkspaceName()));
  return (
    <section className="card" aria-labelledby="events-by-hour">
      <div className="card-head">
        <h2 id="events-by-hour">Events an hour</h2>
        <p className="small soft">by API and hour of receipt, as they come</p>
      </div>
      <Loaded query={accounting}>{(found) => <Chart accounting={found} />}</Loaded>
    </section>
  );
}

function Chart({ accounting }: { readonly accounting: Accounting }) {
  const { timezone } = useWorkspace();
  const { data: dialects } = useQuery(dialectsQuery(useWorkspaceName()));
  const { times, series } = useMemo(() => {
    const hours = hoursOf(accounting);
    const stored = new Map(
      accounting.hours.map(({ dialect, hour, stored }) => [`${dialect} ${Date.parse(hour)}`, stored]),
    );
    const all = (dialects ?? []).map(
      ({ name, title }, index): ChartSeries => ({
        name: title,
        colour: `var(--series-${Math.min(index + 1, 6)})`,
        values: hours.map((hour) => stored.get(`${name} ${hour}`) ?? 0),
      }),
    );
    return { times: hours, series: all };
  }, [accounting, dialects]);
  return (
    <TimeChart label="Events an hour, by API" kind="bars" times={times} series={series} timeZone={timezone} />
  );
}

/** Each hour that begins in the span, also where nothing came in. */
function hoursOf({ since, until }: Accounting): number[] {
  const first = Math.ceil(Date.parse(since) / hourMilliseconds) * hourMilliseconds;
  const hours: number[] = [];
  for (let hour = first; hour <= Date.parse(until); hour += hourMilliseconds) hours.push(hour);
  return hours;
}

import { formatCount } from '../../components/number.ts';
import type { Hour } from './queries.ts';

const kinds = [
  ['droppedBy', 'Events that a rule dropped'],
  ['refusedBy', 'Requests that were refused'],
  ['attributesDroppedBy', 'Attributes that were dropped or cut; their events are stored'],
] as const;

/** Why something did not become what it was sent as, over all hours that are shown. */
export function Reasons({ hours }: { readonly hours: readonly Hour[] }) {
  const lists = kinds
    .map(([kind, title]) => ({ title, counts: countsOf(hours, kind) }))
    .filter(({ counts }) => counts.length > 0);
  if (lists.length === 0) return null;
  return (
    <section className="card" aria-labelledby="reasons">
      <div className="card-head">
        <h2 id="reasons">Why</h2>
      </div>
      <div className="reasons">
        {lists.map(({ title, counts }) => (
          <div key={title}>
            <h3>{title}</h3>
            <dl className="reason-counts">
              {counts.map(([reason, count]) => (
                <div key={reason}>
                  <dt className="foreign">{reason}</dt>
                  <dd>{formatCount(count)}</dd>
                </div>
              ))}
            </dl>
          </div>
        ))}
      </div>
    </section>
  );
}

function countsOf(hours: readonly Hour[], kind: (typeof kinds)[number][0]): [string, number][] {
  const counts = new Map<string, number>();
  for (const hour of hours)
    for (const [reason, count] of Object.entries(hour[kind]))
      counts.set(reason, (counts.get(reason) ?? 0) + count);
  return [...counts].sort(([, one], [, other]) => other - one);
}

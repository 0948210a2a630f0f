import { useWorkspace } from '../../app/current-workspace.ts';
import { formatTime, Time } from '../../components/time.tsx';
import type { WholeEvent } from './queries.ts';

const quarterHour = 15 * 60 * 1000;

/** Where an event's numbers stand: what would change if it were deleted. */
export function CountedIn({
  event,
  metrics,
  countedIn,
}: Pick<WholeEvent, 'event' | 'metrics' | 'countedIn'>) {
  const { timezone } = useWorkspace();
  const from = Date.parse(countedIn.quarterHour);
  return (
    <section>
      <h3>Counted in</h3>
      <ul className="counted small">
        <li>
          the accounting of its API, in the hour of receipt from{' '}
          <Time at={countedIn.hourOfReceipt} form="short" />, as stored
        </li>
        <li>
          the quarter hour {formatTime(from, timezone, 'minute')} to{' '}
          {formatTime(from + quarterHour, timezone, 'minute')} of “<bdi>{event.type}</bdi>”
        </li>
        <li>
          the day {countedIn.day} ({timezone}) of “<bdi>{event.type}</bdi>”, by node, source and context
        </li>
        {metrics.map(({ key, value, currency, counted }) => (
          <li key={key}>
            the sum of <bdi>{key}</bdi>: {value} {currency}
            {counted ? '' : ', as soon as there is a rate for its currency'}
          </li>
        ))}
      </ul>
    </section>
  );
}

import { Link } from '@tanstack/react-router';
import { Time } from '../../components/time.tsx';
import type { LiveEvent } from './queries.ts';

interface NeighboursProps {
  /** Nearest first, as those after it. */
  readonly before: readonly LiveEvent[];
  readonly event: LiveEvent;
  readonly after: readonly LiveEvent[];
}

/** What happened to the same person around it, latest first, as in a timeline. */
export function Neighbours({ before, event, after }: NeighboursProps) {
  const all = [...after.toReversed(), event, ...before];
  return (
    <section>
      <h3>Before and after</h3>
      <p className="small soft">What happened to the same person, latest first</p>
      <ol className="neighbours">
        {all.map(({ id, type, occurredAt }) => (
          <li key={id} aria-current={id === event.id ? 'true' : undefined}>
            <span className="small soft">
              <Time at={occurredAt} form="short" />
            </span>
            {id === event.id ? (
              <strong className="foreign">{type}</strong>
            ) : (
              <Link
                from="/$workspace/live"
                to="/$workspace/live"
                search={(search) => ({ ...search, event: id })}
                className="foreign"
                replace
              >
                {type}
              </Link>
            )}
          </li>
        ))}
      </ol>
    </section>
  );
}

import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useWorkspaceName } from '../../app/current-workspace.ts';
import { Failure } from '../../components/states.tsx';
import { Status } from '../../components/status.tsx';
import { Time, ZoneNote } from '../../components/time.tsx';
import { erasuresQuery } from './queries.ts';

/** Who was forgotten last, with the way to how far that is, and to its receipt. Nothing where nobody was. */
export function Forgotten() {
  const workspace = useWorkspaceName();
  const { data: erasures = [], error } = useQuery(erasuresQuery(workspace));
  if (error) return <Failure error={error} />;
  if (erasures.length === 0) return null;
  return (
    <section className="card" aria-labelledby="forgotten">
      <div className="card-head">
        <h2 id="forgotten">Forgotten</h2>
        <span className="soft small">
          <ZoneNote />
        </span>
      </div>
      <ul className="found-people">
        {erasures.map(({ id, personId, requestedAt, requestedBy, finishedAt }) => (
          <li key={id}>
            <Link to="/$workspace/people/$person" params={{ workspace, person: personId }}>
              <Time at={requestedAt} form="short" />
            </Link>
            <span className="soft small foreign">by the key {requestedBy}</span>
            <Status mood={finishedAt === null ? 'warn' : 'good'}>
              {finishedAt === null ? 'Under way' : 'Done'}
            </Status>
          </li>
        ))}
      </ul>
    </section>
  );
}

import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { isUnderWay, type Job, jobsQuery } from '../../api/jobs.ts';
import { useWorkspaceName } from '../../app/current-workspace.ts';
import { titleOfJobKind } from './job-kinds.ts';
import { JobProgress } from './job-line.tsx';

interface OpenJobsProps {
  /** What of the workspace's long work belongs here. */
  readonly kinds: readonly string[];
}

/** The long work of some kinds that is under way, with its progress; nothing where there is none. It goes on without this page. */
export function OpenJobs({ kinds }: OpenJobsProps) {
  const workspace = useWorkspaceName();
  const { data = [] } = useQuery(jobsQuery(workspace));
  const open = data.filter(({ kind, state }) => kinds.includes(kind) && isUnderWay(state));
  if (open.length === 0) return null;
  return (
    <section className="card" aria-label="Under way">
      <div role="status">
        <ul className="stack">
          {open.map((job) => (
            <li key={job.id}>
              <OpenJob job={job} />
            </li>
          ))}
        </ul>
      </div>
      <p className="small soft">
        It goes on when this page is closed.{' '}
        <Link to="/$workspace/settings/jobs" params={{ workspace }}>
          All jobs
        </Link>
      </p>
    </section>
  );
}

function OpenJob({ job }: { readonly job: Job }) {
  return (
    <>
      <h3>{titleOfJobKind(job.kind)}</h3>
      <JobProgress job={job} />
      {job.error === null ? null : (
        <p className="small foreign">It has failed and is tried again by itself: {job.error}</p>
      )}
    </>
  );
}

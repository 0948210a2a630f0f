import type { Job } from '../../api/jobs.ts';
import { formatCount } from '../../components/number.ts';
import { titleOfJobKind } from './job-kinds.ts';

/** How far a job has come, in a line that moves. */
export function JobProgress({ job: { kind, state, progress } }: { readonly job: Job }) {
  const { done, failed, total } = progress;
  const isOpen = state === 'waiting' || state === 'running';
  return (
    <div className="job-line">
      {isOpen ? (
        <progress
          {...(total === null ? {} : { max: Math.max(total, 1), value: Math.min(done, total) })}
          aria-label={`How far it has come: ${titleOfJobKind(kind)}`}
        />
      ) : null}
      <span className="small soft">
        {formatCount(done)}
        {total === null ? (isOpen ? ' done so far' : ' done') : ` of ${formatCount(total)} done`}
        {failed > 0 ? `, ${formatCount(failed)} of them could not be` : null}
      </span>
    </div>
  );
}

import { isUnderWay, type Job } from '../../api/jobs.ts';
import { formatCount } from '../../components/number.ts';
import { titleOfJobKind } from './job-kinds.ts';

/** How far a job has come, in a line that moves. */
export function JobProgress({ job }: { readonly job: Job }) {
  const { done, total } = job.progress;
  const { kind, state } = job;
  return (
    <div className="job-line">
      {isUnderWay(state) ? (
        <progress
          {...(total === null ? {} : { max: Math.max(total, 1), value: Math.min(done, total) })}
          aria-label={`How far it has come: ${titleOfJobKind(kind)}`}
        />
      ) : null}
      <span className="small soft">{wordsOf(job)}</span>
    </div>
  );
}

function wordsOf({ state, progress: { done, failed, total } }: Job): string {
  if (total === 0) return isUnderWay(state) ? 'It begins' : 'Nothing was to be done';
  const soFar = isUnderWay(state) ? 'done so far' : 'done';
  const counted =
    total === null ? `${formatCount(done)} ${soFar}` : `${formatCount(done)} of ${formatCount(total)} done`;
  return failed > 0 ? `${counted}, ${formatCount(failed)} of them could not be` : counted;
}

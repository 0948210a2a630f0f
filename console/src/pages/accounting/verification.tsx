import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { isUnderWay, type Job } from '../../api/jobs.ts';
import { useWorkspaceName } from '../../app/current-workspace.ts';
import { Button } from '../../components/button.tsx';
import { Failure, Loaded } from '../../components/states.tsx';
import { Status } from '../../components/status.tsx';
import { Time } from '../../components/time.tsx';
import { beginVerify, lastVerifyQuery } from './queries.ts';

interface Check {
  readonly name: string;
  readonly ok: boolean;
  readonly detail: string;
}

/** Compares all figures with the rows that they are counted from, on request, and shows what came of it. */
export function Verification() {
  const workspace = useWorkspaceName();
  const queryClient = useQueryClient();
  const last = useQuery(lastVerifyQuery(workspace));
  const begin = useMutation({
    mutationFn: () => beginVerify(workspace),
    onSuccess: (job) => queryClient.setQueryData(lastVerifyQuery(workspace).queryKey, job),
  });
  const isBusy = begin.isPending || (last.data ? isUnderWay(last.data.state) : false);
  return (
    <section className="card" aria-labelledby="verification">
      <div className="card-head">
        <h2 id="verification">Do the figures hold?</h2>
        <Button onClick={() => begin.mutate()} busy={isBusy}>
          {isBusy ? 'Verifying …' : 'Verify now'}
        </Button>
      </div>
      {begin.error ? <Failure error={begin.error} /> : null}
      <Loaded query={last}>
        {(job) =>
          job ? (
            <Outcome job={job} />
          ) : (
            <p className="soft">
              Nobody has asked yet. It compares counters, the order of changes and everything derived with
              what is stored, beside the events that come in, and changes nothing.
            </p>
          )
        }
      </Loaded>
    </section>
  );
}

function Outcome({ job }: { readonly job: Job }) {
  const { done, total } = job.progress;
  if (job.state === 'failed') return <p className="soft foreign">It could not be done: {job.error}</p>;
  if (isUnderWay(job.state))
    return (
      <div className="verification-progress" role="status">
        <progress max={total ?? 1} value={total === null ? 0 : done} aria-label="Checks that are done" />
        <span className="soft">{total === null ? 'It begins …' : `${done} of ${total} checks are done`}</span>
      </div>
    );
  const checks = checksOf(job);
  return (
    <>
      <p className="soft small">
        {job.progress.failed === 0 ? 'Everything held' : `${job.progress.failed} of ${done} did not hold`} at{' '}
        <Time at={job.finishedAt ?? job.updatedAt} form="short" />.
      </p>
      <dl className="stated stated-wide">
        {checks.map(({ name, ok, detail }) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>
              <Status mood={ok ? 'good' : 'bad'}>{ok ? 'Holds' : 'Does not hold'}</Status>
            </dd>
            <dd className="soft foreign">{detail}</dd>
          </div>
        ))}
      </dl>
    </>
  );
}

/** The result of a job is in its kind's own form. */
function checksOf({ result }: Job): readonly Check[] {
  const checks: unknown = result?.checks;
  return Array.isArray(checks) ? checks.filter(isCheck) : [];
}

function isCheck(value: unknown): value is Check {
  return typeof value === 'object' && value !== null && 'name' in value && 'ok' in value && 'detail' in value;
}

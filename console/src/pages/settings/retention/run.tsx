import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { isUnderWay, type Job, jobsQuery } from '../../../api/jobs.ts';
import { useWorkspaceName } from '../../../app/current-workspace.ts';
import { Button } from '../../../components/button.tsx';
import { formatCount } from '../../../components/number.ts';
import { Failure } from '../../../components/states.tsx';
import { Time } from '../../../components/time.tsx';
import { ConfirmDialog } from '../confirm-dialog.tsx';
import { beginRetention, type DryRun, dryRun } from './queries.ts';

/** What the counters are of. */
const titles: Readonly<Record<string, string>> = {
  anonymizedEvents: 'Webmarketer’s events, anonymized',
  anonymizedTrash: 'Webmarketer’s events in quarantine, anonymized',
  anonymizedUsers: 'Webmarketer’s users, anonymized',
  deletedEvents: 'Octeth’s website events, deleted',
  deletedCustomerEvents: 'Contacthub’s events, deleted',
};

/** What is due by now, and a run at once. */
export function Run() {
  const workspace = useWorkspaceName();
  const queryClient = useQueryClient();
  const [isAsking, setAsking] = useState(false);
  const { data: jobs = [] } = useQuery(jobsQuery(workspace));
  const runs = jobs.filter(({ kind }) => kind === 'retention');
  const last = runs.find(({ state }) => state === 'finished');
  const look = useMutation({ mutationFn: () => dryRun(workspace) });
  const run = useMutation({
    mutationFn: () => beginRetention(workspace),
    onSuccess: async () => {
      setAsking(false);
      look.reset();
      await queryClient.invalidateQueries({ queryKey: ['jobs', workspace] });
    },
  });
  const isRunning = runs.some(({ state }) => isUnderWay(state));
  const due = look.data && countsOf(look.data);
  return (
    <section className="card stack" aria-labelledby="due">
      <div className="card-head">
        <h3 id="due">What is due</h3>
        <div className="settings-buttons">
          <Button onClick={() => look.mutate()} busy={look.isPending}>
            Count it
          </Button>
          <Button
            look="danger"
            onClick={() => setAsking(true)}
            disabled={isRunning || due === undefined || due.every(([, count]) => count === 0)}
          >
            Run now
          </Button>
        </div>
      </div>
      {due && look.data ? (
        <>
          <Counts counts={due} />
          {look.data.more ? (
            <p className="soft small">There is more: a dry run looks at 10,000 events. A run does all.</p>
          ) : null}
        </>
      ) : (
        <p className="soft">Count first: a dry run says what a run would do, and does nothing.</p>
      )}
      {look.error ? <Failure error={look.error} /> : null}
      {run.isSuccess && run.data === null ? (
        <p className="soft">There is no policy by now, so nothing is due.</p>
      ) : null}
      {last ? <Last job={last} /> : null}
      {isAsking && due ? (
        <ConfirmDialog
          title="Anonymize and delete what is due?"
          deed="Run now"
          busy={run.isPending}
          error={run.error}
          onConfirm={() => run.mutate()}
          onClose={() => setAsking(false)}
        >
          <p>This can’t be taken back. By the policies as they are stored now:</p>
          <Counts counts={due} />
        </ConfirmDialog>
      ) : null}
    </section>
  );
}

function Last({ job: { finishedAt, updatedAt, result } }: { readonly job: Job }) {
  const counts = Object.entries(result ?? {}).flatMap(([name, count]): [string, number][] =>
    typeof count === 'number' && count > 0 ? [[name, count]] : [],
  );
  return (
    <div>
      <p className="soft small">
        The last run ended at <Time at={finishedAt ?? updatedAt} form="short" />
        {counts.length === 0 ? ' and found nothing due.' : ':'}
      </p>
      {counts.length > 0 ? <Counts counts={counts} /> : null}
    </div>
  );
}

function Counts({ counts }: { readonly counts: readonly (readonly [string, number])[] }) {
  return (
    <dl className="facts">
      {counts.map(([name, count]) => (
        <div key={name} className="fact">
          <dt>{titles[name] ?? name}</dt>
          <dd>{formatCount(count)}</dd>
        </div>
      ))}
    </dl>
  );
}

/** They stand under the names of the APIs whose policies ask for them. */
function countsOf(answer: DryRun): readonly (readonly [string, number])[] {
  return Object.values(answer).flatMap((part) =>
    typeof part === 'object' && part !== null
      ? Object.entries(part).flatMap(([name, count]): [string, number][] =>
          typeof count === 'number' ? [[name, count]] : [],
        )
      : [],
  );
}

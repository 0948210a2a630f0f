import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { useWorkspaceName } from '../../app/current-workspace.ts';
import { type Grouping, models, type WholeModel } from '../../components/attribution/asked.ts';
import type { Asked } from '../../components/attribution/use-asked.ts';
import { Button } from '../../components/button.tsx';
import { countOf } from '../../components/number.ts';
import { Empty, Failure, Loading } from '../../components/states.tsx';
import { beginModel, modelJobQuery } from './queries.ts';

interface ModelJobProps {
  readonly asked: Asked;
  readonly model: WholeModel;
  readonly groupBy: Grouping;
  /** Why there is no report: it names the job, where there is one. */
  readonly refusal: string;
}

/** The result of a data-driven model is made by a job, which goes on when nobody looks. */
export function ModelJob({ asked, model, groupBy, refusal }: ModelJobProps) {
  const workspace = useWorkspaceName();
  const queryClient = useQueryClient();
  const title = models.find(({ value }) => value === model)?.title ?? model;
  const job = useQuery(modelJobQuery(workspace, refusal));
  const askAgain = () => queryClient.invalidateQueries({ queryKey: ['attribution', workspace, 'report'] });
  const begin = useMutation({
    mutationFn: () => beginModel(workspace, asked, model, groupBy),
    onSuccess: askAgain,
  });
  const state = job.data?.state;
  // biome-ignore lint/correctness/useExhaustiveDependencies: it is asked again when the job has ended, and then alone
  useEffect(() => {
    if (state === 'finished') void askAgain();
  }, [state]);
  if (groupBy === 'source' || groupBy === 'medium')
    return (
      <Empty title={`${title} is not told by ${groupBy}`}>
        Its results are kept, and no words that visitors write are kept with them. Choose campaign, channel,
        integration or API.
      </Empty>
    );
  if (job.isPending) return <Loading />;
  if (begin.isPending || state === 'waiting' || state === 'running' || state === 'finished')
    return (
      <div className="card model-job" role="status">
        <progress aria-label={`${title} is computed`} />
        <p>
          {title} is computed: {countOf(job.data?.progress.done ?? 0, 'journey')} so far.
        </p>
        <p className="small soft">It goes on when this page is closed, and its result is kept.</p>
      </div>
    );
  return (
    <>
      <Empty
        title={
          state === 'failed' ? `${title} could not be computed` : `${title} looks at all journeys together`
        }
        action={
          <Button look="primary" onClick={() => begin.mutate()}>
            {state === 'failed' ? 'Compute again' : 'Compute it'}
          </Button>
        }
      >
        {state === 'failed' ? (
          <span className="foreign">{job.data?.error}</span>
        ) : (
          'Those that ended in nothing, too. It takes seconds to minutes, goes on when this page is closed, and its result is kept.'
        )}
      </Empty>
      {begin.error ? <Failure error={begin.error} /> : null}
    </>
  );
}

import type { Job } from '../core/job/job.ts';
import { readJob } from '../core/job/job-store.ts';
import type { Workspace } from '../core/workspace/workspace.ts';
import { CommandError } from './command.ts';
import type { CommandServices } from './with-services.ts';

const showMilliseconds = 2_000;

/**
 * Runs a job that was asked for to its end, or waits for whoever has it, and says on stderr how far it is. Ctrl-C gives it back.
 * @throws CommandError when it has not come to its end
 */
export async function finishJob(
  { jobs, database }: CommandServices,
  { id: workspaceId, slug }: Workspace,
  id: string,
): Promise<Job> {
  const show = async () => {
    const job = await readJob(database, workspaceId, id);
    if (job) process.stderr.write(`${slug}: ${presentProgress(job)}\n`);
  };
  // What can't be read now is shown the next time.
  const showing = setInterval(() => void show().catch(() => undefined), showMilliseconds);
  const stop = () => void jobs.stop();
  process.once('SIGINT', stop);
  try {
    const job = await jobs.runToEnd({ workspaceId, id });
    if (job?.state === 'finished') return job;
    const isOpen = job?.state === 'waiting' || job?.state === 'running';
    throw new CommandError(
      isOpen
        ? `stopped at ${presentProgress(job)}; a running server goes on from there, and so does the same command`
        : `the job ${id} of ${slug} has failed: ${job?.error}`,
    );
  } finally {
    clearInterval(showing);
    process.off('SIGINT', stop);
  }
}

function presentProgress({ kind, progress: { done, total } }: Job): string {
  return `${kind}: ${done}${total === null ? '' : ` of ${total}`} done`;
}

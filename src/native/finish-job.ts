import type { Job } from '../core/job/job.ts';
import type { WorkspaceId } from '../core/workspace/workspace.ts';
import { RequestError } from '../errors.ts';
import type { NativeServices } from './services.ts';

const resumeSeconds = 10;

/**
 * Runs a job that was asked for to its end, or waits for whoever has it. @throws RequestError `overloaded` when this process ends before:
 * the job goes on by itself
 */
export async function finishJob(
  { jobs }: Pick<NativeServices, 'jobs'>,
  workspaceId: WorkspaceId,
  id: string,
): Promise<Job> {
  const job = await jobs.runToEnd({ workspaceId, id });
  if (job?.state === 'finished') return job;
  if (job?.state === 'waiting' || job?.state === 'running')
    throw new RequestError(
      'overloaded',
      `This server is ending. The job goes on by itself: GET …/jobs/${id} shows how far it has come.`,
      { retryAfterSeconds: resumeSeconds },
    );
  throw new Error(`the job ${id} has failed: ${job?.error}`);
}

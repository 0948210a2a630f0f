import type { Job } from '../../core/job/job.ts';

export function presentJob(job: Job) {
  const { id, kind, subject, state, progress, result, error, attempts, requestedBy } = job;
  return {
    id,
    kind,
    subject,
    state,
    progress: { ...progress },
    result: result && { ...result },
    error,
    attempts,
    requestedBy,
    requestedAt: job.requestedAt.toISOString(),
    dueAt: job.dueAt.toISOString(),
    startedAt: job.startedAt?.toISOString() ?? null,
    updatedAt: job.updatedAt.toISOString(),
    finishedAt: job.finishedAt?.toISOString() ?? null,
  };
}

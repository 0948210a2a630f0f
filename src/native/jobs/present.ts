import type { Job } from '../../core/job/job.ts';
import type { JobPosition } from '../../core/job/job-store.ts';

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

/** The opaque text that a page's `next` is: it names the job that the page ended with. */
export function encodeJobPosition({ requestedAt, id }: JobPosition): string {
  return Buffer.from(`${requestedAt.getTime()}/${id}`).toString('base64url');
}

const positionPattern = /^(\d{1,15})\/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/;

/** Undefined for a text that no page has given. */
export function decodeJobPosition(text: string): JobPosition | undefined {
  const [, at, id] = positionPattern.exec(Buffer.from(text, 'base64url').toString('latin1')) ?? [];
  return at === undefined || id === undefined ? undefined : { requestedAt: new Date(Number(at)), id };
}

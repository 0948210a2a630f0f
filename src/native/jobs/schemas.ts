import Type from 'typebox';
import { queryObject } from '../../http/validation.ts';
import { errors, Id, nullable, oneOf, openObject, resourceParameters, Time } from '../schemas/common.ts';

export const JobParameters = resourceParameters('jobId', "The job's id.");

export const JobsQuery = queryObject({
  kind: Type.Optional(
    Type.String({ minLength: 1, maxLength: 100, description: 'Those of this kind alone.' }),
  ),
  limit: Type.Integer({ minimum: 1, maximum: 200, default: 50 }),
  next: Type.Optional(Type.String({ maxLength: 100, description: 'The `next` of the page before.' })),
});

const Progress = Type.Object(
  {
    done: Type.Integer(),
    failed: Type.Integer({ description: 'Of those that are done, the ones that could not be.' }),
    total: nullable(Type.Integer({ description: 'null: not known yet' })),
  },
  { description: 'In what the kind counts: leads, events, rows.' },
);

export const JobReply = Type.Object({
  id: Id,
  kind: Type.String(),
  subject: Type.String({
    description: 'What of its kind it is about; empty where a workspace has one alone.',
  }),
  state: oneOf(['waiting', 'running', 'finished', 'failed']),
  progress: Progress,
  result: nullable(openObject('Counts and facts of what was done, in the kind’s own form.')),
  error: nullable(
    Type.String({ description: 'Why it failed last; while it waits, it is tried again by itself.' }),
  ),
  attempts: Type.Integer({ description: 'How often it has failed in a row.' }),
  requestedBy: Type.String(),
  requestedAt: Time,
  dueAt: Type.String({
    format: 'date-time',
    description: 'While it waits: not before then, which after a failure is when it is tried again.',
  }),
  startedAt: nullable(Time),
  updatedAt: Time,
  finishedAt: nullable(Time),
});

export const JobsReply = Type.Object({ jobs: Type.Array(JobReply), next: nullable(Type.String()) });

export const jobErrors = errors(404);

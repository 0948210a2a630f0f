import type { Static } from 'typebox';
import { Value } from 'typebox/value';
import type { Grouping } from '../../core/attribution/grouping.ts';
import type { Tally } from '../../core/attribution/tally.ts';
import {
  ModelQuestion,
  ModelResult,
  modelKind,
  type models,
  subjectOf,
  type WholeModel,
  wholeGroupings,
  wholeModels,
} from '../../core/attribution/whole-model.ts';
import type { Job } from '../../core/job/job.ts';
import { listJobs, readJob, readLastJob, requestJob } from '../../core/job/job-store.ts';
import type { Workspace } from '../../core/workspace/workspace.ts';
import { RequestError } from '../../errors.ts';
import type { AskedDays } from '../../query/attribution/local-interval.ts';
import { decodePosition, encodePosition } from '../../query/position.ts';
import { presentSettings } from '../conversions/present.ts';
import { presentJob } from '../jobs/present.ts';
import { badNext, wrong } from '../refusals.ts';
import type { NativeServices } from '../services.ts';
import { type Asked, readAsked, readDays } from './question.ts';
import type { ModelBody, ModelsQuery, ModelsReply } from './schemas.ts';

export function isWhole(model: (typeof models)[number]): model is WholeModel {
  return wholeModels.some((whole) => whole === model);
}

function questionOf(
  { workspace: { timezone, currency }, settings }: Asked,
  model: WholeModel,
  groupBy: Grouping,
  days: AskedDays,
  part: string,
): ModelQuestion {
  const grouping = wholeGroupings.find((known) => known === groupBy);
  if (!grouping)
    throw wrong(
      `${part}/groupBy`,
      `${part}/groupBy of the model ${model} is one of ${wholeGroupings.join(', ')}: no words that visitors write are kept with its results.`,
    );
  const { event, ...rest } = presentSettings(settings);
  return { model, grouping, ...days, timezone, currency, settings: { ...rest, event: settings.event } };
}

/** Asks for the result of a data-driven model; one that is under way is that one. */
export async function requestModel(
  services: NativeServices,
  cached: Workspace,
  body: Static<typeof ModelBody>,
  requestedBy: string,
) {
  const { database, clock, jobs } = services;
  const asked = await readAsked(services, cached, body, 'body');
  const { workspace } = asked;
  const days = readDays(workspace, body, clock(), 'body');
  const question = questionOf(asked, body.model, body.groupBy, days, 'body');
  const job = { kind: modelKind, subject: subjectOf(question), input: question, requestedBy };
  const id = await requestJob(database, workspace.id, job, new Date(clock()));
  void jobs.look();
  const requested = await readJob(database, workspace.id, id);
  if (!requested) throw new Error(`the job ${id} was asked for and is not there`);
  return presentJob(requested);
}

/** Those that were asked for last come first. @throws RequestError `invalid-request` */
export async function listModels(
  { database }: NativeServices,
  { id }: Workspace,
  { limit, next }: Static<typeof ModelsQuery>,
): Promise<Static<typeof ModelsReply>> {
  const position = next === undefined ? undefined : decodePosition(next);
  if (next !== undefined && !position) throw badNext();
  const before = position ? { requestedAt: new Date(position.at), id: position.id } : null;
  const jobs = await listJobs(database, id, before, limit, modelKind);
  const last = jobs.length === limit ? jobs.at(-1) : undefined;
  return {
    models: jobs.map((job) => {
      const { settings, grouping: groupBy, ...asked } = Value.Parse(ModelQuestion, job.input);
      const { jobId, state, progress, error, requestedBy, requestedAt, finishedAt } = shownJob(job);
      return {
        jobId,
        state,
        // As they were shown when it was asked for: its own question has made them.
        parameters: { ...asked, groupBy, ...presentSettings(settings) },
        progress,
        error,
        asOf: state === 'finished' ? Value.Parse(ModelResult, job.result).asOf : null,
        requestedBy,
        requestedAt,
        finishedAt,
      };
    }),
    next: last ? encodePosition(last.requestedAt, last.id) : null,
  };
}

function shownJob(job: Job) {
  const { id: jobId, ...shown } = presentJob(job);
  return { jobId, ...shown };
}

/** The result of a data-driven model, as a job has kept it. @throws RequestError `conflict`, `invalid-request` */
export async function findResult(
  { database }: NativeServices,
  asked: Asked,
  model: WholeModel,
  groupBy: Grouping,
  days: AskedDays,
): Promise<{ readonly tally: Tally; readonly asOf: number }> {
  const question = questionOf(asked, model, groupBy, days, 'querystring');
  const job = await readLastJob(database, asked.workspace.id, modelKind, subjectOf(question));
  if (job?.state !== 'finished') {
    const state = job?.error ? `: ${job.error}` : ` (${job?.progress.done ?? 0} done)`;
    throw new RequestError(
      'conflict',
      job
        ? `The result of the model is not there yet, its job ${job.id} is ${job.state}${state}. GET …/jobs/${job.id} shows how far it has come.`
        : `The model ${model} looks at all conversions of the days together: have its result made by POST …/attribution/models with the same parameters as the body, which answers the job that does so.`,
      { path: 'querystring/model' },
    );
  }
  const { asOf, isMoney, rows, unattributed } = Value.Parse(ModelResult, job.result);
  const credited = (texts: { readonly conversions: string; readonly value: string }) => ({
    conversions: BigInt(texts.conversions),
    value: BigInt(texts.value),
  });
  const tally = {
    rows: rows.map((row) => ({ ...row, interval: null, ...credited(row) })),
    unattributed: new Map([[null, credited(unattributed)]]),
    isMoney: isMoney ?? undefined,
  };
  return { tally, asOf };
}

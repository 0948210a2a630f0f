import Type, { type Static } from 'typebox';
import { Value } from 'typebox/value';
import type { Clock } from '../core/clock.ts';
import type { JobRequest, JobStep } from '../core/job/job.ts';
import { type QuarantinedEvent, type QuarantineScope, replayedAs } from '../core/quarantine/quarantine.ts';
import { readQuarantinedOf } from '../core/quarantine/quarantine-store.ts';
import type { WorkspaceId } from '../core/workspace/workspace.ts';
import { RequestError } from '../errors.ts';
import type { Ingest } from '../ingest/ingest.ts';
import { type Replayer, type ReplayOutcome, replayEvent, tryReplays } from '../ingest/replay-event.ts';
import { countWaiting, readNextWaiting, type WaitingPlace } from '../query/quarantine/read-waiting.ts';
import type { Database } from '../store/database.ts';
import { type JobKind, type Slice, SliceFailure } from './job-kind.ts';

export const replayQuarantineKind = 'replay-quarantine';

/** What is replayed: the bad events of a scope that wait when it is asked for. */
export const ReplayInput = Type.Object({
  dialect: Type.Optional(Type.String()),
  rule: Type.Optional(Type.String()),
  type: Type.Optional(Type.Union([Type.String(), Type.Null()])),
  dryRun: Type.Boolean(),
});

/** What has become of them. */
export const ReplayCounts = Type.Object({
  stored: Type.Integer(),
  saved: Type.Integer(),
  duplicate: Type.Integer(),
  dropped: Type.Integer(),
  bad: Type.Integer({ description: 'They break a rule still, and wait.' }),
  badBy: Type.Record(Type.String(), Type.Integer(), { description: 'By the rule that they break now.' }),
  gone: Type.Integer({ description: 'They were replayed or erased by others meanwhile.' }),
});
type ReplayCounts = Static<typeof ReplayCounts>;

const noCounts: ReplayCounts = { stored: 0, saved: 0, duplicate: 0, dropped: 0, bad: 0, badBy: {}, gone: 0 };

/**
 * `next`: those that the next slice replays. They are named before they are touched, so that who does the slice again, behind a process
 * that has died, counts also what was committed before.
 */
const Cursor = Type.Object({
  next: Type.Array(Type.Object({ at: Type.Integer(), id: Type.String() })),
  counts: ReplayCounts,
});

const sliceBounds = { rows: 200, bytes: 4 * 1024 * 1024 };
/** The ingest's queue is full for a moment only. */
const fullWaitMilliseconds = 5_000;

interface ReplayJobServices {
  readonly database: Database;
  readonly ingest: Ingest;
  readonly dialects: readonly Replayer[];
  readonly clock: Clock;
}

/** Asks for the bad events of a scope to be replayed, or, as a dry run, to be tried. The same that is under way is the same job. */
export function replayRequest(scope: QuarantineScope, dryRun: boolean, requestedBy: string): JobRequest {
  const { dialect, rule, type } = scope;
  const input: Static<typeof ReplayInput> = {
    ...(dialect === undefined ? {} : { dialect }),
    ...(rule === undefined ? {} : { rule }),
    ...(type === undefined ? {} : { type }),
    dryRun,
  };
  const words = Object.entries(input).map(([name, value]): [string, string] => [name, String(value ?? '')]);
  return { kind: replayQuarantineKind, subject: new URLSearchParams(words).toString(), input, requestedBy };
}

/** Replays the bad events of a scope, oldest first, some a slice, each once: who has replayed one is decided under the head lock. */
export function replayQuarantineJob(services: ReplayJobServices): JobKind {
  return { name: replayQuarantineKind, under: 'claim', slice: (slice) => replayNext(services, slice) };
}

async function replayNext(services: ReplayJobServices, { workspaceId, job }: Slice): Promise<JobStep> {
  const { dryRun, ...scope } = Value.Parse(ReplayInput, job.input);
  const until = job.requestedAt;
  const { database } = services;
  const { next: planned, counts: before } = job.cursor
    ? Value.Parse(Cursor, job.cursor)
    : { next: [], counts: noCounts };
  const total = job.progress.total ?? (await countWaiting(database, workspaceId, scope, until));
  const counts = await replaySlice(services, workspaceId, planned, dryRun, before);
  const last = planned.at(-1);
  const after: WaitingPlace | null = last ? { at: new Date(last.at), id: last.id } : null;
  const isBegun = job.cursor !== null;
  const next =
    isBegun && !last
      ? []
      : await readNextWaiting(database, workspaceId, scope, { after, until }, sliceBounds);
  const done = job.progress.done + planned.length;
  const progress = { done, failed: counts.bad, total: next.length === 0 ? done : Math.max(total, done) };
  if (next.length === 0) return { cursor: null, progress, result: { dryRun, ...counts } };
  return { cursor: { next: next.map(({ at, id }) => ({ at: at.getTime(), id })), counts }, progress };
}

async function replaySlice(
  services: ReplayJobServices,
  workspaceId: WorkspaceId,
  planned: readonly { readonly id: string }[],
  dryRun: boolean,
  before: ReplayCounts,
): Promise<ReplayCounts> {
  if (planned.length === 0) return before;
  const ids = planned.map(({ id }) => id);
  const found = await readQuarantinedOf(services.database, workspaceId, ids);
  const waiting = found.filter(({ replayedAt }) => replayedAt === null);
  const outcomes = await outcomesOf(services, workspaceId, waiting, dryRun);
  const counts = { ...before, badBy: { ...before.badBy } };
  for (const outcome of outcomes) count(counts, outcome);
  // What a process that has died had done of the slice.
  for (const event of found)
    if (event.replayedAt !== null) counts[dryRun ? 'gone' : (event.replayedAs ?? 'gone')]++;
  counts.gone += ids.length - found.length;
  return counts;
}

async function outcomesOf(
  services: ReplayJobServices,
  workspaceId: WorkspaceId,
  events: readonly QuarantinedEvent[],
  dryRun: boolean,
): Promise<ReplayOutcome[]> {
  try {
    if (dryRun) return await tryReplays(services, workspaceId, events);
    // They are one batch, or few: they come in at once.
    return await Promise.all(events.map((event) => replayEvent(services, workspaceId, event)));
  } catch (error) {
    if (!(error instanceof RequestError)) throw error;
    if (error.code === 'overloaded')
      throw new SliceFailure(
        'the server has no room for more at the moment',
        new Date(services.clock() + fullWaitMilliseconds),
      );
    throw new SliceFailure(error.message, null);
  }
}

function count(counts: ReplayCounts, outcome: ReplayOutcome): void {
  if (outcome.kind === 'bad') {
    const { rule } = outcome.violation;
    counts.bad++;
    counts.badBy[rule] = (counts.badBy[rule] ?? 0) + 1;
    return;
  }
  counts[replayedAs.find((one) => one === outcome.kind) ?? 'gone']++;
}

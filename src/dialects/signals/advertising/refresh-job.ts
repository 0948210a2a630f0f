import Type, { type Static } from 'typebox';
import { Value } from 'typebox/value';
import type { Job, JobStep } from '../../../core/job/job.ts';
import type { WorkspaceId } from '../../../core/workspace/workspace.ts';
import type { JobKind, Slice } from '../../../jobs/job-kind.ts';
import { finishAdAccountRefresh, noteBackfill, readAdAccount } from './ad-account-store.ts';
import type { AdPlatform, PlatformFailure } from './ad-platform.ts';
import type { AdAccount } from './advertising.ts';
import { type AdvertisingServices, writeAdvertising } from './advertising-services.ts';
import { noteFailure, openConnection } from './connection.ts';
import { dayAfter, dayMilliseconds, daysOf, firstWeekOf, planAccountSpan } from './plan-days.ts';
import { refreshKind } from './refresh-ad-account.ts';
import { refreshDays } from './refresh-days.ts';
import {
  type FailedRefresh,
  nextRefreshAfter,
  RefreshFailure,
  type RefreshResult,
  stateOf,
} from './refresh-outcome.ts';
import { refreshStructure } from './refresh-structure.ts';

/** A slice is all campaigns and ads of an account, or a week of its numbers. */
const sliceMilliseconds = 10 * 60 * 1000;

/** The days that are still to be read (`YYYY-MM-DD`), as of the last slice (ms). */
const Plan = Type.Object({ since: Type.String(), until: Type.String(), readAt: Type.Integer() });
type Plan = Static<typeof Plan>;

/**
 * Brings an account's campaigns, ads and daily numbers to what Meta tells now: first what there is, then its numbers, a week a slice.
 * Its progress counts days. `servicesOf` is asked when a slice begins.
 */
export function refreshJob(servicesOf: () => AdvertisingServices): JobKind {
  return { name: refreshKind, under: 'claim', slice: (slice) => refreshSlice(servicesOf(), slice) };
}

async function refreshSlice(services: AdvertisingServices, slice: Slice): Promise<JobStep> {
  const { workspaceId, job, stopping } = slice;
  const account = await readAdAccount(services.database, workspaceId, job.subject);
  if (!account) throw new Error(`there is no ad account ${job.subject} in workspace ${workspaceId}`);
  const note = (outcome: RefreshResult) => noteEnd(services, workspaceId, account.id, outcome);
  const read = await readNext(services, slice, account).catch(async (fault) => {
    await note({ kind: 'unreachable', reason: 'a fault here; the log says more' });
    throw fault;
  });
  if (!('kind' in read)) {
    if (read.result) await note({ kind: 'refreshed' });
    return read;
  }
  // The process ends: the next one does the slice again.
  if (read.kind === 'out-of-time' && stopping.aborted) return { cursor: job.cursor, progress: job.progress };
  await note(read);
  throw new RefreshFailure(read, services.clock());
}

async function readNext(
  services: AdvertisingServices,
  { workspaceId, job, deadline, stopping }: Slice,
  account: AdAccount,
): Promise<JobStep | FailedRefresh> {
  const limits = { deadline: deadline ?? Date.now() + sliceMilliseconds, signal: stopping };
  const connection = await openConnection(services, workspaceId, account.facebookAccountId, limits);
  if (!('platform' in connection)) return connection;
  const { platform } = connection;
  const plan = planOf(job, services.clock());
  const read =
    plan && job.attempts === 0
      ? await readWeek(services, workspaceId, job, plan, platform)
      : await readStructure(services, workspaceId, account, plan?.since ?? null, platform);
  if ('kind' in read) await noteFailure(services, workspaceId, connection, read);
  return read;
}

/** Undefined where none is left that is to be gone on with: what was read a day ago may have been corrected. */
function planOf({ cursor }: Job, now: number): Plan | undefined {
  const plan = cursor && Value.Parse(Plan, cursor);
  return plan && now - plan.readAt < dayMilliseconds ? plan : undefined;
}

/** What there is, read anew after each failure, and then which days are to be read: from `resumeFrom`, where one has come so far. */
async function readStructure(
  services: AdvertisingServices,
  workspaceId: WorkspaceId,
  account: AdAccount,
  resumeFrom: string | null,
  platform: AdPlatform,
): Promise<JobStep | PlatformFailure> {
  const { database, clock, backfillDays } = services;
  const failure = await refreshStructure(services, workspaceId, account.id, platform);
  if (failure) return failure;
  // The zone may have been learnt just now, and days are days in it.
  const { timezone } = (await readAdAccount(database, workspaceId, account.id)) ?? account;
  const span = planAccountSpan({ ...account, timezone }, clock(), backfillDays, resumeFrom);
  const cursor: Plan = { ...span, readAt: clock() };
  return { cursor, progress: { done: 0, failed: 0, total: daysOf(span).length } };
}

async function readWeek(
  services: AdvertisingServices,
  workspaceId: WorkspaceId,
  { subject: id, progress: before }: Job,
  plan: Plan,
  platform: AdPlatform,
): Promise<JobStep | PlatformFailure> {
  const week = firstWeekOf(plan);
  const failure = await refreshDays(services, workspaceId, { adAccountId: id }, id, week, platform);
  if (failure) return failure;
  await noteBackfill(services.database, workspaceId, id, week.since);
  const progress = { ...before, done: before.done + daysOf(week).length };
  const since = dayAfter(week.until);
  if (since > plan.until) return { cursor: null, progress, result: { days: progress.done } };
  return { cursor: { ...plan, since, readAt: services.clock() }, progress };
}

/** Notes in the account's row what became of its refresh, and when its day comes again; before the job's own end. */
async function noteEnd(
  services: AdvertisingServices,
  workspaceId: WorkspaceId,
  id: string,
  outcome: RefreshResult,
): Promise<void> {
  await writeAdvertising(services, workspaceId, (tx, now) => {
    const end = { ...stateOf(outcome), nextRefreshAt: nextRefreshAfter(outcome, now.getTime()) };
    return finishAdAccountRefresh(tx, workspaceId, id, end, now);
  });
}

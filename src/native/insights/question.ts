import { readOpenJob } from '../../core/job/job-store.ts';
import { localDays, rebuildKind, wholeWorkspace } from '../../core/job/rebuild-request.ts';
import type { Workspace } from '../../core/workspace/workspace.ts';
import { RequestError } from '../../errors.ts';
import { rollups } from '../../projections/engine-projections.ts';
import type { ChartGrouping } from '../../query/insights/chart-grouping.ts';
import {
  type ChartInterval,
  type ChartTime,
  countSlots,
  readChartTime,
} from '../../query/insights/chart-slots.ts';
import { TookTooLongError } from '../../store/database-error.ts';
import { readDays } from '../attribution/question.ts';
import { wrong } from '../refusals.ts';
import type { NativeServices } from '../services.ts';

/** A chart has at most so many intervals: a day's hours for 83 days, days for five years. */
export const maximumSlots = 2000;

/** The days and intervals that a question asks for. @throws RequestError `invalid-request` */
export function readTime(
  workspace: Workspace,
  query: { readonly since?: string; readonly until?: string; readonly interval: ChartInterval },
  now: number,
): ChartTime {
  const days = readDays(workspace, query, now);
  if (countSlots(days, query.interval) > maximumSlots)
    throw wrong(
      'querystring/interval',
      `querystring/interval makes more than ${maximumSlots} intervals of these days: ask for longer intervals, or for fewer days.`,
    );
  return readChartTime(days, query.interval, workspace.timezone);
}

/** Whether what is counted by day is being made anew by a job. */
export async function isRebuilding({ database }: NativeServices, { id }: Workspace): Promise<boolean> {
  const subjects = [wholeWorkspace, localDays, rollups.counts];
  const jobs = await Promise.all(subjects.map((subject) => readOpenJob(database, id, rebuildKind, subject)));
  return jobs.some((job) => job !== undefined);
}

/** Says what to narrow where a question that reads the rows took too long. `by`: what they were told apart by. */
export async function inTime<Answer>(by: ChartGrouping | null, asking: Promise<Answer>): Promise<Answer> {
  try {
    return await asking;
  } catch (error) {
    if (!(error instanceof TookTooLongError)) throw error;
    const why = by === null ? '' : ` No sums are kept by ${by} for this, so that each event is looked at.`;
    throw new RequestError(
      'took-too-long',
      `This takes longer than the ${error.milliseconds / 1000} seconds that a question may take, and was stopped.${why} Ask for less at once: fewer days, whole days in place of hours, one event type, or groups by type or API, of which sums are kept.`,
      { retryAfterSeconds: 30 },
    );
  }
}

import type { PlanRetention, RetentionStage, SliceResult } from '../../../core/retention/retention-slice.ts';
import { anonymizeDueEvents, anonymizeLateEvents, settleProgress } from './anonymize-events.ts';
import { anonymizeDueTrash } from './anonymize-trash.ts';
import { anonymizeDueUsers } from './anonymize-users.ts';
import { type PlannedSlice, planRetention } from './retention-plan.ts';

/** In this order: what came late is told by where the scans of its type were before. */
export const retention: PlanRetention = async (connection, workspace, now) => {
  const plan = await planRetention(connection, workspace, now.getTime());
  if (!plan) return [];
  const types = [...plan.due.types.keys()];
  const counted = new Set<string>();
  const planned =
    (work: (slice: PlannedSlice) => Promise<SliceResult>): RetentionStage['work'] =>
    (slice) =>
      work({ ...slice, plan });
  return [
    { work: planned(settle) },
    { counter: 'anonymizedEvents', work: planned(anonymizeLateEvents) },
    { counter: 'anonymizedEvents', work: planned((slice) => anonymizeDueEvents(slice, types)) },
    { counter: 'anonymizedTrash', work: planned(anonymizeDueTrash) },
    { counter: 'anonymizedUsers', work: planned((slice) => anonymizeDueUsers(slice, counted)) },
  ];
};

async function settle(slice: PlannedSlice): Promise<SliceResult> {
  settleProgress(slice);
  return { total: 0, done: true };
}

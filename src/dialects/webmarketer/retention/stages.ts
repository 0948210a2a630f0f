import type { PlanRetention, RetentionStage, SliceResult } from '../../../core/retention/retention-slice.ts';
import { anonymizeDueEvents, anonymizeLateEvents, settleProgress } from './anonymize-events.ts';
import { anonymizeDueTrash } from './anonymize-trash.ts';
import { anonymizeDueUsers } from './anonymize-users.ts';
import { type PlannedSlice, planRetention } from './retention-plan.ts';

/** In this order: what came late is told by where the scans of its type were before. */
export const retention: PlanRetention = async (connection, workspace, now) => {
  const plan = await planRetention(connection, workspace, now.getTime());
  if (!plan) return [];
  const counted = new Set<string>();
  const planned =
    (work: (slice: PlannedSlice) => Promise<SliceResult>): RetentionStage['work'] =>
    (slice) =>
      work({ ...slice, plan });
  return [
    { name: 'settle', work: planned(settle) },
    { name: 'late-events', counter: 'anonymizedEvents', work: planned(anonymizeLateEvents) },
    { name: 'events', counter: 'anonymizedEvents', work: planned(anonymizeDueEvents) },
    { name: 'trash', counter: 'anonymizedTrash', keepsPlace: true, work: planned(anonymizeDueTrash) },
    {
      name: 'users',
      counter: 'anonymizedUsers',
      keepsPlace: true,
      work: planned((slice) => anonymizeDueUsers(slice, counted)),
    },
  ];
};

async function settle(slice: PlannedSlice): Promise<SliceResult> {
  settleProgress(slice);
  return { total: 0, done: true };
}

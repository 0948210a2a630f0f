import type {
  DialectRetention,
  RetentionStage,
  SliceResult,
} from '../../../core/retention/retention-slice.ts';
import type { Workspace } from '../../../core/workspace/workspace.ts';
import type { Queryable } from '../../../store/queryable.ts';
import { anonymizeDueEvents, anonymizeLateEvents, settleProgress } from './anonymize-events.ts';
import { anonymizeDueTrash } from './anonymize-trash.ts';
import { anonymizeDueUsers } from './anonymize-users.ts';
import { type PlannedSlice, planRetention } from './retention-plan.ts';

export const retention: DialectRetention = {
  counters: {
    anonymizedEvents: 'events anonymized',
    anonymizedTrash: 'trash anonymized',
    anonymizedUsers: 'users anonymized',
  },
  policies: 'Expiration policies of the project and its event types.',
  plan: planAnonymizing,
};

/** In this order: what came late is told by where the scans of its type were before. */
async function planAnonymizing(
  connection: Queryable,
  workspace: Workspace,
  now: Date,
): Promise<readonly RetentionStage[]> {
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
}

async function settle(slice: PlannedSlice): Promise<SliceResult> {
  settleProgress(slice);
  return { total: 0, done: true };
}

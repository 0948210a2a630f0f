import type { RetentionSlice } from '../../../core/retention/retention-slice.ts';
import type { Workspace } from '../../../core/workspace/workspace.ts';
import type { Queryable } from '../../../store/queryable.ts';
import { groupPersonalFields, nothingPersonal, type PersonalFields } from './personal-fields.ts';
import { readPersonalFields, readPersonalUserFields } from './personal-fields-store.ts';
import { type DueDates, dueDatesOf } from './policy.ts';

/** What retention has to do in a workspace, as of one version of its configuration and one moment. */
export interface RetentionPlan {
  readonly workspace: Workspace;
  readonly now: Date;
  readonly due: DueDates;
  readonly personal: ReadonlyMap<number, PersonalFields>;
  /** Paths of the users' attributes that are personal. */
  readonly userPaths: readonly string[];
}

/** Undefined when the workspace keeps everything for good. `now`: milliseconds since the epoch. */
export async function planRetention(
  connection: Queryable,
  workspace: Workspace,
  now: number,
): Promise<RetentionPlan | undefined> {
  const due = dueDatesOf(workspace, now);
  if (!due) return undefined;
  const [ofEvents, ofUsers] = await Promise.all([
    readPersonalFields(connection, workspace.id, 'webmarketer'),
    readPersonalUserFields(connection, workspace.id),
  ]);
  const storageKeys = [
    ...ofEvents.filter(({ entity }) => entity === 'user').map((field) => field.storageKey),
    ...ofUsers,
  ];
  return {
    workspace,
    now: new Date(now),
    due,
    personal: groupPersonalFields(ofEvents),
    userPaths: [...new Set(storageKeys)].map((key) => `fields.${key}`),
  };
}

/** One slice, and what is to be done in it. */
export interface PlannedSlice extends RetentionSlice {
  readonly plan: RetentionPlan;
}

export function personalFieldsOf(plan: RetentionPlan, typeId: number): PersonalFields {
  return plan.personal.get(typeId) ?? nothingPersonal;
}

import { newRecordId, toObjectId } from '../../../core/id.ts';
import { changeConfiguration } from '../../../core/workspace/change-configuration.ts';
import type { WorkspaceId } from '../../../core/workspace/workspace.ts';
import type { Transaction } from '../../../store/transaction.ts';
import { isTextType } from '../conversation/conversation-event.ts';
import { requestRecount } from '../conversation/recount.ts';
import {
  type EventGroup,
  type GroupFacts,
  type GroupStatus,
  isSameGroup,
  maximumActiveGroups,
  maximumGroups,
  statusOf,
} from './event-group.ts';
import {
  insertEventGroup,
  readEventGroup,
  readEventGroups,
  updateEventGroupRow,
} from './event-group-store.ts';
import type { ConversionServices } from './manage-conversions.ts';

export type CreatedGroup = { readonly group: EventGroup; readonly isNew: boolean };

/**
 * An active group that looks for the same is answered in place of a second one. A new one counts what was sent before, too, once the
 * leads are counted anew: that is asked for with it, and the caller's to start.
 */
export async function createEventGroup(
  services: ConversionServices,
  workspaceId: WorkspaceId,
  facts: GroupFacts,
): Promise<CreatedGroup | 'too-many'> {
  const groups = await readEventGroups(services.database, workspaceId);
  const same = findActive(groups, facts);
  if (same) return { group: same, isNew: false };
  return changeConfiguration(services, workspaceId, new Date(services.clock()), async ({ tx, now }) => {
    const known = await readEventGroups(tx, workspaceId);
    const raced = findActive(known, facts);
    if (raced) return { group: raced, isNew: false };
    if (isFull(known)) return 'too-many';
    const id = toObjectId(newRecordId(now.getTime()))!;
    const group = { id, ...facts, archivedAt: null, createdAt: now, updatedAt: now };
    await insertEventGroup(tx, workspaceId, group);
    await requestRecountOf(tx, workspaceId, group, now);
    return { group, isNew: true };
  });
}

export interface GroupChange {
  readonly status?: GroupStatus | undefined;
  readonly typeValue?: string | undefined;
}

export interface ChangedGroup {
  readonly group: EventGroup;
  /** False: it was so already. */
  readonly isModified: boolean;
}

/**
 * Archives a group, brings it back, or changes what it looks for. An archived one keeps what messages raised up to then; one that is
 * brought back counts the messages in between, too. The caller starts the recount of what was modified.
 */
export async function updateEventGroup(
  services: ConversionServices,
  workspaceId: WorkspaceId,
  id: string,
  change: GroupChange,
): Promise<ChangedGroup | 'no-such-group' | 'too-many' | 'exists'> {
  const stored = await readEventGroup(services.database, workspaceId, id);
  if (!stored) return 'no-such-group';
  if (!applyChange(stored, change, stored.updatedAt)) return { group: stored, isModified: false };
  return changeConfiguration(services, workspaceId, new Date(services.clock()), async ({ tx, now }) => {
    const groups = await readEventGroups(tx, workspaceId);
    const group = groups.find((one) => one.id === id);
    if (!group) return 'no-such-group';
    const changed = applyChange(group, change, now);
    if (!changed) return { group, isModified: false };
    const others = groups.filter((one) => one.id !== id);
    if (changed.archivedAt === null && findActive(others, changed)) return 'exists';
    if (changed.archivedAt === null && group.archivedAt !== null && isFull(others)) return 'too-many';
    await updateEventGroupRow(tx, workspaceId, changed);
    await requestRecountOf(tx, workspaceId, changed, changed.updatedAt);
    return { group: changed, isModified: true };
  });
}

/** Of a group that is looked for in texts; events of the other types are raised without it. */
async function requestRecountOf(
  tx: Transaction,
  workspaceId: WorkspaceId,
  { type, campaignId }: GroupFacts,
  now: Date,
): Promise<void> {
  if (isTextType(type))
    await requestRecount(tx, workspaceId, campaignId === null ? 'all' : { campaignId }, now);
}

/** Null when nothing is different. */
function applyChange(group: EventGroup, change: GroupChange, now: Date): EventGroup | null {
  const status = change.status ?? statusOf(group);
  const typeValue = change.typeValue ?? group.typeValue;
  if (status === statusOf(group) && typeValue === group.typeValue) return null;
  const archivedAt = status === 'active' ? null : (group.archivedAt ?? now);
  return { ...group, typeValue, archivedAt, updatedAt: now };
}

function findActive(groups: readonly EventGroup[], facts: GroupFacts): EventGroup | undefined {
  return groups.find((group) => group.archivedAt === null && isSameGroup(group, facts));
}

function isFull(groups: readonly EventGroup[]): boolean {
  const active = groups.filter((group) => group.archivedAt === null);
  return active.length >= maximumActiveGroups || groups.length >= maximumGroups;
}

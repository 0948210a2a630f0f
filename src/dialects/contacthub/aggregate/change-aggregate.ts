import { randomBytes } from 'node:crypto';
import { newRecordId } from '../../../core/id.ts';
import { readOpenJob, requestJob, restartJob } from '../../../core/job/job-store.ts';
import type { AggregateSettings, Node } from '../../../core/node/node.ts';
import { insertNode, updateNode } from '../../../core/node/node-store.ts';
import { changeConfiguration } from '../../../core/workspace/change-configuration.ts';
import type { WorkspaceChange } from '../../../core/workspace/change-workspace.ts';
import type { Workspace } from '../../../core/workspace/workspace.ts';
import type { WorkspaceCache } from '../../../core/workspace/workspace-cache.ts';
import type { Database } from '../../../store/database.ts';
import { aggregateNodesOf, findNode } from '../access.ts';
import { canonicalJson } from '../rules/canonical-json.ts';
import { type Aggregate, findAggregate, maximumAggregates } from './aggregate.ts';

/** Kinds of jobs; an aggregate, by its public id, has one open at a time of each. */
export const buildKind = 'contacthub-aggregate';
export const removalKind = 'contacthub-aggregate-removal';

interface Services {
  readonly database: Database;
  readonly workspaces: WorkspaceCache;
}

/** What of an aggregate its owner says. */
export interface AggregateForm
  extends Pick<AggregateSettings, 'entryNodes' | 'matching' | 'exclusionFilters'> {
  readonly name: string;
  readonly description: string | null;
  readonly imageUrl: string | null;
}

export type CreatedAggregate =
  | { readonly kind: 'created'; readonly node: Node }
  | { readonly kind: 'unknown-entry'; readonly index: number }
  | { readonly kind: 'too-many' };

/** Makes an aggregate of entry nodes that are there when the workspace is locked. It is NEW: nobody is in it. */
export function createAggregate(
  services: Services,
  { id: workspaceId }: Workspace,
  { name, description, imageUrl, ...made }: AggregateForm,
  now: Date,
): Promise<CreatedAggregate> {
  return changeConfiguration(services, workspaceId, now, async ({ tx, head }) => {
    const workspace = await services.workspaces.reload(workspaceId, tx);
    const index = made.entryNodes.findIndex((id) => !findNode(workspace, id));
    if (index >= 0) return { kind: 'unknown-entry', index };
    if (aggregateNodesOf(workspace).length >= maximumAggregates) return { kind: 'too-many' };
    const idSecret = randomBytes(16).toString('hex');
    const node: Node = {
      id: ++head.lastNodeId,
      publicId: newRecordId(now.getTime()),
      dialect: 'contacthub',
      kind: 'aggregate',
      name,
      isDefault: false,
      settings: { description, imageUrl, aggregate: { ...made, state: 'NEW', idSecret } },
      createdAt: now,
      archivedAt: null,
    };
    await insertNode(tx, workspaceId, node);
    return { kind: 'created', node };
  });
}

/** What can be changed of an aggregate; what is left out stays. */
export interface AggregateChanges {
  readonly name?: string | undefined;
  readonly description?: string | null | undefined;
  readonly imageUrl?: string | null | undefined;
  readonly exclusionFilters?: AggregateSettings['exclusionFilters'] | undefined;
  /** True: its customers are made, if they were not yet. */
  readonly isActivated: boolean;
}

export interface ChangedAggregate {
  readonly node: Node;
  /** The job that makes its customers (anew); until it is over it is LOCKED. */
  readonly jobId: string | null;
}

/**
 * Changes an aggregate. Once it is active, other filters have its customers made anew. Undefined when it is not there any more.
 */
export function changeAggregate(
  services: Services,
  { id: workspaceId }: Workspace,
  publicId: string,
  { name, description, imageUrl, exclusionFilters, isActivated }: AggregateChanges,
  requestedBy: string,
  now: Date,
): Promise<ChangedAggregate | undefined> {
  return changeConfiguration(services, workspaceId, now, async (change) => {
    const workspace = await services.workspaces.reload(workspaceId, change.tx);
    const before = findAggregate(workspace, publicId);
    if (!before) return undefined;
    const filters = exclusionFilters === undefined ? before.settings.exclusionFilters : exclusionFilters;
    const isMade = makesAnew(before, filters, isActivated);
    const aggregate = {
      ...before.settings,
      exclusionFilters: filters,
      state: isMade ? ('LOCKED' as const) : before.settings.state,
    };
    const node: Node = {
      ...before.node,
      name: name ?? before.node.name,
      settings: {
        ...before.node.settings,
        ...(description === undefined ? {} : { description }),
        ...(imageUrl === undefined ? {} : { imageUrl }),
        aggregate,
      },
    };
    await updateNode(change.tx, workspaceId, node);
    return { node, jobId: isMade ? await requestBuild(change, node, requestedBy) : null };
  });
}

function makesAnew(
  { settings: { state, exclusionFilters } }: Aggregate,
  filters: AggregateSettings['exclusionFilters'],
  isActivated: boolean,
): boolean {
  if (state === 'NEW') return isActivated;
  return canonicalJson(exclusionFilters ?? []) !== canonicalJson(filters ?? []);
}

async function requestBuild(
  { tx, workspaceId, now }: WorkspaceChange,
  { publicId: subject }: Node,
  requestedBy: string,
): Promise<string> {
  const open = await readOpenJob(tx, workspaceId, buildKind, subject);
  if (!open) return requestJob(tx, workspaceId, { kind: buildKind, subject, requestedBy }, now);
  await restartJob(tx, workspaceId, open.id, {}, now);
  return open.id;
}

/** Takes an aggregate away: from the commit on nobody finds it, and a job deletes its customers. False when it is not there. */
export function removeAggregate(
  services: Services,
  { id: workspaceId }: Workspace,
  publicId: string,
  requestedBy: string,
  now: Date,
): Promise<boolean> {
  return changeConfiguration(services, workspaceId, now, async ({ tx }) => {
    const workspace = await services.workspaces.reload(workspaceId, tx);
    const before = findAggregate(workspace, publicId);
    if (!before) return false;
    const { node, settings } = before;
    const aggregate = { ...settings, state: 'REMOVED' as const };
    await updateNode(tx, workspaceId, { ...node, settings: { ...node.settings, aggregate } });
    const request = { kind: removalKind, subject: node.publicId, requestedBy };
    await requestJob(tx, workspaceId, request, now);
    return true;
  });
}

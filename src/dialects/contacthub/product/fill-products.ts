import Type, { type Static } from 'typebox';
import { Value } from 'typebox/value';
import type { JobStep } from '../../../core/job/job.ts';
import { readOpenJob, requestJob, restartJob } from '../../../core/job/job-store.ts';
import type { Settings, Workspace, WorkspaceId } from '../../../core/workspace/workspace.ts';
import type { WorkspaceCache } from '../../../core/workspace/workspace-cache.ts';
import { readLastSeq } from '../../../core/workspace/workspace-store.ts';
import type { JobKind, LockedSlice } from '../../../jobs/job-kind.ts';
import type { Queryable } from '../../../store/queryable.ts';
import { PRODUCT_EVENT_TYPES, type ProductEventTypeName } from '../documents/product-events.ts';
import { readHubSettings } from '../settings.ts';
import { listPastEvents, readTakenUntil, storeTakenUntil } from './past-event-store.ts';
import { ProductChanges } from './product-changes.ts';

/** The kind of the job; a workspace has one open at a time. */
export const fillKind = 'contacthub-fill-products';

/** Of one transaction: numbers of the workspace's order that are gone over, and events that are taken. */
const usualSlice = { seqs: 5000, events: 200 };

/** Events of a type that are to be taken: those behind `after`, up to `until`. */
const Range = Type.Object({
  type: Type.Unsafe<ProductEventTypeName>({ type: 'string', enum: [...PRODUCT_EVENT_TYPES] }),
  after: Type.Integer(),
  until: Type.Integer(),
});
type Range = Static<typeof Range>;

const Input = Type.Object({ ranges: Type.Array(Range) });
const Cursor = Type.Union([Type.Object({ after: Type.Integer(), events: Type.Integer() }), Type.Null()]);

/**
 * Asks for what past events have said of products, where by other settings their types update the registry, in the transaction that sets
 * these. A type's events are taken once: where it is set again, those that came while it was not. A job that is open goes on with what is left.
 */
export async function followUpdatePolicy(
  tx: Queryable,
  before: Workspace,
  settings: Settings,
  now: Date,
): Promise<void> {
  const [old, wanted] = [before.settings.dialects.contacthub, settings].map(updatingTypes);
  const added = [...(wanted ?? none)].filter((type) => !old?.has(type));
  const removed = [...(old ?? none)].filter((type) => !wanted?.has(type));
  if (added.length + removed.length === 0) return;
  const seq = await readLastSeq(tx, before.id);
  if (removed.length > 0) await storeTakenUntil(tx, before.id, removed, seq);
  const past = added.filter((type) => before.eventTypes.byName('contacthub', type));
  if (past.length === 0) return;
  const taken = await readTakenUntil(tx, before.id, past);
  const open = await readOpenJob(tx, before.id, fillKind);
  const left = open ? restOf(Value.Parse(Input, open.input).ranges, Value.Parse(Cursor, open.cursor)) : [];
  const ranges = [...left, ...past.map((type) => ({ type, after: taken.get(type) ?? 0, until: seq }))];
  const job = { kind: fillKind, requestedBy: 'configuration' };
  const id = await requestJob(tx, before.id, job, now);
  await restartJob(tx, before.id, id, { ranges: ranges.filter(({ after, until }) => after < until) }, now);
}

const none: ReadonlySet<ProductEventTypeName> = new Set();

function updatingTypes(settings: Settings | undefined): ReadonlySet<ProductEventTypeName> {
  return new Set(readHubSettings(settings).products?.updatedBy);
}

function restOf(ranges: readonly Range[], cursor: Static<typeof Cursor>): Range[] {
  const reached = cursor?.after ?? 0;
  return ranges.map((range) => ({ ...range, after: Math.max(range.after, reached) }));
}

/** Whether the event of this seq is among those that an open job has before it. Under the head lock, under which it takes them. */
export async function isStillToTake(
  tx: Queryable,
  workspaceId: WorkspaceId,
  type: string,
  seq: number,
): Promise<boolean> {
  const open = await readOpenJob(tx, workspaceId, fillKind);
  if (!open) return false;
  const left = restOf(Value.Parse(Input, open.input).ranges, Value.Parse(Cursor, open.cursor));
  return left.some((range) => range.type === type && seq > range.after && seq <= range.until);
}

/**
 * Takes past events in the order in which they came, whatever else is stored meanwhile: what a product's later events have said of it
 * stays. Its progress counts numbers of the workspace's order.
 */
export function fillProductsJob(
  { workspaces }: { readonly workspaces: WorkspaceCache },
  perSlice = usualSlice,
): JobKind {
  return {
    name: fillKind,
    under: 'head-lock',
    slice: async (slice) => {
      const workspace = await workspaces.getVersion(slice.workspaceId, slice.head.configVersion, slice.tx);
      return fillSlice(slice, workspace, perSlice);
    },
  };
}

async function fillSlice(
  { tx, workspaceId, job, now }: LockedSlice,
  workspace: Workspace,
  perSlice: typeof usualSlice,
): Promise<JobStep> {
  const { ranges } = Value.Parse(Input, job.input);
  const first = Math.min(...ranges.map(({ after }) => after));
  const last = Math.max(...ranges.map(({ until }) => until));
  const { after, events } = Value.Parse(Cursor, job.cursor) ?? { after: first, events: 0 };
  if (ranges.length === 0 || after >= last)
    return { cursor: null, progress: job.progress, result: { events } };
  const until = Math.min(after + perSlice.seqs, last);
  const found = await listPastEvents(tx, workspaceId, typeIdsOf(workspace, ranges), {
    ...{ after, until },
    limit: perSlice.events,
  });
  const changes = new ProductChanges(workspace, { isPast: true });
  let taken = 0;
  for (const { seq, typeId, properties } of found) {
    const type = workspace.eventTypes.byId(typeId)?.name;
    const range = ranges.find((one) => one.type === type && seq > one.after && seq <= one.until);
    if (!range) continue;
    changes.take(range.type, properties, seq);
    taken++;
  }
  await changes.write(tx, now);
  const reached = found.length === perSlice.events ? (found.at(-1)?.seq ?? until) : until;
  const cursor = { after: reached, events: events + taken };
  const progress = { done: reached - first, failed: 0, total: last - first };
  return { cursor, progress, ...(reached >= last ? { result: { events: cursor.events } } : {}) };
}

function typeIdsOf({ eventTypes }: Workspace, ranges: readonly Range[]): number[] {
  const names = new Set<string>(ranges.map(({ type }) => type));
  return eventTypes.ofDialect('contacthub').flatMap(({ id, name }) => (names.has(name) ? [id] : []));
}

import type { Workspace } from '../../../core/workspace/workspace.ts';
import type { Queryable } from '../../../store/queryable.ts';
import { indexAggregates } from '../projection/index-aggregates.ts';
import { recordOf, type ShownRecord } from '../query/record.ts';
import { shownValues } from '../query/shown-values.ts';
import { followedAggregates } from './aggregate.ts';
import {
  type AggregateCustomer,
  type AggregatePart,
  deleteCustomers,
  deleteParts,
  readPartProfiles,
  readRecordsAndParts,
  upsertCustomers,
  upsertParts,
} from './aggregate-store.ts';
import { joinParts } from './join-parts.ts';
import { customerIdOf } from './membership.ts';

/**
 * Works out anew which customers of aggregates the records of these profiles, and those that they have named, are parts of, and makes those
 * customers anew that they are or were parts of. Under the head lock, behind all that is written of the profiles. A constant number of
 * statements; resolves once all are sent, with what is not answered yet.
 */
export async function sendFollowing(
  connection: Queryable,
  workspace: Workspace,
  profileIds: readonly string[],
): Promise<readonly Promise<unknown>[]> {
  const { stored, wanted } = await readPartsOfRecords(connection, workspace, profileIds);
  const { gone, changed } = compareParts(stored, wanted);
  const ids = [...new Set([...stored, ...wanted].map(({ customerId }) => customerId))];
  if (ids.length === 0) return [];
  const moving = [
    ...(gone.length > 0 ? [deleteParts(connection, workspace.id, gone)] : []),
    ...(changed.length > 0 ? [upsertParts(connection, workspace.id, changed)] : []),
  ];
  // Read behind them, in one round trip.
  const [customers] = await Promise.all([readJoined(connection, workspace, ids), ...moving]);
  return sendJoined(connection, workspace, ids, customers);
}

/** Makes customers of aggregates anew from their parts; one without any is gone. Otherwise as `sendFollowing`. */
export async function sendCustomers(
  connection: Queryable,
  workspace: Workspace,
  customerIds: readonly string[],
): Promise<readonly Promise<unknown>[]> {
  if (customerIds.length === 0) return [];
  return sendJoined(connection, workspace, customerIds, await readJoined(connection, workspace, customerIds));
}

/** `customers`: those of the ids that have a part. */
function sendJoined(
  connection: Queryable,
  workspace: Workspace,
  customerIds: readonly string[],
  customers: readonly AggregateCustomer[],
): readonly Promise<unknown>[] {
  const known = new Set(customers.map(({ id }) => id));
  const gone = customerIds.filter((id) => !known.has(id));
  const sent: Promise<unknown>[] = [];
  if (customers.length > 0) sent.push(upsertCustomers(connection, workspace.id, customers));
  if (gone.length > 0) sent.push(deleteCustomers(connection, workspace.id, gone));
  return [...sent, indexAggregates(connection, workspace, customerIds)];
}

/** What is stored of the profiles' records as parts of the aggregates that are kept up, and what follows from the records. */
export async function readPartsOfRecords(
  connection: Queryable,
  workspace: Workspace,
  profileIds: readonly string[],
) {
  const aggregates = followedAggregates(workspace);
  const followed = new Set(aggregates.map(({ node }) => node.id));
  const { profiles, parts } = await readRecordsAndParts(connection, workspace.id, profileIds);
  const records = Map.groupBy(profiles, ({ recordId }) => recordId);
  const wanted: AggregatePart[] = [];
  for (const members of records.values()) {
    const record = recordOf(members);
    if (!record) continue;
    const values = shownValues(record, workspace);
    for (const aggregate of aggregates) {
      const customerId = customerIdOf(aggregate, { record, values });
      const { createdSeq } = record;
      if (customerId !== undefined)
        wanted.push({ nodeId: aggregate.node.id, recordId: record.id, customerId, createdSeq });
    }
  }
  return { stored: parts.filter(({ nodeId }) => followed.has(nodeId)), wanted };
}

/** Of what is stored and what there should be, the parts that are too many, and those that are missing or others. */
export function compareParts(stored: readonly AggregatePart[], wanted: readonly AggregatePart[]) {
  const rowOf = ({ nodeId, recordId }: AggregatePart) => `${nodeId} ${recordId}`;
  const textOf = (part: AggregatePart) => `${rowOf(part)} ${part.customerId} ${part.createdSeq}`;
  const rows = new Set(wanted.map(rowOf));
  const texts = new Set(stored.map(textOf));
  return {
    gone: stored.filter((part) => !rows.has(rowOf(part))),
    changed: wanted.filter((part) => !texts.has(textOf(part))),
  };
}

/** What customers of aggregates are by their parts; nothing of one without any. */
export async function readJoined(
  connection: Queryable,
  workspace: Workspace,
  customerIds: readonly string[],
): Promise<AggregateCustomer[]> {
  const rows = await readPartProfiles(connection, workspace.id, customerIds);
  return [...Map.groupBy(rows, ({ customerId }) => customerId)].flatMap(([id, group]) => {
    const members = Map.groupBy(
      group.map(({ profile }) => profile),
      ({ recordId }) => recordId,
    );
    const parts = [...members.values()].flatMap((profiles) => recordOf(profiles) ?? []);
    const [first] = group;
    return first && parts.length > 0 ? [customerOf(id, first.nodeId, parts, workspace)] : [];
  });
}

/** `parts`: the oldest first. */
function customerOf(
  id: string,
  nodeId: number,
  parts: readonly ShownRecord[],
  workspace: Workspace,
): AggregateCustomer {
  const times = (of: 'createdAt' | 'updatedAt') => parts.map((part) => part[of].getTime());
  return {
    id,
    nodeId,
    createdSeq: Math.min(...parts.map(({ createdSeq }) => createdSeq)),
    attributes: joinParts(parts, workspace),
    version: parts.reduce((sum, { version }) => sum + version, 1 - parts.length),
    createdAt: new Date(Math.min(...times('createdAt'))),
    updatedAt: new Date(Math.max(...times('updatedAt'))),
  };
}

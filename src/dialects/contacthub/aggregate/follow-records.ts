import type { Profile } from '../../../core/profile/profile-store.ts';
import type { Workspace } from '../../../core/workspace/workspace.ts';
import type { Queryable } from '../../../store/queryable.ts';
import { indexAggregates } from '../projection/index-aggregates.ts';
import { recordOf, type ShownRecord, singleRecord } from '../query/record.ts';
import { shownValues } from '../query/shown-values.ts';
import { type Aggregate, followedAggregates } from './aggregate.ts';
import {
  type AggregateCustomer,
  type AggregatePart,
  deleteCustomers,
  deleteParts,
  type PartProfile,
  readCustomerIds,
  readCustomers,
  readMates,
  readPartProfiles,
  readRecordsAndParts,
  upsertCustomers,
  upsertParts,
} from './aggregate-store.ts';
import { firstCustomerId } from './customer-id.ts';
import { joinParts } from './join-parts.ts';
import { alikeIn, type EntryCustomer } from './membership.ts';
import { leaversOf, nameOf, passOn } from './pass-on.ts';

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
  const leavers = leaversOf(stored, wanted);
  const bearers =
    leavers.length === 0 ? [] : await passOnFrom(connection, workspace, leavers, stored, wanted);
  const { gone, changed } = compareParts(stored, withBearers(wanted, bearers));
  const alike = alikeOf([...stored, ...wanted, ...bearers]);
  if (alike.length + gone.length + changed.length === 0) return [];
  const moving = [
    ...(gone.length > 0 ? [deleteParts(connection, workspace.id, gone)] : []),
    ...(changed.length > 0 ? [upsertParts(connection, workspace.id, changed)] : []),
  ];
  // Read behind them, in one round trip.
  const [customers] = await Promise.all([readJoinedAndKnown(connection, workspace, alike), ...moving]);
  return sendJoined(connection, workspace, customers);
}

async function passOnFrom(
  connection: Queryable,
  { id: workspaceId }: Workspace,
  leavers: readonly AggregatePart[],
  stored: readonly AggregatePart[],
  wanted: readonly AggregatePart[],
): Promise<AggregatePart[]> {
  const values = [...new Set(leavers.flatMap(({ own, alike }) => [own, alike]))];
  const known = values.filter((value) => value !== null);
  return passOn(stored, wanted, await readMates(connection, workspaceId, known, stored));
}

function withBearers(
  wanted: readonly AggregatePart[],
  bearers: readonly AggregatePart[],
): readonly AggregatePart[] {
  if (bearers.length === 0) return wanted;
  return [...new Map([...wanted, ...bearers].map((part) => [nameOf(part), part])).values()];
}

function alikeOf(parts: readonly AggregatePart[]): string[] {
  return [...new Set(parts.map(({ alike }) => alike).filter((alike) => alike !== null))];
}

/**
 * Makes customers of aggregates anew from their parts, by their ids or by what they have alike; one without any is gone. Otherwise as
 * `sendFollowing`.
 */
export async function sendCustomers(
  connection: Queryable,
  workspace: Workspace,
  names: readonly string[],
): Promise<readonly Promise<unknown>[]> {
  if (names.length === 0) return [];
  const stored = await readCustomers(connection, workspace.id, names);
  const alike = [...new Set([...names, ...stored.map((customer) => customer.alike)])];
  const { wanted, known } = await readJoinedAndKnown(connection, workspace, alike);
  return sendJoined(connection, workspace, { wanted, known: [...known, ...names] });
}

/** What customers are by now, and the ids of those that are stored, or may be. */
interface Joined {
  readonly wanted: readonly AggregateCustomer[];
  readonly known: readonly string[];
}

async function readJoinedAndKnown(
  connection: Queryable,
  workspace: Workspace,
  alike: readonly string[],
): Promise<Joined> {
  const [known, wanted] = await Promise.all([
    readCustomerIds(connection, workspace.id, alike),
    readJoined(connection, workspace, alike),
  ]);
  return { wanted, known };
}

function sendJoined(
  connection: Queryable,
  workspace: Workspace,
  { wanted, known }: Joined,
): readonly Promise<unknown>[] {
  const ids = new Set(wanted.map(({ id }) => id));
  const gone = [...new Set(known)].filter((id) => !ids.has(id));
  const sent: Promise<unknown>[] = [];
  if (gone.length > 0) sent.push(deleteCustomers(connection, workspace.id, gone));
  if (wanted.length > 0) sent.push(upsertCustomers(connection, workspace.id, wanted));
  return [...sent, indexAggregates(connection, workspace, [...ids, ...gone])];
}

/** What is stored of the profiles' records as parts of the aggregates that are kept up, and what follows from the records. */
export async function readPartsOfRecords(
  connection: Queryable,
  workspace: Workspace,
  profileIds: readonly string[],
): Promise<{ readonly stored: readonly AggregatePart[]; readonly wanted: readonly AggregatePart[] }> {
  const aggregates = followedAggregates(workspace);
  const followed = new Set(aggregates.map(({ node }) => node.id));
  const { profiles, parts } = await readRecordsAndParts(connection, workspace.id, profileIds);
  const stored = parts.filter(({ nodeId }) => followed.has(nodeId));
  const known = new Map(stored.map((part) => [nameOf(part), part]));
  const records = Map.groupBy(profiles, ({ recordId }) => recordId);
  const wanted = [...records.values()].flatMap((members) => partsOf(members, aggregates, workspace, known));
  return { stored, wanted };
}

/** A record's profiles as parts, each with the id that it bears, or comes with. Of who is in no customer, and never was, there are none. */
function partsOf(
  members: readonly Profile[],
  aggregates: readonly Aggregate[],
  workspace: Workspace,
  known: ReadonlyMap<string, AggregatePart>,
): AggregatePart[] {
  const record = recordOf(members);
  if (!record) return [];
  const whole = { record, values: shownValues(record, workspace) };
  const alone = members.length === 1 ? [whole] : members.map((member) => aloneOf(member, workspace));
  return aggregates.flatMap((aggregate) => {
    const nodeId = aggregate.node.id;
    const alike = alikeIn(aggregate, whole);
    return alone.flatMap((one) => {
      const { id: profileId, createdSeq } = one.record;
      const own = members.length === 1 ? alike : alikeIn(aggregate, one);
      const stored = known.get(nameOf({ nodeId, profileId }));
      if (!stored && alike === null && own === null) return [];
      const { customerId, since } = stored ?? {
        customerId: firstCustomerId(aggregate.settings.idSecret, profileId),
        since: createdSeq,
      };
      const { id: recordId, createdSeq: recordSeq } = record;
      return [{ nodeId, profileId, recordId, createdSeq: recordSeq, alike, own, customerId, since }];
    });
  });
}

/** A profile as it would be shown, were it linked to nobody. */
function aloneOf(profile: Profile, workspace: Workspace): EntryCustomer {
  const record = singleRecord(profile);
  return { record, values: shownValues(record, workspace) };
}

/** Of what is stored and what there should be, the parts that are too many, and those that are missing or others. */
export function compareParts(stored: readonly AggregatePart[], wanted: readonly AggregatePart[]) {
  const names = new Set(wanted.map(nameOf));
  const texts = new Set(stored.map(textOf));
  return {
    gone: stored.filter((part) => !names.has(nameOf(part))),
    changed: wanted.filter((part) => !texts.has(textOf(part))),
  };
}

function textOf({ recordId, createdSeq, alike, own, customerId, since, ...named }: AggregatePart): string {
  return [nameOf(named), recordId, createdSeq, alike, own, customerId, since].join(' ');
}

/** What customers of aggregates are by their parts, by what these have alike; nothing of one without any. */
export async function readJoined(
  connection: Queryable,
  workspace: Workspace,
  alike: readonly string[],
): Promise<AggregateCustomer[]> {
  const rows = await readPartProfiles(connection, workspace.id, alike);
  return [...Map.groupBy(rows, (row) => row.alike).values()].flatMap((group) => {
    const members = Map.groupBy(
      group.map(({ profile }) => profile),
      ({ recordId }) => recordId,
    );
    const parts = [...members.values()].flatMap((profiles) => recordOf(profiles) ?? []);
    const [first] = group;
    return first && parts.length > 0 ? [customerOf(first, parts, workspace)] : [];
  });
}

/** `first`: what has the oldest id, which is the customer's. */
function customerOf(
  { customerId: id, nodeId, alike }: PartProfile,
  parts: readonly ShownRecord[],
  workspace: Workspace,
): AggregateCustomer {
  const times = (of: 'createdAt' | 'updatedAt') => parts.map((part) => part[of].getTime());
  return {
    id,
    nodeId,
    alike,
    createdSeq: Math.min(...parts.map(({ createdSeq }) => createdSeq)),
    attributes: joinParts(parts, workspace),
    version: parts.reduce((sum, { version }) => sum + version, 1 - parts.length),
    createdAt: new Date(Math.min(...times('createdAt'))),
    updatedAt: new Date(Math.max(...times('updatedAt'))),
  };
}

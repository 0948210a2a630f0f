import { addCounts } from '../core/accounting/accounting-store.ts';
import { insertImplicitCampaigns } from '../core/campaign/campaign-store.ts';
import { insertTouchpoints } from '../core/campaign/touchpoint-store.ts';
import { insertConsents } from '../core/consent/consent-store.ts';
import type { DedupeKey } from '../core/dedupe/dedupe.ts';
import { insertWindowKeys, upsertForeverKeys } from '../core/dedupe/dedupe-store.ts';
import { insertEvents } from '../core/event/event-store.ts';
import { insertAttributeLocks } from '../core/event-type/attribute-lock.ts';
import { insertEventTypes } from '../core/event-type/event-type-store.ts';
import { type Key, keyText } from '../core/identity/identity.ts';
import { deleteIdentities, insertIdentities } from '../core/identity/identity-store.ts';
import { insertLinks } from '../core/link/link-store.ts';
import type { Move } from '../core/link/neighbourhood.ts';
import { insertMetricHistory } from '../core/metric/metric-history-store.ts';
import { insertMetrics, upsertMetrics } from '../core/metric/metric-store.ts';
import { storeNames } from '../core/profile/profile-name-store.ts';
import { upsertProfileStates } from '../core/profile/profile-state-store.ts';
import { insertProfiles, renameMemberships, updateProfileAttributes } from '../core/profile/profile-store.ts';
import { insertQuarantined, markReplayed } from '../core/quarantine/quarantine-store.ts';
import { insertChanges } from '../core/update-stream/change-store.ts';
import type { WorkspaceChange } from '../core/workspace/change-workspace.ts';
import type { Workspace, WorkspaceId } from '../core/workspace/workspace.ts';
import { storeHead } from '../core/workspace/workspace-store.ts';
import { insertCatalogueEntries } from '../projections/catalogue/catalogue.ts';
import { followProfiles } from '../projections/follow-profiles.ts';
import { followRows } from '../projections/follow-rows.ts';
import type { Projection } from '../projections/projection.ts';
import { applyRollups } from '../projections/rollups/rollups.ts';
import type { Queryable } from '../store/queryable.ts';
import type { BatchRows } from './rows.ts';

/** Events sent ahead while the rest of the batch is still being decided: few enough that the database starts early. */
const aheadEvents = 250;

/** Of whom a batch has written something, and which keys it has given or taken. */
export interface Written {
  readonly profileIds: ReadonlySet<string>;
  /** As texts (`keyText`). */
  readonly keys: ReadonlySet<string>;
}

type Write<Row> = (
  tx: Queryable,
  workspaceId: WorkspaceId,
  rows: readonly Row[],
  now: Date,
) => Promise<unknown>;

/**
 * Sends every statement that a batch needs, one behind the other, the head's last, without waiting for the answers: one for each
 * kind of row, but the events in slices of `aheadEvents`, and new profiles in slices too, which the database stores while the next are
 * being decided.
 */
export class BatchWriter {
  readonly #tx: Queryable;
  readonly #workspaceId: WorkspaceId;
  readonly #rows: BatchRows;
  readonly #now: Date;
  readonly #sent: Promise<unknown>[] = [];
  #eventsSent = 0;
  #profilesSent = 0;
  readonly #keyed = { profileIds: new Set<string>(), keys: new Set<string>() };

  constructor(tx: Queryable, workspaceId: WorkspaceId, rows: BatchRows, now: Date) {
    this.#tx = tx;
    this.#workspaceId = workspaceId;
    this.#rows = rows;
    this.#now = now;
  }

  /** Sends the events, and the profiles with their keys, that are final so far, once they are worth a statement. */
  writeDecided(): void {
    if (this.#rows.events.length - this.#eventsSent >= aheadEvents) this.#writeEvents();
    if (this.#rows.profiles.length > this.#profilesSent) this.#writeProfiles();
  }

  /**
   * Sends all that has not been sent but what `finish` sends. @throws what kept a statement from being sent: the transaction, which
   * sees the answers, would not see that, and commit the rest
   */
  async writeStored(): Promise<void> {
    const { types, rollups, projected } = this.#rows;
    this.#writeEvents();
    this.#send(types, insertEventTypes);
    this.#writeSubjects();
    if (!rollups.isEmpty) this.#sent.push(...applyRollups(this.#tx, this.#workspaceId, rollups));
    for (const projection of projected.values()) this.#sent.push(...projection.write(this.#tx));
    this.#writeByproducts();
    await throwUnsent(this.#sent);
  }

  /**
   * Sends what the projections make of all that was written, and resolves once it is sent. Behind all that moves profiles; `moved`: those
   * that were moved behind the rows.
   */
  async follow(
    projections: readonly Projection[],
    workspace: Workspace,
    moved: readonly Move[],
  ): Promise<void> {
    const { touchedProfiles, types, events, setMetrics, touchpoints, personRenames } = this.#rows;
    this.#sent.push(...(await followProfiles(projections, this.#tx, workspace, touchedProfiles)));
    const persons = [...personRenames.values(), ...moved.flatMap(({ from, to }) => [from.person, to.person])];
    const measured = [...setMetrics.values()];
    const written = { types, events, measured, touchpoints, persons };
    this.#sent.push(...followRows(projections, this.#tx, workspace, written));
  }

  /** Sends the answers and the head. `beside`: other statements of the batch that were sent. @throws like `writeStored` */
  async finish(beside: readonly Promise<unknown>[] = []): Promise<void> {
    this.#sent.push(...beside);
    this.writeAnswers();
    this.#sent.push(storeHead(this.#tx, this.#workspaceId, this.#rows.head));
    await throwUnsent(this.#sent);
  }

  /** What was sent, where it was nothing but what can be told apart by profiles and keys; undefined: it was more. */
  findWritten(): Written | undefined {
    const {
      head: _head,
      events: _events,
      metrics: _metrics,
      rollups: _rollups,
      tally: _tally,
      changes: _changes,
      consents: _consents,
      named: _named,
      profiles,
      updatedProfiles,
      touchedProfiles,
      states,
      projected,
      ...others
    } = this.#rows;
    const areApart = projected.keys().every(({ isApart }) => isApart === true);
    if (!areApart || Object.values(others).some((rows) => sizeOf(rows) > 0)) return undefined;
    const profileIds = new Set(this.#keyed.profileIds);
    for (const { id } of [...profiles, ...updatedProfiles.values(), ...touchedProfiles]) profileIds.add(id);
    for (const { profileId } of states.values()) profileIds.add(profileId);
    return { profileIds, keys: this.#keyed.keys };
  }

  /** What says how items ended: quarantine, keys, counters. */
  writeAnswers(): void {
    const { quarantined, replayed, spentKeys, tally } = this.#rows;
    const spentFor = (window: DedupeKey['window']) => spentKeys.filter(({ key }) => key.window === window);
    this.#send(quarantined, insertQuarantined);
    this.#send(replayed, markReplayed);
    this.#send(spentFor('forever'), upsertForeverKeys);
    this.#send(spentFor('four-hours'), insertWindowKeys);
    this.#send(tally.counts(), addCounts);
  }

  #writeEvents(): void {
    const events = this.#rows.events.slice(this.#eventsSent);
    this.#eventsSent += events.length;
    this.#send(events, insertEvents);
  }

  /** Those that are new, and the keys of all. */
  #writeProfiles(): void {
    const rows = this.#rows;
    const profiles = rows.profiles.slice(this.#profilesSent);
    this.#profilesSent += profiles.length;
    this.#send(profiles, insertProfiles);
    this.#noteKeyed(rows.removedIdentities);
    this.#noteKeyed(rows.identities);
    this.#send(rows.removedIdentities, deleteIdentities);
    this.#send(rows.identities, insertIdentities);
    rows.removedIdentities = [];
    rows.identities = [];
  }

  #noteKeyed(identities: readonly { readonly key: Key; readonly profileId: string }[]): void {
    for (const { key, profileId } of identities) {
      this.#keyed.profileIds.add(profileId);
      this.#keyed.keys.add(keyText(key));
    }
  }

  #writeSubjects(): void {
    const [tx, id, rows] = [this.#tx, this.#workspaceId, this.#rows];
    const { recordRenames, personRenames } = rows;
    if (recordRenames.size > 0) this.#sent.push(renameMemberships(tx, id, 'record', recordRenames));
    if (personRenames.size > 0) this.#sent.push(renameMemberships(tx, id, 'person', personRenames));
    this.#writeProfiles();
    this.#send([...rows.updatedProfiles.values()], updateProfileAttributes);
    const named = Array.from(rows.named, ([profileId, attributes]) => ({ id: profileId, attributes }));
    this.#send(named, storeNames);
    this.#send(rows.links, insertLinks);
    this.#send([...rows.states.values()], upsertProfileStates);
    this.#send(rows.consents, insertConsents);
  }

  /** What events leave behind besides themselves. */
  #writeByproducts(): void {
    const rows = this.#rows;
    this.#send(rows.metrics, insertMetrics);
    this.#send([...rows.setMetrics.values()], upsertMetrics);
    this.#send(rows.pastMetrics, insertMetricHistory);
    this.#send(rows.changes, insertChanges);
    this.#send(rows.locks, insertAttributeLocks);
    this.#send(rows.catalogue, insertCatalogueEntries);
    this.#send([...rows.campaigns.values()], insertImplicitCampaigns);
    this.#send(rows.touchpoints, insertTouchpoints);
  }

  /** One statement for all rows of a kind; none where there are none. */
  #send<Row>(rows: readonly Row[], write: Write<Row>): void {
    if (rows.length > 0) this.#sent.push(write(this.#tx, this.#workspaceId, rows, this.#now));
  }
}

/** Writes all rows of a change but what it records and the head, with which it ends by itself. */
export async function writeRows({ tx, workspaceId, now }: WorkspaceChange, rows: BatchRows): Promise<void> {
  const writer = new BatchWriter(tx, workspaceId, rows, now);
  writer.writeAnswers();
  await writer.writeStored();
}

function sizeOf(rows: readonly unknown[] | { readonly size: number }): number {
  return 'size' in rows ? rows.size : rows.length;
}

/** What could not be put into a statement has failed by now; an answer of the database takes at least a turn of the event loop. */
async function throwUnsent(sent: readonly Promise<unknown>[]): Promise<void> {
  const unsent: unknown[] = [];
  for (const statement of sent) statement.catch((error: unknown) => unsent.push(error));
  await Promise.resolve();
  if (unsent.length > 0) throw unsent[0];
}

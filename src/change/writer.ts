import { addCounts } from '../core/accounting/accounting-store.ts';
import { insertImplicitCampaigns } from '../core/campaign/campaign-store.ts';
import { insertTouchpoints } from '../core/campaign/touchpoint-store.ts';
import { insertConsents } from '../core/consent/consent-store.ts';
import { insertWindowKeys, upsertForeverKeys } from '../core/dedupe/dedupe-store.ts';
import { insertEvents } from '../core/event/event-store.ts';
import { insertAttributeLocks } from '../core/event-type/attribute-lock.ts';
import { insertEventTypes } from '../core/event-type/event-type-store.ts';
import { deleteIdentities, insertIdentities } from '../core/identity/identity-store.ts';
import { insertLinks } from '../core/link/link-store.ts';
import { insertMetricHistory } from '../core/metric/metric-history-store.ts';
import { insertMetrics, upsertMetrics } from '../core/metric/metric-store.ts';
import { upsertProfileStates } from '../core/profile/profile-state-store.ts';
import { insertProfiles, renameMemberships, updateProfileAttributes } from '../core/profile/profile-store.ts';
import { insertQuarantined, markReplayed } from '../core/quarantine/quarantine-store.ts';
import { insertChanges } from '../core/update-stream/change-store.ts';
import type { WorkspaceChange } from '../core/workspace/change-workspace.ts';
import type { Workspace, WorkspaceId } from '../core/workspace/workspace.ts';
import { storeHead } from '../core/workspace/workspace-store.ts';
import { insertCatalogueEntries } from '../projections/catalogue/catalogue.ts';
import { followProfiles } from '../projections/follow-profiles.ts';
import type { Projection } from '../projections/projection.ts';
import { applyRollups } from '../projections/rollups/rollups.ts';
import type { Queryable } from '../store/queryable.ts';
import type { BatchRows } from './rows.ts';

/** Events sent ahead while the rest of the batch is still being decided: few enough that the database starts early. */
const aheadEvents = 250;

/**
 * Sends every statement that a batch needs, one behind the other, the head's last, without waiting for the answers: one for each
 * kind of row, but the events in slices of `aheadEvents`, which the database stores while the next are being decided.
 */
export class BatchWriter {
  readonly #tx: Queryable;
  readonly #workspaceId: WorkspaceId;
  readonly #rows: BatchRows;
  readonly #now: Date;
  readonly #sent: Promise<unknown>[] = [];
  #eventsSent = 0;

  constructor(tx: Queryable, workspaceId: WorkspaceId, rows: BatchRows, now: Date) {
    this.#tx = tx;
    this.#workspaceId = workspaceId;
    this.#rows = rows;
    this.#now = now;
  }

  /** Sends the events decided so far, once they are worth a statement. */
  writeDecidedEvents(): void {
    if (this.#rows.events.length - this.#eventsSent >= aheadEvents) this.#writeEvents();
  }

  /**
   * Sends all that has not been sent but what `finish` sends. @throws what kept a statement from being sent: the transaction, which
   * sees the answers, would not see that, and commit the rest
   */
  async writeStored(): Promise<void> {
    const { types, events, rollups, projected } = this.#rows;
    if (events.length > this.#eventsSent) this.#writeEvents();
    if (types.length > 0) this.#sent.push(insertEventTypes(this.#tx, this.#workspaceId, types));
    this.#writeSubjects();
    if (!rollups.isEmpty) this.#sent.push(...applyRollups(this.#tx, this.#workspaceId, rollups));
    for (const projection of projected.values()) this.#sent.push(...projection.write(this.#tx));
    this.#writeByproducts();
    await throwUnsent(this.#sent);
  }

  /** Sends what the projections make of the profiles that were written, and resolves once it is sent. Behind all that moves them. */
  async followProfiles(projections: readonly Projection[], workspace: Workspace): Promise<void> {
    this.#sent.push(...(await followProfiles(projections, this.#tx, workspace, this.#rows.touchedProfiles)));
  }

  /** Sends the answers and the head. @throws like `writeStored` */
  async finish(): Promise<void> {
    this.writeAnswers();
    this.#sent.push(storeHead(this.#tx, this.#workspaceId, this.#rows.head));
    await throwUnsent(this.#sent);
  }

  #writeEvents(): void {
    const events = this.#rows.events.slice(this.#eventsSent);
    this.#eventsSent += events.length;
    this.#sent.push(insertEvents(this.#tx, this.#workspaceId, events));
  }

  #writeSubjects(): void {
    const [tx, id, rows, now] = [this.#tx, this.#workspaceId, this.#rows, this.#now];
    const send = (statement: Promise<unknown>) => this.#sent.push(statement);
    if (rows.recordRenames.size > 0) send(renameMemberships(tx, id, 'record', rows.recordRenames));
    if (rows.personRenames.size > 0) send(renameMemberships(tx, id, 'person', rows.personRenames));
    if (rows.profiles.length > 0) send(insertProfiles(tx, id, rows.profiles, now));
    if (rows.updatedProfiles.size > 0)
      send(updateProfileAttributes(tx, id, [...rows.updatedProfiles.values()]));
    if (rows.removedIdentities.length > 0) send(deleteIdentities(tx, id, rows.removedIdentities));
    if (rows.identities.length > 0) send(insertIdentities(tx, id, rows.identities));
    if (rows.links.length > 0) send(insertLinks(tx, id, rows.links, now));
    if (rows.states.size > 0) send(upsertProfileStates(tx, id, [...rows.states.values()]));
    if (rows.consents.length > 0) send(insertConsents(tx, id, rows.consents, now));
  }

  /** What events leave behind besides themselves. */
  #writeByproducts(): void {
    const [tx, id, rows] = [this.#tx, this.#workspaceId, this.#rows];
    const send = (statement: Promise<unknown>) => this.#sent.push(statement);
    if (rows.metrics.length > 0) send(insertMetrics(tx, id, rows.metrics));
    if (rows.setMetrics.size > 0) send(upsertMetrics(tx, id, [...rows.setMetrics.values()], this.#now));
    if (rows.pastMetrics.length > 0) send(insertMetricHistory(tx, id, rows.pastMetrics));
    if (rows.changes.length > 0) send(insertChanges(tx, id, rows.changes, this.#now));
    if (rows.locks.length > 0) send(insertAttributeLocks(tx, id, rows.locks));
    if (rows.catalogue.length > 0) send(insertCatalogueEntries(tx, id, rows.catalogue));
    const campaigns = [...rows.campaigns.values()];
    if (campaigns.length > 0) send(insertImplicitCampaigns(tx, id, campaigns, this.#now));
    if (rows.touchpoints.length > 0) send(insertTouchpoints(tx, id, rows.touchpoints));
  }

  /** What says how items ended: quarantine, keys, counters. */
  writeAnswers(): void {
    const [tx, id, rows] = [this.#tx, this.#workspaceId, this.#rows];
    const send = (statement: Promise<unknown>) => this.#sent.push(statement);
    if (rows.quarantined.length > 0) send(insertQuarantined(tx, id, rows.quarantined));
    if (rows.replayed.length > 0) send(markReplayed(tx, id, rows.replayed, this.#now));
    const forever = rows.spentKeys.filter((spent) => spent.key.window === 'forever');
    const windowed = rows.spentKeys.filter((spent) => spent.key.window === 'four-hours');
    if (forever.length > 0) send(upsertForeverKeys(tx, id, forever));
    if (windowed.length > 0) send(insertWindowKeys(tx, id, windowed));
    const counts = rows.tally.counts();
    if (counts.length > 0) send(addCounts(tx, id, counts));
  }
}

/** Writes all rows of a change but what it records and the head, with which it ends by itself. */
export async function writeRows({ tx, workspaceId, now }: WorkspaceChange, rows: BatchRows): Promise<void> {
  const writer = new BatchWriter(tx, workspaceId, rows, now);
  writer.writeAnswers();
  await writer.writeStored();
}

/** What could not be put into a statement has failed by now; an answer of the database takes at least a turn of the event loop. */
async function throwUnsent(sent: readonly Promise<unknown>[]): Promise<void> {
  const unsent: unknown[] = [];
  for (const statement of sent) statement.catch((error: unknown) => unsent.push(error));
  await Promise.resolve();
  if (unsent.length > 0) throw unsent[0];
}

import { dataTypeOf } from '../core/event/data-type.ts';
import { eventContexts } from '../core/event/event.ts';
import { type AttributeLocks, profileLockType } from '../core/event-type/attribute-lock.ts';
import type { EventType } from '../core/event-type/event-type.ts';
import { maximumEventTypes } from '../core/event-type/event-type-store.ts';
import { newId, newRecordId } from '../core/id.ts';
import { convertMetric, type Money } from '../core/metric/convert-metric.ts';
import { eventCount, type MetricValue } from '../core/metric/metric.ts';
import type { AttributeChanges } from '../core/profile/attributes.ts';
import type { Workspace } from '../core/workspace/workspace.ts';
import type { BatchRows } from './batch-rows.ts';
import type { EventPart, Submission } from './submission.ts';
import { locksOf, type WorkspaceMemory } from './workspace-memory.ts';

export interface StoredRow {
  readonly eventId: string;
  readonly seq: number;
}

type EventRow = Omit<EventPart, 'complete' | 'derivedTypes'>;

/**
 * Turns events whose profile is known into rows: the event, its metrics, what they add to the rollups, the catalogue's and the
 * first values' new entries. What it learns goes into the process's memory only by `remember`, after the commit.
 */
export class EventDecision {
  readonly #rows: BatchRows;
  readonly #workspace: Workspace;
  readonly #memory: WorkspaceMemory;
  readonly #money: Money;
  readonly #now: number;
  readonly #replayedIds = new Set<string>();
  readonly #newTypes = new Map<string, EventType>();
  readonly #locks = new Map<number, AttributeLocks>();
  readonly #entries = new Set<string>();

  constructor(rows: BatchRows, workspace: Workspace, memory: WorkspaceMemory, money: Money, now: number) {
    this.#rows = rows;
    this.#workspace = workspace;
    this.#memory = memory;
    this.#money = money;
    this.#now = now;
  }

  /** True when the types of the event, and of those that it may give rise to, exist or can still be made. */
  canStore(submission: Submission, event: EventPart): boolean {
    const names = [event.type, ...(event.derivedTypes ?? [])];
    const missing = names.filter((name) => !this.#typeOf(submission, name)).length;
    return missing === 0 || this.#hasRoomFor(missing);
  }

  /** The row of an event on a profile of a node. `text`: its properties as JSON, where that was made before. */
  store(
    submission: Submission,
    event: EventRow,
    profileId: string,
    nodeId: number,
    text?: string,
  ): StoredRow {
    const type = this.#typeOf(submission, event.type) ?? this.#makeType(submission, event.type);
    const properties = event.locksAttributes
      ? this.#filterLocked(submission, type.id, '', event.properties)
      : event.properties;
    const eventId = this.#idFor(submission);
    const seq = ++this.#rows.head.seq;
    const context = event.context === null ? null : eventContexts[event.context];
    this.#rows.events.push({
      id: eventId,
      seq,
      typeId: type.id,
      typeVersion: event.typeVersion,
      profileId,
      sourceId: event.sourceId,
      context,
      occurredAt: event.occurredAt,
      receivedAt: submission.receivedAt,
      properties: text !== undefined && properties === event.properties ? text : JSON.stringify(properties),
      detail: event.detail === null ? null : JSON.stringify(event.detail),
    });
    this.#rows.rollups.addEvent(event.occurredAt, type.id, nodeId, context, 1);
    this.#rows.rollups.addMetric(event.occurredAt, type.id, eventCount, 1, 1);
    for (const metric of event.metrics) this.#storeMetric(submission, metric, eventId, type.id);
    this.#catalogue(properties, type.id, event.sourceId ?? 0);
    return { eventId, seq };
  }

  /** A write's changes to custom attributes of profiles, less what the first-value rules forbid. */
  filterLockedProfile(submission: Submission, prefix: string, changes: AttributeChanges): AttributeChanges {
    return this.#filterLocked(submission, profileLockType, prefix, changes);
  }

  /** After the commit: what now is stored need not be written or looked up again. */
  remember(): void {
    for (const type of this.#rows.types) this.#workspace.eventTypes.learn(type);
    for (const lock of this.#rows.locks) locksOf(this.#memory, lock.typeId).learn(lock.name, lock.dataType);
    for (const entry of this.#rows.catalogue) this.#memory.catalogue.learn(entry);
  }

  /** What is replayed keeps the id that its sender was answered with; events that it gives rise to get their own. */
  #idFor({ replayOf }: Submission): string {
    if (!replayOf || this.#replayedIds.has(replayOf.id)) return newId(this.#now);
    this.#replayedIds.add(replayOf.id);
    return replayOf.id;
  }

  #storeMetric(submission: Submission, sent: MetricValue, eventId: string, typeId: number): void {
    const metric = convertMetric(sent, this.#money);
    this.#rows.metrics.push({ ...metric, eventId, typeId });
    const { dialect, receivedAt } = submission;
    if (metric.counted) this.#rows.rollups.addMetric(metric.occurredAt, typeId, metric.key, metric.value, 1);
    else this.#rows.tally.add(dialect, receivedAt, 'attribute-dropped', 'no-exchange-rate');
  }

  #typeOf(submission: Submission, name: string): EventType | undefined {
    return (
      this.#workspace.eventTypes.byName(submission.dialect, name) ??
      this.#newTypes.get(`${submission.dialect}\n${name}`)
    );
  }

  #hasRoomFor(types: number): boolean {
    return this.#workspace.eventTypes.size + this.#newTypes.size + types <= maximumEventTypes;
  }

  #makeType(submission: Submission, name: string): EventType {
    const now = new Date(this.#now);
    const type: EventType = {
      id: ++this.#rows.head.lastTypeId,
      publicId: newRecordId(this.#now),
      dialect: submission.dialect,
      name,
      version: 1,
      definition: null,
      createdAt: now,
      updatedAt: now,
      archivedAt: null,
    };
    this.#newTypes.set(`${type.dialect}\n${name}`, type);
    this.#rows.types.push(type);
    return type;
  }

  #filterLocked(
    submission: Submission,
    typeId: number,
    prefix: string,
    values: Record<string, unknown>,
  ): Record<string, unknown> {
    const locks = this.#locksOf(typeId);
    const dropped: string[] = [];
    for (const path of Object.keys(values)) {
      if (!path.startsWith(prefix)) continue;
      const name = path.slice(prefix.length);
      const value = values[path];
      const verdict = locks.judge(name, value);
      if (verdict === 'fits') continue;
      if (verdict === 'first') {
        this.#lock(locks, typeId, name, value);
        continue;
      }
      dropped.push(path);
      if (verdict === 'null') continue;
      this.#rows.tally.add(submission.dialect, submission.receivedAt, 'attribute-dropped', verdict);
    }
    return dropped.length === 0 ? values : without(values, dropped);
  }

  #lock(locks: AttributeLocks, typeId: number, name: string, value: unknown): void {
    const dataType = dataTypeOf(value)!;
    locks.learn(name, dataType);
    this.#rows.locks.push({ typeId, name, dataType });
  }

  /** The table of this batch: what is stored plus what the batch has settled itself. */
  #locksOf(typeId: number): AttributeLocks {
    return this.#locks.getOrInsertComputed(typeId, () => locksOf(this.#memory, typeId).copy());
  }

  #catalogue(properties: Record<string, unknown>, typeId: number, sourceId: number): void {
    for (const entry of this.#memory.catalogue.newEntries(typeId, sourceId, properties)) {
      const text = `${typeId}/${sourceId}/${entry.dataType}/${entry.name}`;
      if (this.#entries.has(text)) continue;
      this.#entries.add(text);
      this.#rows.catalogue.push(entry);
    }
  }
}

function without(values: Record<string, unknown>, dropped: readonly string[]): Record<string, unknown> {
  const kept: Record<string, unknown> = Object.assign(Object.create(null), values);
  for (const path of dropped) delete kept[path];
  return kept;
}

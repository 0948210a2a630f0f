import type { BatchRows } from '../change/rows.ts';
import { dataTypeOf } from '../core/event/data-type.ts';
import { eventContextNumber } from '../core/event/event.ts';
import { type AttributeLocks, profileLockType } from '../core/event-type/attribute-lock.ts';
import {
  type EventType,
  eventTypeRemedy,
  maximumEventTypes,
  maximumKeylessTypes,
} from '../core/event-type/event-type.ts';
import { newId, newRecordId } from '../core/id.ts';
import { convertMetric, type Money } from '../core/metric/convert-metric.ts';
import type { MetricValue } from '../core/metric/metric.ts';
import type { AttributeChanges } from '../core/profile/attributes.ts';
import type { Violation } from '../core/quarantine/quarantine.ts';
import type { Workspace } from '../core/workspace/workspace.ts';
import type { Origin } from '../projections/rollups/rollups.ts';
import type { EventPart } from './item.ts';
import type { Submission } from './submission.ts';
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
  #newKeylessTypes = 0;
  readonly #locks = new Map<number, AttributeLocks>();
  readonly #entries = new Set<string>();

  constructor(rows: BatchRows, workspace: Workspace, memory: WorkspaceMemory, money: Money, now: number) {
    this.#rows = rows;
    this.#workspace = workspace;
    this.#memory = memory;
    this.#money = money;
    this.#now = now;
  }

  /** Why the event can't be stored: its type is archived, or its types would be too many. Undefined when it can. */
  findObstacle(submission: Submission, event: EventPart): Violation | undefined {
    const name = this.#nameFor(submission, event);
    const type = this.#typeOf(submission, name);
    if (type?.archivedAt) return { rule: 'archived-event-type', path: null, detail: { type: name } };
    const names = [...(this.#isBrought(name, event) ? [] : [name]), ...(event.derivedTypes ?? [])];
    const missing = names.filter((needed) => !this.#typeOf(submission, needed)).length;
    if (missing === 0 || this.#hasRoomFor(missing, false)) return undefined;
    const detail = { maximum: maximumEventTypes, remedy: eventTypeRemedy };
    return { rule: 'too-many-event-types', path: null, detail };
  }

  /** Whether an event that another gives rise to has no place: archived types take none. */
  isArchived(submission: Submission, event: EventRow): boolean {
    return (this.#typeOf(submission, event.type)?.archivedAt ?? null) !== null;
  }

  /** The row of an event on a profile of a node. `text`: its properties as JSON, where that was made before. */
  store(
    submission: Submission,
    event: EventRow,
    profileId: string,
    nodeId: number,
    text?: string,
  ): StoredRow {
    const name = this.#nameFor(submission, event);
    const type =
      this.#typeOf(submission, name) ?? this.#makeType(submission, name, this.#isBrought(name, event));
    const given = name === event.type ? event.properties : nameIn(event);
    const properties = event.locksAttributes ? this.#filterLocked(submission, type.id, '', given) : given;
    const detail = submission.keyless ? { ...event.detail, keyless: true } : event.detail;
    const eventId = this.#idFor(submission);
    const seq = ++this.#rows.head.seq;
    const context = eventContextNumber(event.context);
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
      detail: detail === null ? null : JSON.stringify(detail),
    });
    const origin = { nodeId, context, sourceId: event.sourceId };
    this.#rows.rollups.addEvent(event.occurredAt, type.id, origin, 1);
    for (const metric of event.metrics)
      this.#storeMetric(submission, metric, { eventId, typeId: type.id, origin });
    this.#catalogue(submission, properties, type.id, event.sourceId ?? 0);
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

  #storeMetric(
    submission: Submission,
    sent: MetricValue,
    { eventId, typeId, origin }: { eventId: string; typeId: number; origin: Origin },
  ): void {
    const metric = convertMetric(sent, this.#money);
    const { dialect, receivedAt } = submission;
    this.#rows.metrics.push({ ...metric, eventId, typeId, receivedAt });
    const { occurredAt, key, value } = metric;
    if (metric.counted) this.#rows.rollups.addMetric(occurredAt, typeId, key, value, 1, origin);
    else this.#rows.tally.add(dialect, receivedAt, 'attribute-dropped', 'no-exchange-rate');
  }

  #typeOf(submission: Submission, name: string): EventType | undefined {
    return (
      this.#workspace.eventTypes.byName(submission.dialect, name) ??
      this.#newTypes.get(`${submission.dialect}\n${name}`)
    );
  }

  /** The type that takes the event: its own, or the catch-all where it would be one too many of what visitors bring. */
  #nameFor(submission: Submission, { type, catchAll }: EventRow): string {
    if (!catchAll || this.#typeOf(submission, type) || this.#hasRoomFor(1, true)) return type;
    return catchAll.type;
  }

  /** Whether a new type of this name counts on the visitors' budget. The catch-all itself does not: it is one. */
  #isBrought(name: string, { type, catchAll }: EventRow): boolean {
    return catchAll !== undefined && name === type && name !== catchAll.type;
  }

  #hasRoomFor(types: number, keyless: boolean): boolean {
    const known = this.#workspace.eventTypes.count({ keyless });
    const made = keyless ? this.#newKeylessTypes : this.#newTypes.size - this.#newKeylessTypes;
    return known + made + types <= (keyless ? maximumKeylessTypes : maximumEventTypes);
  }

  #makeType(submission: Submission, name: string, keyless: boolean): EventType {
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
      keyless,
    };
    if (keyless) this.#newKeylessTypes++;
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

  #catalogue(
    { keyless = false }: Submission,
    properties: Record<string, unknown>,
    typeId: number,
    sourceId: number,
  ): void {
    for (const entry of this.#memory.catalogue.newEntries(typeId, sourceId, properties, keyless)) {
      const text = `${typeId}/${sourceId}/${entry.dataType}/${keyless}/${entry.name}`;
      if (this.#entries.has(text)) continue;
      this.#entries.add(text);
      this.#rows.catalogue.push(entry);
    }
  }
}

/** The properties, with the name under which the event was sent. */
function nameIn({ type, properties, catchAll }: EventRow): Record<string, unknown> {
  return catchAll ? { ...properties, [catchAll.nameProperty]: type } : properties;
}

function without(values: Record<string, unknown>, dropped: readonly string[]): Record<string, unknown> {
  const kept: Record<string, unknown> = Object.assign(Object.create(null), values);
  for (const path of dropped) delete kept[path];
  return kept;
}

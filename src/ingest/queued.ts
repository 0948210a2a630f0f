import type { DialectName } from '../core/dialect-name.ts';
import {
  findUnstorable,
  isStorableText,
  maximumNameLength,
  type Unstorable,
} from '../core/event/storable.ts';
import type { Source } from '../core/source/source.ts';
import { firstInstant, isStorableInstant, lastInstant } from '../core/value/instant.ts';
import { findSource, type Workspace } from '../core/workspace/workspace.ts';
import type { EditItem, EventItem, EventPart, EventPlaces, MetricItem, Prepared } from './item.ts';
import { type Poisoned, quarantinePoison } from './poison.ts';
import type { Erasal, Refusal, ResolvedItem, SubjectResolver } from './resolve-subject.ts';
import type { Submission } from './submission.ts';

/** One item of a submission on its way through a batch. */
export interface QueuedItem {
  readonly submission: Submission;
  readonly index: number;
  readonly prepared: Prepared;
  /** The event's properties as JSON text, made before the workspace is locked; most are stored just so. */
  readonly text?: string | undefined;
  /** Of an event or edit: its profiles, or why there are none. */
  resolved?: ResolvedItem | Refusal | Erasal;
}

/** A submission in the queue, checked when it came in; again only if the configuration has moved since. */
export class Queued {
  readonly submission: Submission;
  readonly bytes: number;
  readonly size: number;
  #version: number;
  #archivedSource: Source | undefined;
  #items: QueuedItem[];

  constructor(submission: Submission, workspace: Workspace) {
    this.submission = submission;
    this.bytes = submission.bytes;
    this.size = submission.size;
    this.#version = workspace.version;
    this.#archivedSource = findArchivedSource(submission, workspace);
    this.#items = this.#archivedSource ? [] : prepareItems(submission, workspace);
  }

  /** By the configuration that it was checked against last: nothing becomes of what comes in by it. */
  get archivedSource(): Source | undefined {
    return this.#archivedSource;
  }

  /** True: it is committed in a batch of its own, because what it may do follows from what others of a batch might change. */
  get alone(): boolean {
    return this.#items.some(({ prepared }) => prepared.kind === 'edit' && prepared.uniqueKind !== undefined);
  }

  get yields(): boolean {
    return this.submission.yields === true;
  }

  itemsFor(workspace: Workspace, poisoned: Poisoned): QueuedItem[] {
    if (workspace.version !== this.#version) {
      this.#version = workspace.version;
      this.#archivedSource = findArchivedSource(this.submission, workspace);
      this.#items = this.#archivedSource ? [] : prepareItems(this.submission, workspace);
    }
    const bad = poisoned.get(this.submission);
    if (!bad) return this.#items;
    return this.#items.map((item) =>
      bad.has(item.index) ? { ...item, prepared: quarantinePoison(item.prepared) } : item,
    );
  }
}

/** The one place where archived sources are shut, whichever API it is: each submission says by which source it comes in. */
function findArchivedSource({ dialect, source }: Submission, workspace: Workspace): Source | undefined {
  const known = source && findSource(workspace, dialect, source.kind, source.externalId);
  return known?.archivedAt ? known : undefined;
}

/** Checks every item against the configuration, and whether it can be stored at all. */
function prepareItems(submission: Submission, workspace: Workspace): QueuedItem[] {
  return submission.prepare(workspace).map((unchecked, index) => {
    const prepared = checkStorable(unchecked);
    const event = prepared.kind === 'event' ? prepared.event : undefined;
    const text = event && !event.complete ? JSON.stringify(event.properties) : undefined;
    return { submission, index, prepared, text };
  });
}

/** The events and edits of a batch. */
export function subjectItemsOf(items: readonly (readonly QueuedItem[])[]): (EventItem | EditItem)[] {
  const found: (EventItem | EditItem)[] = [];
  for (const group of items)
    for (const { prepared } of group)
      if (prepared.kind === 'event' || prepared.kind === 'edit') found.push(prepared);
  return found;
}

/** An event or edit whose profiles are found. */
export interface Resolved {
  readonly dialect: DialectName;
  readonly item: EventItem | EditItem;
  readonly resolution: ResolvedItem;
}

/** Finds the profiles of every event and edit but the settled submissions', in order, and notes them on the items. */
export function resolveItems(
  resolver: SubjectResolver,
  items: readonly (readonly QueuedItem[])[],
  settled: ReadonlySet<Submission>,
  now: number,
): Resolved[] {
  const resolved: Resolved[] = [];
  for (const queued of items.flat()) {
    const { prepared, submission } = queued;
    if ((prepared.kind !== 'event' && prepared.kind !== 'edit') || settled.has(submission)) continue;
    const resolution = resolver.resolve(prepared, now);
    queued.resolved = resolution;
    if (resolution.kind === 'resolved')
      resolved.push({ dialect: submission.dialect, item: prepared, resolution });
  }
  return resolved;
}

function checkStorable(prepared: Prepared): Prepared {
  if (prepared.kind === 'metric') return checkStorableSetting(prepared);
  if (prepared.kind !== 'event') return prepared;
  const { type, occurredAt } = prepared.event;
  const found = findUnstorablePart(prepared.event, prepared.places ?? {});
  if (!found) return prepared;
  return {
    kind: 'violation',
    type: type.length > maximumNameLength ? null : type,
    occurredAt,
    violation: {
      rule: found.rule,
      path: found.path,
      detail: found.rule === unstorableTime.rule ? takenTimes : {},
    },
  };
}

/** What sets a metric is no event, and nothing to quarantine. */
function checkStorableSetting(prepared: MetricItem): Prepared {
  const { raw, keys, occurredAt } = prepared;
  const found = isStorableInstant(occurredAt) ? findUnstorable({ raw, keys }) : unstorableTime;
  return found ? { kind: 'dropped', reason: found.rule } : prepared;
}

const unstorableTime: Unstorable = { rule: 'time-not-storable', path: '' };
const takenTimes = {
  from: new Date(firstInstant).toISOString(),
  until: new Date(lastInstant).toISOString(),
};

function findUnstorablePart(
  { type, occurredAt, properties, detail, metrics }: EventPart,
  places: EventPlaces,
): Unstorable | undefined {
  const inType = places.type ?? '';
  const inProperties = places.properties ?? '';
  if (!isStorableText(type)) return { rule: 'text-not-storable', path: inType };
  if (type.length > maximumNameLength) return { rule: 'name-too-long', path: inType };
  if (!isStorableInstant(occurredAt)) return { ...unstorableTime, path: places.occurredAt ?? '' };
  const found = findUnstorable(properties);
  if (found) return { rule: found.rule, path: `${inProperties}${found.path}` };
  for (const { value, occurredAt: at, raw } of metrics) {
    // PostgreSQL takes NaN and infinity for numbers, and no sum would ever be one again.
    if (!Number.isFinite(value)) return { rule: 'number-not-storable', path: inProperties };
    if (!isStorableInstant(at)) return unstorableTime;
    const inRaw = findUnstorable({ raw });
    if (inRaw) return { rule: inRaw.rule, path: inProperties };
  }
  return detail === null ? undefined : findUnstorable(detail);
}

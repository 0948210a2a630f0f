import { type Candidate, candidateText, findCandidates } from '../core/erasure/candidate-keys.ts';
import type { DialectErasure } from '../core/erasure/erasure.ts';
import type { ErasureKey, ErasureKeyFile } from '../core/erasure/erasure-key.ts';
import { readTombstones } from '../core/erasure/erasure-store.ts';
import { type Key, keyText } from '../core/identity/identity.ts';
import type { Workspace } from '../core/workspace/workspace.ts';
import type { Queryable } from '../store/queryable.ts';
import type { EditItem, EventItem } from './item.ts';
import type { QueuedItem } from './queued.ts';

/** How the dialects' bodies are looked through for keys, by the dialects' names. */
export type ErasureRules = ReadonlyMap<string, DialectErasure>;

/** The rules of these dialects. */
export function erasureRulesOf(
  dialects: readonly { readonly name: string; readonly erasure?: DialectErasure }[],
): ErasureRules {
  return new Map(dialects.flatMap(({ name, erasure }) => (erasure ? [[name, erasure]] : [])));
}

/** Why an item that speaks of somebody who was forgotten is dropped. */
export const erasedReason = 'erased';

/** What of a batch speaks of somebody who was forgotten. */
export interface Erased {
  /** By the item's subject: who comes late is not made anew. */
  readonly subjects: ReadonlySet<EventItem | EditItem>;
  /** Bad items in whose bodies one of the keys stands. */
  readonly violations: ReadonlySet<QueuedItem>;
  /** Keys that are tombstones', as texts (`keyText`): no companion is found or made by them. */
  readonly keys: ReadonlySet<string>;
}

export const nobodyErased: Erased = { subjects: new Set(), violations: new Set(), keys: new Set() };

/**
 * Finds what speaks of the forgotten: one statement a batch, where anybody of the workspace was forgotten, else none.
 * @throws StartupError when the tombstones' key is not there
 */
export async function readErased(
  tx: Queryable,
  workspace: Workspace,
  keyFile: ErasureKeyFile,
  rules: ErasureRules,
  items: readonly QueuedItem[],
): Promise<Erased> {
  if (workspace.erasureKeyId === null) return nobodyErased;
  const hashing = new Hashing(await keyFile.open(workspace.erasureKeyId), workspace);
  const named = items.map((item) => ({ item, candidates: candidatesOf(item, workspace, rules) }));
  for (const { item, candidates } of named) {
    for (const candidate of candidates) hashing.hash(candidate);
    for (const key of companionKeysOf(item)) hashing.hash(key);
  }
  if (hashing.hashes.size === 0) return nobodyErased;
  const tombstones = await readTombstones(tx, workspace.id, [...hashing.hashes]);
  if (tombstones.size === 0) return nobodyErased;
  const erased = {
    subjects: new Set<EventItem | EditItem>(),
    violations: new Set<QueuedItem>(),
    keys: new Set<string>(),
  };
  const isErased = (candidate: Candidate) => tombstones.has(hashing.hash(candidate));
  for (const { item, candidates } of named) {
    for (const key of companionKeysOf(item)) if (isErased(key)) erased.keys.add(keyText(key));
    if (!candidates.some(isErased)) continue;
    if (item.prepared.kind === 'violation') erased.violations.add(item);
    else if (item.prepared.kind === 'event' || item.prepared.kind === 'edit')
      erased.subjects.add(item.prepared);
  }
  return erased;
}

/** Each hash of a batch is made once. */
class Hashing {
  readonly #key: ErasureKey;
  readonly #workspace: Workspace;
  readonly #made = new Map<string, string>();
  readonly hashes = new Set<string>();

  constructor(key: ErasureKey, workspace: Workspace) {
    this.#key = key;
    this.#workspace = workspace;
  }

  hash(candidate: Candidate): string {
    const hash = this.#made.getOrInsertComputed(candidateText(candidate), () =>
      this.#key.hash(this.#workspace, candidate),
    );
    this.hashes.add(hash);
    return hash;
  }
}

function candidatesOf(item: QueuedItem, workspace: Workspace, rules: ErasureRules): Candidate[] {
  const { prepared, submission, index } = item;
  if (prepared.kind === 'violation') {
    const beside = [submission.request, prepared.violation.detail];
    return findCandidates(submission.raw(index), beside, workspace, rules.get(submission.dialect));
  }
  if (prepared.kind !== 'event' && prepared.kind !== 'edit') return [];
  const { subject } = prepared;
  const { contacts = [] } = subject;
  if ('profileId' in subject) return [{ profileId: subject.profileId }, ...contacts];
  const { keys, standsInFor = [], namedBy = [] } = subject;
  return [...keys, ...standsInFor, ...namedBy, ...contacts];
}

function companionKeysOf({ prepared }: QueuedItem): readonly Key[] {
  if (prepared.kind !== 'event' && prepared.kind !== 'edit') return [];
  return (prepared.companions ?? []).flatMap(({ keys }) => keys);
}

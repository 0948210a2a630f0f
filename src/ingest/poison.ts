import { storableText } from '../core/event/storable.ts';
import type { Workspace } from '../core/workspace/workspace.ts';
import { sqlState } from '../store/transaction.ts';
import type { Prepared } from './item.ts';
import type { Submission } from './submission.ts';

/** Items that the database refused, by submission. */
export type Poisoned = ReadonlyMap<Submission, ReadonlySet<number>>;

export const noPoison: Poisoned = new Map();

/** SQLSTATE classes 22 (a value it can't take) and 54 (a limit of its own): the row is at fault, not the database. */
export function isPoisonError(error: unknown): boolean {
  return /^(22|54)/.test(sqlState(error) ?? '');
}

/**
 * The items at fault, found by halving what fails, each part tried in a transaction that is rolled back. The rest is committed as
 * if they had not been there.
 */
export async function findPoison(
  batch: readonly { readonly submission: Submission }[],
  tryPart: (part: readonly Submission[]) => Promise<unknown>,
): Promise<Poisoned> {
  const culprits = new Map<Submission, Set<number>>();
  const search = async (units: readonly Unit[]): Promise<void> => {
    try {
      await tryPart(units.map((unit) => unit.alone));
      return;
    } catch (error) {
      if (!isPoisonError(error)) throw error;
    }
    if (units.length === 1) {
      const { submission, index } = units[0]!;
      culprits.set(submission, (culprits.get(submission) ?? new Set<number>()).add(index));
      return;
    }
    const middle = Math.ceil(units.length / 2);
    await search(units.slice(0, middle));
    await search(units.slice(middle));
  };
  await search(batch.flatMap(({ submission }) => unitsOf(submission)));
  return culprits;
}

/** What takes the place of an item that the database refused. */
export function quarantinePoison(prepared: Prepared): Prepared {
  if (prepared.kind === 'dropped') return prepared;
  // It is no event: what sets a metric is answered, and not kept.
  if (prepared.kind === 'metric') return { kind: 'dropped', reason: 'refused-by-database' };
  const [type, occurredAt] =
    prepared.kind === 'violation'
      ? [prepared.type, prepared.occurredAt]
      : prepared.kind === 'event'
        ? [prepared.event.type, prepared.event.occurredAt]
        : [null, 0];
  const violation = { rule: 'refused-by-database', path: null, detail: {} };
  return { kind: 'violation', type: type === null ? null : storableText(type), occurredAt, violation };
}

interface Unit {
  readonly submission: Submission;
  readonly index: number;
  /** The item as a submission of its own, without the request's key and its turn: whether it was sent before is not the question here. */
  readonly alone: Submission;
}

function unitsOf(submission: Submission): Unit[] {
  // A submission of many items is prepared once, and not for each of them in each part.
  let last: { readonly workspace: Workspace; readonly items: readonly Prepared[] } | undefined;
  const prepare = (workspace: Workspace): readonly Prepared[] => {
    if (last?.workspace !== workspace) last = { workspace, items: submission.prepare(workspace) };
    return last.items;
  };
  return Array.from({ length: submission.size }, (_, index) => {
    const { dedupe: _key, entry: _turn, ...rest } = submission;
    const alone: Submission = {
      ...rest,
      size: 1,
      prepare: (workspace) => [prepare(workspace)[index]!],
      raw: () => submission.raw(index),
    };
    return { submission, index, alone };
  });
}

import type { DialectName } from '../core/dialect-name.ts';
import { findUnstorable } from '../core/event/storable.ts';
import type { Workspace } from '../core/workspace/workspace.ts';
import { type Poisoned, quarantinePoison } from './poison.ts';
import type { ResolvedCommand, SubjectResolver } from './resolve-subject.ts';
import type { Command, Prepared, Submission } from './submission.ts';

/** One item of a submission on its way through a batch. */
export interface Item {
  readonly submission: Submission;
  readonly index: number;
  readonly prepared: Prepared;
  /** Of a command: its profiles; undefined when one that it names does not exist. */
  resolved?: ResolvedCommand | undefined;
}

/** Checks every item of a batch against the configuration, and whether it can be stored at all. */
export function prepareItems(
  workspace: Workspace,
  batch: readonly Submission[],
  poisoned: Poisoned,
): Item[][] {
  return batch.map((submission) => {
    const bad = poisoned.get(submission);
    return submission.prepare(workspace).map((prepared, index) => ({
      submission,
      index,
      prepared: bad?.has(index) ? quarantinePoison(prepared) : checkStorable(prepared),
    }));
  });
}

export function commandsOf(items: readonly (readonly Item[])[]): Command[] {
  const commands: Command[] = [];
  for (const group of items)
    for (const { prepared } of group) if (prepared.kind === 'command') commands.push(prepared);
  return commands;
}

/** Finds the profiles of every command, in order, and notes them on the items. */
export function resolveItems(
  resolver: SubjectResolver,
  items: readonly (readonly Item[])[],
  now: number,
): { dialect: DialectName; command: Command; resolution: ResolvedCommand }[] {
  const resolved: { dialect: DialectName; command: Command; resolution: ResolvedCommand }[] = [];
  for (const item of items.flat()) {
    if (item.prepared.kind !== 'command') continue;
    item.resolved = resolver.resolve(item.prepared, now);
    if (item.resolved) {
      resolved.push({ dialect: item.submission.dialect, command: item.prepared, resolution: item.resolved });
    }
  }
  return resolved;
}

function checkStorable(prepared: Prepared): Prepared {
  if (prepared.kind !== 'command' || !prepared.event) return prepared;
  const { properties, detail, type, occurredAt } = prepared.event;
  const found = findUnstorable(properties) ?? (detail === null ? undefined : findUnstorable(detail));
  if (!found) return prepared;
  return {
    kind: 'violation',
    type,
    occurredAt,
    violation: { rule: found.rule, path: found.path, detail: {} },
  };
}

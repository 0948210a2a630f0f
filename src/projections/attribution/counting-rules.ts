import type { ConversionSettings } from '../../core/attribution/conversion.ts';
import type { Conversion } from '../../core/attribution/conversion-store.ts';
import {
  type CountingRule,
  insertCountingRule,
  readCountingRules,
} from '../../core/attribution/sum-store.ts';
import type { Workspace, WorkspaceId } from '../../core/workspace/workspace.ts';
import type { Queryable } from '../../store/queryable.ts';
import { localDayIn } from '../rollups/buckets.ts';

/** By what the paths of a conversion are counted, or were. */
export interface Counting {
  readonly settings: ConversionSettings;
  /** The local day (YYYY-MM-DD) of an instant in milliseconds. */
  readonly localDay: (instant: number) => string;
}

/**
 * The rules of each revision: a path is taken out of the sums by the rules by which it was put in, whatever the conversion's settings and
 * the workspace's time zone are by then.
 */
export class CountingRules {
  readonly #rules = new Map<string, Counting>();
  readonly #latest = new Map<number, CountingRule>();
  readonly #localDays = new Map<string, (instant: number) => string>();

  learn(rule: CountingRule): void {
    const { conversion, revision, timezone, settings } = rule;
    const localDay = this.#localDays.getOrInsertComputed(timezone, () => localDayIn(timezone));
    this.#rules.set(`${conversion}/${revision}`, { settings: JSON.parse(settings), localDay });
    this.#latest.set(conversion, rule);
  }

  /** @throws of a revision that was never made */
  of({ conversion, revision }: Pick<CountingRule, 'conversion' | 'revision'>): Counting {
    const rule = this.#rules.get(`${conversion}/${revision}`);
    if (!rule) throw new Error(`the rules ${revision} of conversion ${conversion} are not known`);
    return rule;
  }

  latestOf(conversion: number): CountingRule | undefined {
    return this.#latest.get(conversion);
  }
}

export async function loadCountingRules(
  connection: Queryable,
  workspaceId: WorkspaceId,
): Promise<CountingRules> {
  const rules = new CountingRules();
  for (const rule of await readCountingRules(connection, workspaceId)) rules.learn(rule);
  return rules;
}

/** The revision by which a conversion is counted from now on: another one where its settings or the zone are. Under the lock of who settles. */
export async function presentRevision(
  connection: Queryable,
  rules: CountingRules,
  { id, timezone }: Pick<Workspace, 'id' | 'timezone'>,
  { number: conversion, settings }: Conversion,
): Promise<number> {
  const text = JSON.stringify(settings);
  const latest = rules.latestOf(conversion);
  if (latest && latest.timezone === timezone && latest.settings === text) return latest.revision;
  const next = { conversion, revision: (latest?.revision ?? 0) + 1, timezone, settings: text };
  await insertCountingRule(connection, id, next);
  rules.learn(next);
  return next.revision;
}

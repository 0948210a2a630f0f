import type { ContactFields } from '../core/identity/key-spelling.ts';
import type { SaleType } from '../core/metric/revenue.ts';
import type { Workspace } from '../core/workspace/workspace.ts';
import { engineProjections } from '../projections/engine-projections.ts';
import type { Projection } from '../projections/projection.ts';
import { contacthub } from './contacthub/index.ts';
import type { Dialect } from './dialect.ts';
import { octeth } from './octeth/index.ts';
import { signals } from './signals/index.ts';
import { webengage } from './webengage/index.ts';
import { webmarketer } from './webmarketer/index.ts';

/** Every dialect there is. Only this file imports them. The first that owns a path answers for it. */
export const dialects: readonly Dialect[] = [octeth, webengage, webmarketer, signals, contacthub];

/** The event types of all dialects whose events are sales. */
export const saleTypes: readonly SaleType[] = dialects.flatMap(({ name: dialect, saleTypes: names = [] }) =>
  names.map((name) => ({ dialect, name })),
);

/** All that is derived, in the order in which it is made anew. */
export const projections: readonly Projection[] = [
  ...engineProjections,
  ...dialects.flatMap((dialect) => dialect.projections ?? []),
];

/** What the dialects add to a workspace's configuration. */
export const workspaceParts = dialects.flatMap(({ parts = [] }) => parts);

/** The fields of all dialects by which users are found, that hold addresses and numbers. */
export function contactFieldsOf(workspace: Workspace): ContactFields {
  return new Map(dialects.flatMap((dialect) => [...(dialect.contactFieldsOf?.(workspace) ?? [])]));
}

export function dialectOf(path: string): Dialect | undefined {
  return dialects.find((dialect) => dialect.owns(path));
}

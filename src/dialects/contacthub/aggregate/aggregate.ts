import type { AggregateSettings, Node } from '../../../core/node/node.ts';
import type { Workspace } from '../../../core/workspace/workspace.ts';
import { aggregateNodesOf } from '../access.ts';
import type { Condition } from '../query/condition.ts';
import { attributePath, type MatchingPolicy } from '../rules/customer-keys.ts';
import { readExclusionFilter } from './exclusion-filter.ts';

/** More than these a workspace does not have (ours): what each puts together is kept up with every write of a customer. */
export const maximumAggregates = 20;

/** An aggregate node: whom it puts together, and by what. */
export interface Aggregate {
  readonly node: Node;
  readonly settings: AggregateSettings;
  /** By the engine's numbers. */
  readonly entryNodeIds: ReadonlySet<number>;
  /** Undefined: everybody is a customer by himself. */
  readonly policy: MatchingPolicy | undefined;
  /** Whom one of them fits is left out. */
  readonly exclusions: readonly Condition[];
}

const known = new WeakMap<Workspace, readonly Aggregate[]>();

/** The aggregates of a workspace, as of its configuration. */
export function aggregatesOf(workspace: Workspace): readonly Aggregate[] {
  return known.getOrInsertComputed(workspace, (one) =>
    aggregateNodesOf(one).flatMap((node) => aggregateOf(one, node)),
  );
}

/** Those whose customers are there, or are being made: they follow what is written. */
export function followedAggregates(workspace: Workspace): readonly Aggregate[] {
  return aggregatesOf(workspace).filter(
    ({ settings: { state } }) => state === 'ACTIVE' || state === 'LOCKED',
  );
}

export function findAggregate(workspace: Workspace, publicId: string): Aggregate | undefined {
  const wanted = publicId.toLowerCase();
  return aggregatesOf(workspace).find(({ node }) => node.publicId === wanted);
}

function aggregateOf(workspace: Workspace, node: Node): Aggregate[] {
  const settings = node.settings.aggregate;
  if (!settings) return [];
  const { entryNodes, matching, exclusionFilters } = settings;
  return [
    {
      node,
      settings,
      entryNodeIds: new Set(
        [...workspace.nodes.values()].flatMap(({ id, publicId }) =>
          entryNodes.includes(publicId) ? [id] : [],
        ),
      ),
      policy:
        matching.properties.length === 0
          ? undefined
          : { paths: matching.properties.map(attributePath), caseSensitive: matching.caseSensitive },
      exclusions: (exclusionFilters ?? []).map((filter) => readExclusionFilter(filter, workspace)),
    },
  ];
}

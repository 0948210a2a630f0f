import type { Workspace } from '../../../core/workspace/workspace.ts';
import { readNodesOf } from '../access.ts';
import type { BasePropertyName } from '../documents/base-property-names.ts';
import { attributePath } from '../rules/customer-keys.ts';
import { basePathsOf } from '../rules/hidden-properties.ts';

/** A base property that can not be disabled, and why, in words that follow its name. */
export interface NeededProperty {
  readonly name: BasePropertyName;
  readonly reason: string;
}

/** Of properties that are to be disabled, the first that a node needs. */
export function findNeeded(
  workspace: Workspace,
  disabled: readonly BasePropertyName[],
): NeededProperty | undefined {
  for (const { publicId, settings } of readNodesOf(workspace)) {
    const { uniqueCustomer, mandatoryProperties = [], aggregate } = settings;
    const matching = [...(uniqueCustomer?.properties ?? []), ...(aggregate?.matching.properties ?? [])];
    const needed = new Set([...matching, ...mandatoryProperties].map(attributePath));
    const name = disabled.find((one) => basePathsOf(one).some((path) => needed.has(path)));
    if (name !== undefined)
      return { name, reason: `the node ${publicId} finds its customers by it, or asks it of them` };
  }
  return undefined;
}

import type { SourceProvision } from '../../core/source/add-source.ts';
import type { Provision } from '../../core/workspace/provision.ts';
import type { NativeDialect } from '../services.ts';

/** A dialect that has sources. */
export type SourceDialect = NativeDialect & { readonly provision: SourceProvision };

export function haveSources(dialects: readonly NativeDialect[]): readonly SourceDialect[] {
  return dialects.flatMap((dialect) => {
    const { provision } = dialect;
    return hasSource(provision) ? [{ ...dialect, provision }] : [];
  });
}

function hasSource(provision: Provision): provision is SourceProvision {
  return provision.source !== undefined;
}

/** In words, which kinds there are: `list (octeth)`. */
export function nameKinds(dialects: readonly SourceDialect[]): string {
  return dialects.map(({ provision: { dialect, source } }) => `${source.kind} (${dialect})`).join(', ');
}

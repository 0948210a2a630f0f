import type { Key } from '../../../core/identity/identity.ts';
import type { Source } from '../../../core/source/source.ts';
import type { Workspace } from '../../../core/workspace/workspace.ts';
import { isEmailHash, type TrackedEvent } from '../api/events/parse.ts';
import { identifyingField } from '../custom-field/custom-field.ts';
import { identifyingKey } from '../custom-field/field-value.ts';

/**
 * Whom the ID of an event without an address tells (docs/spec/octeth.md B9, B10): the subscriber with this value of the list's
 * identifying field, which is never a visitor's to name since the values are the site's own ids; or whose address has this hash.
 */
export function keysOfId(
  { email, id, keyless }: TrackedEvent,
  workspace: Workspace,
  list: Source | undefined,
): Key[] {
  if (email || id === undefined) return [];
  const field = list && !keyless ? identifyingField(workspace, list) : undefined;
  const ofField = field && identifyingKey(field, id);
  const ofHash: Key[] = isEmailHash(id) ? [{ kind: 'emailHash', value: id.toLowerCase() }] : [];
  return [...(ofField ? [ofField] : []), ...ofHash];
}

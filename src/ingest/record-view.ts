import { attributeValues, mergeAttributes } from '../core/profile/attributes.ts';
import type { Profile } from '../core/profile/profile-store.ts';
import type { RecordView } from './item.ts';

const nothing: ReadonlyMap<string, unknown> = new Map();
const noValues: Readonly<Record<string, unknown>> = Object.create(null);

/**
 * A profile within its record. `members`: the record's profiles, anonymous ones too; they show nothing, but for the profile itself.
 * `profile` undefined: it is still to be made.
 */
export function recordViewOf(
  profile: Profile | undefined,
  recordId: string,
  members: readonly Profile[],
  states: ReadonlyMap<string, unknown> = nothing,
): RecordView {
  if (!profile) {
    const unmade = { createdAt: null, updatedAt: null };
    return { exists: false, values: noValues, shown: noValues, version: 0, recordId, states, ...unmade };
  }
  const shown = members.filter((member) => !member.anonymous || member.id === profile.id);
  const values = attributeValues(profile.attributes);
  const isAlone = shown.length === 1 && shown[0] === profile;
  return {
    exists: true,
    values,
    shown: isAlone ? values : attributeValues(mergeAttributes(shown.map((member) => member.attributes))),
    version: shown.reduce((sum, member) => sum + member.version, 1 - shown.length),
    recordId,
    states,
    createdAt: profile.createdAt,
    updatedAt: profile.updatedAt,
  };
}

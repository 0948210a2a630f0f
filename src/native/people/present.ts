import type { Static } from 'typebox';
import type { Person } from '../../query/people/find-person.ts';
import { timeOf } from '../date-times.ts';
import type { PersonReply } from './schemas.ts';

export function presentPerson(person: Person): Static<typeof PersonReply> {
  return {
    id: person.id,
    profiles: person.profiles.map((profile) => ({
      id: profile.id,
      dialect: profile.dialect,
      node: profile.node,
      recordId: profile.recordId,
      anonymous: profile.anonymous,
      keys: profile.keys.map(({ kind, value }) => ({ kind, value })),
      attributes: profile.attributes,
      createdAt: timeOf(profile.createdAt),
      updatedAt: timeOf(profile.updatedAt),
    })),
    profileCount: person.profileCount,
  };
}

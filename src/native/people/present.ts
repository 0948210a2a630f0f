import type { Static } from 'typebox';
import { nameOf } from '../../core/profile/names.ts';
import type { Person } from '../../query/people/find-person.ts';
import type { FoundPerson } from '../../query/people/search-people.ts';
import type { PersonSummary } from '../../query/people/sum-person.ts';
import { timeOf, timeOrNull } from '../date-times.ts';
import type { PeopleReply, PersonReply, SummaryReply } from './schemas.ts';

export function presentFound({ id, name, key }: FoundPerson): Static<typeof PeopleReply>['people'][number] {
  return { id, title: name ?? key?.value ?? id, name, key };
}

export function presentSummary(
  personId: string,
  { events, firstAt, lastAt, types, amounts }: PersonSummary,
): Static<typeof SummaryReply> {
  return {
    personId,
    events,
    firstAt: timeOrNull(firstAt),
    lastAt: timeOrNull(lastAt),
    types: types.map((type) => ({ ...type, firstAt: timeOf(type.firstAt), lastAt: timeOf(type.lastAt) })),
    amounts: [...amounts],
  };
}

export function presentPerson(person: Person): Static<typeof PersonReply> {
  return {
    id: person.id,
    profiles: person.profiles.map((profile) => ({
      id: profile.id,
      dialect: profile.dialect,
      node: profile.node,
      recordId: profile.recordId,
      anonymous: profile.anonymous,
      name: nameOf(profile.attributes),
      keys: profile.keys.map(({ kind, value }) => ({ kind, value })),
      attributes: profile.attributes,
      createdAt: timeOf(profile.createdAt),
      updatedAt: timeOf(profile.updatedAt),
    })),
    profileCount: person.profileCount,
  };
}

import { queryOptions } from '@tanstack/react-query';
import { api, take } from './client.ts';

/** A person, by the id of any of its profiles. */
export function personQuery(workspace: string, personId: string) {
  return queryOptions({
    queryKey: ['person', workspace, personId],
    queryFn: () =>
      take(
        api.GET('/workspaces/{workspace}/people/{personId}', { params: { path: { workspace, personId } } }),
      ),
  });
}

export type Person = Awaited<ReturnType<NonNullable<ReturnType<typeof personQuery>['queryFn']>>>;
export type Profile = Person['profiles'][number];

/** The kinds of keys by which people know each other, best first. */
const ofPersons = ['email', 'phone', 'user', 'external', 'whatsappUser'];
/** What tells a profile from others of the same person, first: addresses and numbers are what they have in common. */
const ofProfiles = ['user', 'external', 'whatsappUser', 'email', 'phone'];

/** What a person is called; one who has no name, by which key it is known; one of whom nothing is known, by the end of the id. */
export function titleOfPerson(person: Person): string {
  return nameOf(person) ?? keyOf(person) ?? anonymous(person.id);
}

/** By which key somebody is known who has a name besides. */
export function knownBy(person: Person): string | undefined {
  return nameOf(person) === undefined ? undefined : keyOf(person);
}

function nameOf({ profiles }: Person): string | undefined {
  return profiles.find(({ name }) => name !== null)?.name ?? undefined;
}

function keyOf({ profiles }: Person): string | undefined {
  return firstOf(
    profiles.flatMap(({ keys }) => keys),
    ofPersons,
  );
}

export function titleOfProfile({ id, keys }: Profile): string {
  return firstOf(keys, ofProfiles) ?? anonymous(id);
}

/** Who has this key in whole, or is called so. */
export function foundPeopleQuery(workspace: string, find: string, limit = 50) {
  return queryOptions({
    queryKey: ['people', workspace, 'found', find, limit],
    queryFn: async () => {
      const params = { path: { workspace }, query: { search: find, limit } };
      return (await take(api.GET('/workspaces/{workspace}/people', { params }))).people;
    },
  });
}

export type FoundPerson = Awaited<
  ReturnType<NonNullable<ReturnType<typeof foundPeopleQuery>['queryFn']>>
>[number];

function firstOf(keys: Profile['keys'], kinds: readonly string[]): string | undefined {
  const found = kinds.map((kind) => keys.find((key) => key.kind === kind));
  return found.find((key) => key !== undefined)?.value;
}

function anonymous(id: string): string {
  return `Anonymous ${id.slice(-8)}`;
}

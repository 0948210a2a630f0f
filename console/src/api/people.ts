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

/** By which a person is known; one of whom nothing is known by the end of the id. */
export function titleOfPerson({ id, profiles }: Person): string {
  return (
    firstOf(
      profiles.flatMap(({ keys }) => keys),
      ofPersons,
    ) ?? anonymous(id)
  );
}

export function titleOfProfile({ id, keys }: Profile): string {
  return firstOf(keys, ofProfiles) ?? anonymous(id);
}

function firstOf(keys: Profile['keys'], kinds: readonly string[]): string | undefined {
  const found = kinds.map((kind) => keys.find((key) => key.kind === kind));
  return found.find((key) => key !== undefined)?.value;
}

function anonymous(id: string): string {
  return `Anonymous ${id.slice(-8)}`;
}

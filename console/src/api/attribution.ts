import { keepPreviousData, queryOptions, useQueries } from '@tanstack/react-query';
import { useWorkspaceName } from '../app/current-workspace.ts';
import { api, take } from './client.ts';

/** What counts as success, with the rules by which touches get the credit of it, and those that hold where nothing is said. */
export function conversionsQuery(workspace: string) {
  return queryOptions({
    queryKey: ['conversions', workspace],
    queryFn: () => take(api.GET('/workspaces/{workspace}/conversions', { params: { path: { workspace } } })),
    // One that is being counted is kept soon.
    refetchInterval: ({ state: { data } }) =>
      data?.conversions.some(({ status }) => status === 'counting') ? 2_000 : false,
  });
}

export type Conversions = Awaited<ReturnType<NonNullable<ReturnType<typeof conversionsQuery>['queryFn']>>>;
export type Conversion = Conversions['conversions'][number];
export type ConversionRules = Conversions['defaults'];

/** So many are named in one question. */
const together = 100;

/** As what persons are known, by their ids; those of whom nothing is known by the end of the id. */
export function usePersonTitles(personIds: readonly string[]): (personId: string) => string {
  const workspace = useWorkspaceName();
  const ids = [...new Set(personIds)];
  const parts = Array.from({ length: Math.ceil(ids.length / together) }, (_, place) =>
    ids.slice(place * together, (place + 1) * together),
  );
  const titles = useQueries({
    queries: parts.map((part) => titlesQuery(workspace, part)),
    combine: titlesOf,
  });
  return (personId) => titles.get(personId) ?? `Anonymous ${personId.slice(-8)}`;
}

function titlesQuery(workspace: string, personIds: readonly string[]) {
  return queryOptions({
    queryKey: ['person-titles', workspace, personIds],
    queryFn: async () => {
      const params = { path: { workspace }, query: { ids: personIds.join(',') } };
      return (await take(api.GET('/workspaces/{workspace}/people/titles', { params }))).people;
    },
    placeholderData: keepPreviousData,
    staleTime: 60_000,
  });
}

interface PersonTitle {
  readonly id: string;
  readonly title: string;
}

function titlesOf(
  found: readonly { readonly data: readonly PersonTitle[] | undefined }[],
): ReadonlyMap<string, string> {
  return new Map(found.flatMap(({ data = [] }) => data.map(({ id, title }) => [id, title] as const)));
}

import { queryOptions, useQuery } from '@tanstack/react-query';
import { useWorkspaceName } from '../app/current-workspace.ts';
import { api, take } from './client.ts';

/** The vendors' APIs, how much came in by each, and how a first event is sent. */
export function dialectsQuery(workspace: string) {
  return queryOptions({
    queryKey: ['dialects', workspace],
    queryFn: async () => {
      const params = { path: { workspace } };
      return (await take(api.GET('/workspaces/{workspace}/dialects', { params }))).dialects;
    },
    staleTime: 60_000,
  });
}

export type Dialect = Awaited<ReturnType<NonNullable<ReturnType<typeof dialectsQuery>['queryFn']>>>[number];

export interface DialectFace {
  readonly title: string;
  /** A colour of the tokens, as CSS writes it. */
  readonly colour: string;
}

const colours = 5;

/** How a dialect is shown: each has its colour wherever it stands. One that is not known is shown by its name. */
export function useDialectFaces(): (name: string) => DialectFace {
  const { data = [] } = useQuery(dialectsQuery(useWorkspaceName()));
  return (name) => {
    const at = data.findIndex((dialect) => dialect.name === name);
    const number = at < 0 || at >= colours ? colours + 1 : at + 1;
    return { title: data[at]?.title ?? name, colour: `var(--series-${number})` };
  };
}

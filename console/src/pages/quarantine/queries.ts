import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { api, take } from '../../api/client.ts';
import { isUnderWay, type Job } from '../../api/jobs.ts';
import type { paths } from '../../api/native.d.ts';

type GroupsParameters = NonNullable<
  paths['/workspaces/{workspace}/quarantine/groups']['get']['parameters']['query']
>;

/** Which bad events are meant; an empty type: those of which none is known. */
export interface Scope {
  readonly dialect?: GroupsParameters['dialect'] | undefined;
  readonly rule?: string | undefined;
  readonly type?: string | undefined;
}

/** What the address names; an API that there is not finds nothing, and is said to be wrong. */
export function scopeOf(search: {
  readonly api?: string | undefined;
  readonly rule?: string | undefined;
  readonly type?: string | undefined;
}): Scope {
  const { api: dialect, rule, type } = search;
  return { dialect: dialect as Scope['dialect'], rule, type };
}

/** What is not named is not asked for. */
function named({ dialect, rule, type }: Scope) {
  return {
    ...(dialect === undefined ? {} : { dialect }),
    ...(rule === undefined ? {} : { rule }),
    ...(type === undefined ? {} : { type }),
  };
}

export function groupsQuery(workspace: string, scope: Scope) {
  return queryOptions({
    queryKey: ['quarantine', workspace, 'groups', scope],
    queryFn: () =>
      take(
        api.GET('/workspaces/{workspace}/quarantine/groups', {
          params: { path: { workspace }, query: named(scope) },
        }),
      ),
    refetchInterval: 5_000,
  });
}

export type Groups = Awaited<ReturnType<NonNullable<ReturnType<typeof groupsQuery>['queryFn']>>>;
export type Group = Groups['groups'][number];
export type Remedy = Group['remedy'];

/** The bad events of a group that wait, newest first, page by page. */
export function eventsQuery(workspace: string, scope: Scope) {
  return infiniteQueryOptions({
    queryKey: ['quarantine', workspace, 'events', scope],
    queryFn: ({ pageParam }) =>
      take(
        api.GET('/workspaces/{workspace}/quarantine', {
          params: {
            path: { workspace },
            query: { ...named(scope), limit: 50, ...(pageParam === null ? {} : { next: pageParam }) },
          },
        }),
      ),
    initialPageParam: null as string | null,
    getNextPageParam: ({ next }) => next,
  });
}

function readBadEvent(workspace: string, quarantinedId: string) {
  return take(
    api.GET('/workspaces/{workspace}/quarantine/{quarantinedId}', {
      params: { path: { workspace, quarantinedId } },
    }),
  );
}

export type BadEvent = Awaited<ReturnType<typeof readBadEvent>>;

export function badEventQuery(workspace: string, quarantinedId: string) {
  return queryOptions({
    queryKey: ['quarantine', workspace, 'event', quarantinedId],
    queryFn: () => readBadEvent(workspace, quarantinedId),
  });
}

/** Replays one, or, as a dry run, says what would become of it. */
export function replayOne(workspace: string, quarantinedId: string, dryRun: boolean) {
  return take(
    api.POST('/workspaces/{workspace}/quarantine/{quarantinedId}/replay', {
      params: { path: { workspace, quarantinedId } },
      body: { dryRun },
    }),
  );
}

export type Replayed = Awaited<ReturnType<typeof replayOne>>;

/** Begins the job that replays, or tries, all of a scope. */
export function replayMany(workspace: string, scope: Scope, dryRun: boolean) {
  return take(
    api.POST('/workspaces/{workspace}/quarantine/replay', {
      params: { path: { workspace } },
      body: { ...named(scope), dryRun },
    }),
  );
}

/** The newest replays and tries of groups. While one is under way it is asked for again and again. */
export function replaysQuery(workspace: string) {
  return queryOptions({
    queryKey: ['jobs', workspace, 'replays'],
    queryFn: async (): Promise<readonly Job[]> => {
      const query = { kind: 'replay-quarantine', limit: 10 };
      return (await take(api.GET('/workspaces/{workspace}/jobs', { params: { path: { workspace }, query } })))
        .jobs;
    },
    refetchInterval: ({ state: { data } }) => (data?.some(({ state }) => isUnderWay(state)) ? 500 : 10_000),
  });
}

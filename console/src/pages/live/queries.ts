import { queryOptions } from '@tanstack/react-query';
import { api, take } from '../../api/client.ts';

/** Which events are wanted; what is not named is wanted whatever it is. */
export interface EventFilter {
  readonly api?: string | undefined;
  readonly type?: string | undefined;
  readonly person?: string | undefined;
}

/** The events that are there when the page opens, and where the stream goes on. */
export async function readNewest(workspace: string, { api: dialect, type, person }: EventFilter) {
  const newest = await take(
    api.GET('/workspaces/{workspace}/events/newest', {
      params: {
        path: { workspace },
        query: {
          limit: 100,
          ...(dialect === undefined ? {} : { dialect }),
          ...(type === undefined ? {} : { type }),
        },
      },
    }),
  );
  if (person === undefined) return newest;
  // Somebody's events are found by their timeline, however few they are among others.
  const { events } = await take(
    api.GET('/workspaces/{workspace}/people/{personId}/timeline', {
      params: { path: { workspace, personId: person }, query: { limit: 100 } },
    }),
  );
  const isWanted = (event: LiveEvent) =>
    (dialect === undefined || event.dialect === dialect) && (type === undefined || event.type === type);
  return { seq: newest.seq, events: events.filter(isWanted).sort((one, other) => other.seq - one.seq) };
}

export type LiveEvent = Awaited<ReturnType<typeof readWhole>>['event'];

function readWhole(workspace: string, eventId: string) {
  return take(
    api.GET('/workspaces/{workspace}/events/{eventId}', { params: { path: { workspace, eventId } } }),
  );
}

/** An event with all that is known of it. */
export function eventQuery(workspace: string, eventId: string) {
  return queryOptions({
    queryKey: ['event', workspace, eventId],
    queryFn: () => readWhole(workspace, eventId),
  });
}

export type WholeEvent = Awaited<ReturnType<typeof readWhole>>;

export function eventTypesQuery(workspace: string) {
  return queryOptions({
    queryKey: ['event-types', workspace],
    queryFn: async () => {
      const params = { path: { workspace } };
      return (await take(api.GET('/workspaces/{workspace}/event-types', { params }))).eventTypes;
    },
    staleTime: 60_000,
  });
}

export function sourcesQuery(workspace: string) {
  return queryOptions({
    queryKey: ['sources', workspace],
    queryFn: async () => {
      const params = { path: { workspace } };
      return (await take(api.GET('/workspaces/{workspace}/sources', { params }))).sources;
    },
    staleTime: 60_000,
  });
}

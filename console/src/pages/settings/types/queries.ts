import { queryOptions } from '@tanstack/react-query';
import { api, take } from '../../../api/client.ts';

const pageSize = 1000;

/** All event types of a workspace, in the order in which they came into being. */
export function eventTypesQuery(workspace: string) {
  return queryOptions({
    queryKey: ['event-types', workspace, 'all'],
    queryFn: async () => {
      const all = [];
      for (let after: number | null = 0; after !== null; ) {
        const params: { path: { workspace: string }; query: { after: number; limit: number } } = {
          path: { workspace },
          query: { after, limit: pageSize },
        };
        const page = await take(api.GET('/workspaces/{workspace}/event-types', { params }));
        all.push(...page.eventTypes);
        after = page.next;
      }
      return all;
    },
  });
}

export type EventType = Awaited<
  ReturnType<NonNullable<ReturnType<typeof eventTypesQuery>['queryFn']>>
>[number];

export function eventTypeQuery(workspace: string, eventTypeId: string) {
  return queryOptions({
    queryKey: ['event-type', workspace, eventTypeId],
    queryFn: () =>
      take(
        api.GET('/workspaces/{workspace}/event-types/{eventTypeId}', {
          params: { path: { workspace, eventTypeId } },
        }),
      ),
  });
}

/** What a type was, the newest version first; at most 50. */
export function versionsQuery(workspace: string, eventTypeId: string) {
  return queryOptions({
    queryKey: ['event-type', workspace, eventTypeId, 'versions'],
    queryFn: async () => {
      const params = { path: { workspace, eventTypeId }, query: { limit: 50 } };
      return (await take(api.GET('/workspaces/{workspace}/event-types/{eventTypeId}/versions', { params })))
        .versions;
    },
  });
}

export type Version = Awaited<ReturnType<NonNullable<ReturnType<typeof versionsQuery>['queryFn']>>>[number];

export function setArchived(workspace: string, eventTypeId: string, archived: boolean) {
  return take(
    api.PATCH('/workspaces/{workspace}/event-types/{eventTypeId}', {
      params: { path: { workspace, eventTypeId } },
      body: { archived },
    }),
  );
}

/** Deletes a type with its events, call by call, since each has its limit. `onProgress`: how many events are gone. */
export async function deleteType(
  workspace: string,
  eventTypeId: string,
  onProgress: (deleted: number) => void,
): Promise<void> {
  let deleted = 0;
  for (let more = true; more; ) {
    const params = { path: { workspace, eventTypeId } };
    const reply = await take(api.DELETE('/workspaces/{workspace}/event-types/{eventTypeId}', { params }));
    deleted += reply.deletedEvents;
    more = reply.more;
    onProgress(deleted);
  }
}

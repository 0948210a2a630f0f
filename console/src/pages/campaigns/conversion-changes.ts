import { queryOptions } from '@tanstack/react-query';
import type { Conversion } from '../../api/attribution.ts';
import { api, take } from '../../api/client.ts';
import { Problem, readProblem } from '../../api/problem.ts';

/** What a conversion counts, and by which rules: all of it, as a form has it. */
export type ConversionBody = Omit<Conversion, 'id' | 'status' | 'createdAt' | 'updatedAt'>;

/** Keeps a new one, or puts this in the place of what one was. */
export function storeConversion(workspace: string, conversionId: string | undefined, body: ConversionBody) {
  const path = { workspace };
  return conversionId === undefined
    ? take(api.POST('/workspaces/{workspace}/conversions', { params: { path }, body }))
    : take(
        api.PUT('/workspaces/{workspace}/conversions/{conversionId}', {
          params: { path: { ...path, conversionId } },
          body,
        }),
      );
}

/** @throws Problem */
export async function deleteConversion(workspace: string, conversionId: string): Promise<void> {
  const { error, response } = await api.DELETE('/workspaces/{workspace}/conversions/{conversionId}', {
    params: { path: { workspace, conversionId } },
  });
  if (!response.ok) throw readProblem(response.status, error);
}

/** The types of events of all APIs that could count. */
export function typesQuery(workspace: string) {
  return queryOptions({
    queryKey: ['event-types', workspace, 'all'],
    queryFn: async () => {
      const params = { path: { workspace }, query: { limit: 1000 } };
      return (await take(api.GET('/workspaces/{workspace}/event-types', { params }))).eventTypes;
    },
    staleTime: 30_000,
  });
}

/** What the newest events of a type have by which they could count, or be worth something. */
export function typeMetricsQuery(workspace: string, eventTypeId: string | undefined) {
  return queryOptions({
    queryKey: ['event-types', workspace, eventTypeId, 'metrics'],
    enabled: eventTypeId !== undefined,
    queryFn: async () => {
      if (eventTypeId === undefined) throw new Problem(404, 'not-found', 'There is no such type of event.');
      const params = { path: { workspace, eventTypeId } };
      return (await take(api.GET('/workspaces/{workspace}/event-types/{eventTypeId}/metrics', { params })))
        .metrics;
    },
  });
}

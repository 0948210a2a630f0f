import { queryOptions } from '@tanstack/react-query';
import { api, take } from './client.ts';

async function listJobs(workspace: string) {
  const params = { path: { workspace }, query: { limit: 200 } };
  return (await take(api.GET('/workspaces/{workspace}/jobs', { params }))).jobs;
}

export type Job = Awaited<ReturnType<typeof listJobs>>[number];

/** The workspace's long work, the newest first. While some is under way it is asked for again and again. */
export function jobsQuery(workspace: string) {
  return queryOptions({
    queryKey: ['jobs', workspace],
    queryFn: () => listJobs(workspace),
    refetchInterval: ({ state: { data } }) => (data?.some(({ state }) => isUnderWay(state)) ? 1_000 : 10_000),
  });
}

export function isUnderWay(state: Job['state']): boolean {
  return state === 'waiting' || state === 'running';
}

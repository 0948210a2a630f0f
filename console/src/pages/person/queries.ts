import { queryOptions } from '@tanstack/react-query';
import { api, take } from '../../api/client.ts';
import { glanceOf } from '../../components/glance.tsx';

/** By what the profiles are one, undone evidence too. */
export function linksQuery(workspace: string, personId: string) {
  return queryOptions({
    queryKey: ['person', workspace, personId, 'links'],
    queryFn: async () => {
      const params = { path: { workspace, personId } };
      return (await take(api.GET('/workspaces/{workspace}/people/{personId}/links', { params }))).links;
    },
  });
}

export type StoredLink = Awaited<ReturnType<NonNullable<ReturnType<typeof linksQuery>['queryFn']>>>[number];

/** When somebody was seen, how many events of which types, and what their amounts come to. */
export function summaryQuery(workspace: string, personId: string) {
  return queryOptions({
    queryKey: ['person', workspace, personId, 'summary'],
    queryFn: () => {
      const params = { path: { workspace, personId } };
      return take(api.GET('/workspaces/{workspace}/people/{personId}/summary', { params }));
    },
    staleTime: 30_000,
  });
}

export type Summary = Awaited<ReturnType<NonNullable<ReturnType<typeof summaryQuery>['queryFn']>>>;

/** The amounts that are counted, by currency: of each the most. */
export function sumByCurrency(amounts: Summary['amounts']): { currency: string; sum: number }[] {
  const sums = new Map<string, number>();
  for (const { currency, sum, counted } of amounts)
    if (counted) sums.set(currency, (sums.get(currency) ?? 0) + Number(sum));
  return [...sums].map(([currency, sum]) => ({ currency, sum }));
}

export interface TimelineFilter {
  readonly api?: string | undefined;
  readonly type?: string | undefined;
}

const eventsPerPage = 500;

/**
 * A page of what happened, over all APIs, the newest first, from behind the one whose `next` the cursor is. It is kept in short, and dropped
 * soon after nobody looks at it: of a hundred thousand events a few pages are held.
 */
export function timelinePageQuery(
  workspace: string,
  personId: string,
  { api: dialect, type }: TimelineFilter,
  cursor: string | undefined,
) {
  return queryOptions({
    queryKey: ['person', workspace, personId, 'timeline', { dialect, type }, cursor ?? ''],
    queryFn: async () => {
      const query = {
        limit: eventsPerPage,
        ...(dialect === undefined ? {} : { dialect }),
        ...(type === undefined ? {} : { type }),
        ...(cursor === undefined ? {} : { next: cursor }),
      };
      const params = { path: { workspace, personId }, query };
      const { events, next } = await take(
        api.GET('/workspaces/{workspace}/people/{personId}/timeline', { params }),
      );
      return { events: events.map(shorten), next };
    },
    gcTime: 15_000,
    staleTime: 30_000,
    refetchOnWindowFocus: false,
    structuralSharing: false,
  });
}

function shorten({ id, type, dialect, occurredAt, properties }: TimelineEvent) {
  return { id, type, dialect, occurredAt, glance: glanceOf(properties) };
}

interface TimelineEvent {
  readonly id: string;
  readonly type: string;
  readonly dialect: string;
  readonly occurredAt: string;
  readonly properties: Readonly<Record<string, unknown>>;
}

export type Happening = ReturnType<typeof shorten>;

/** Undoes a link; with `dryRun` nothing is stored, and the answer says what would move. */
export function undoLink(workspace: string, linkId: string, dryRun: boolean) {
  return take(
    api.POST('/workspaces/{workspace}/links/{linkId}/undo', {
      params: { path: { workspace, linkId } },
      body: { dryRun },
    }),
  );
}

/** Joins two profiles, and so their persons; with `dryRun` nothing is stored, and the answer says what would move. */
export function joinPeople(workspace: string, first: string, second: string, dryRun: boolean) {
  return take(
    api.POST('/workspaces/{workspace}/links', {
      params: { path: { workspace } },
      body: { first, second, dryRun },
    }),
  );
}

/** Forgets somebody for good; with `dryRun` it is counted alone what that would empty. */
export function erasePerson(workspace: string, personId: string, dryRun: boolean) {
  return take(
    api.POST('/workspaces/{workspace}/people/{personId}/erase', {
      params: { path: { workspace, personId } },
      body: { dryRun },
    }),
  );
}

/** By which erasure somebody was forgotten; null: by none. While it is under way it is asked for again and again. */
export function erasureQuery(workspace: string, personId: string) {
  return queryOptions({
    queryKey: ['erasure', workspace, personId],
    queryFn: async () => {
      const params = { path: { workspace }, query: { person: personId } };
      const { erasures } = await take(api.GET('/workspaces/{workspace}/erasures', { params }));
      return erasures[0] ?? null;
    },
    refetchInterval: ({ state: { data } }) => (data && data.finishedAt === null ? 1_000 : false),
  });
}

export type Erasure = NonNullable<
  Awaited<ReturnType<NonNullable<ReturnType<typeof erasureQuery>['queryFn']>>>
>;

/** The job that empties what is left of somebody; it is asked for as long as it is not done. */
export function jobQuery(workspace: string, jobId: string) {
  return queryOptions({
    queryKey: ['job', workspace, jobId],
    queryFn: () =>
      take(api.GET('/workspaces/{workspace}/jobs/{jobId}', { params: { path: { workspace, jobId } } })),
    refetchInterval: ({ state: { data } }) =>
      data?.state === 'finished' || data?.state === 'failed' ? false : 1_000,
  });
}

/** A page of the log of what somebody agreed to, newest first. */
export function readConsents(workspace: string, personId: string, next: string | undefined) {
  const query = { person: personId, limit: 200, ...(next === undefined ? {} : { next }) };
  return take(api.GET('/workspaces/{workspace}/consents', { params: { path: { workspace }, query } }));
}

export type Consent = Awaited<ReturnType<typeof readConsents>>['consents'][number];

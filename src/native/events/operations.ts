import { readQuarantined } from '../../core/quarantine/quarantine-store.ts';
import { readLastSeq } from '../../core/workspace/workspace-store.ts';
import { type Operation, operation } from '../../http/operation.ts';
import { readNewestEvents } from '../../query/events/newest-events.ts';
import { maximumPageBytes } from '../../query/events/page-bytes.ts';
import { readEventMetrics, readNeighbours, readPersonEvent } from '../../query/events/read-event.ts';
import { readPersonEventsAfter } from '../../query/events/read-events.ts';
import { readProfileIdsOfPerson } from '../../query/people/find-person.ts';
import { inWorkspace } from '../guards.ts';
import { noSuch } from '../refusals.ts';
import { errors, WorkspaceParameters } from '../schemas/common.ts';
import type { NativeServices } from '../services.ts';
import { presentEvent, presentWholeEvent } from './present.ts';
import {
  EventParameters,
  EventReply,
  EventsQuery,
  EventsReply,
  NewestQuery,
  NewestReply,
} from './schemas.ts';

export const eventOperations: readonly Operation<NativeServices>[] = [
  operation({
    method: 'GET',
    path: '/workspaces/:workspace/events',
    summary: 'Events in the order in which they were stored',
    description:
      "Ask again with the last event's seq as afterSeq, also after a page that is shorter than limit: one ends at 4 MB. An empty list: there is no more yet.",
    guard: inWorkspace,
    checks: { path: WorkspaceParameters, query: EventsQuery },
    replies: { 200: EventsReply, ...errors(404) },
    handle: async ({ services, access: { workspace }, query: { afterSeq, limit } }) => {
      const wanted = { limit, maximumBytes: maximumPageBytes };
      const { events } = await readPersonEventsAfter(services.database, workspace.id, afterSeq, wanted);
      return { events: events.map((event) => presentEvent(workspace, event)) };
    },
  }),
  operation({
    method: 'GET',
    path: '/workspaces/:workspace/events/newest',
    summary: 'The newest events, the last one first',
    description:
      'With a dialect or a type, those of it that happened last. `seq` is where the live stream goes on.',
    guard: inWorkspace,
    checks: { path: WorkspaceParameters, query: NewestQuery },
    replies: { 200: NewestReply, ...errors(404) },
    handle: async ({ services: { database }, access: { workspace }, query }) => {
      const { dialect, type, limit } = query;
      const seq = await readLastSeq(database, workspace.id);
      const events = await readNewestEvents(database, workspace.id, { dialect, type }, limit);
      return { events: events.map((event) => presentEvent(workspace, event)), seq };
    },
  }),
  operation({
    method: 'GET',
    path: '/workspaces/:workspace/events/:eventId',
    summary: 'An event with all that is known of it: where it is counted, and what happened before and after',
    guard: inWorkspace,
    checks: { path: EventParameters },
    replies: { 200: EventReply, ...errors(404) },
    handle: async ({ services: { database }, access: { workspace }, path: { eventId } }) => {
      const event = await readPersonEvent(database, workspace.id, eventId);
      if (!event)
        throw noSuch('params/eventId', 'The workspace has no event of this id; it may have been deleted.');
      const person = await readProfileIdsOfPerson(database, workspace.id, event.profileId);
      const profileIds = person?.profileIds ?? [event.profileId];
      const [metrics, neighbours, kept] = await Promise.all([
        readEventMetrics(database, workspace.id, eventId),
        readNeighbours(database, workspace.id, profileIds, event, neighboursShown),
        readQuarantined(database, workspace.id, eventId),
      ]);
      return presentWholeEvent(workspace, event, { metrics, neighbours, sent: kept?.raw });
    },
  }),
];

/** On each side of an event. */
const neighboursShown = 3;

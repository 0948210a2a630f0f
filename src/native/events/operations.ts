import { type Operation, operation } from '../../http/operation.ts';
import { maximumPageBytes } from '../../query/events/page-bytes.ts';
import { readPersonEventsAfter } from '../../query/events/read-events.ts';
import { inWorkspace } from '../guards.ts';
import { errors, WorkspaceParameters } from '../schemas/common.ts';
import type { NativeServices } from '../services.ts';
import { presentEvent } from './present.ts';
import { EventsQuery, EventsReply } from './schemas.ts';

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
];

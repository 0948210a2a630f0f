import { type Operation, operation } from '../../http/operation.ts';
import { allConsents, readConsents } from '../../query/consents/read-consents.ts';
import { readProfileIdsOfPerson } from '../../query/people/find-person.ts';
import { decodeNumberedPosition, encodePosition } from '../../query/position.ts';
import { inWorkspace } from '../guards.ts';
import { badNext, noSuchPerson } from '../refusals.ts';
import { errors, WorkspaceParameters } from '../schemas/common.ts';
import type { NativeServices } from '../services.ts';
import { presentConsent } from './present.ts';
import { ConsentsQuery, ConsentsReply } from './schemas.ts';

export const consentOperations: readonly Operation<NativeServices>[] = [
  operation({
    method: 'GET',
    path: '/workspaces/:workspace/consents',
    summary: 'What persons agreed to and when, of all dialects, newest first',
    description:
      'Each change of a consent is a row, written with the change itself; none is changed afterwards.',
    guard: inWorkspace,
    checks: { path: WorkspaceParameters, query: ConsentsQuery },
    replies: { 200: ConsentsReply, ...errors(404) },
    handle: async ({ services: { database }, access: { workspace }, query }) => {
      const { person, act = null, limit, next } = query;
      const position = next === undefined ? undefined : decodeNumberedPosition(next);
      if (next !== undefined && !position) throw badNext();
      const after = position && { loggedAt: new Date(position.at), id: position.id };
      const profiles =
        person === undefined ? null : await readProfileIdsOfPerson(database, workspace.id, person);
      if (profiles === undefined) throw noSuchPerson('querystring/person');
      const filter = { ...allConsents, profileIds: profiles?.profileIds ?? null, act };
      const page = { descending: true, after, offset: 0, limit: limit + 1 };
      const rows = await readConsents(database, workspace.id, filter, page);
      const consents = rows.slice(0, limit);
      const last = consents.at(-1);
      return {
        consents: consents.map((consent) => presentConsent(workspace, consent)),
        next: rows.length > limit && last ? encodePosition(last.loggedAt, last.id) : null,
      };
    },
  }),
];

import { withdrawLink } from '../../../../change/link.ts';
import { isUuid } from '../../../../core/id.ts';
import { readLinksByFirst } from '../../../../core/link/link-store.ts';
import type { Workspace } from '../../../../core/workspace/workspace.ts';
import { RequestError } from '../../../../errors.ts';
import { type Operation, operation } from '../../../../http/operation.ts';
import { followMoves } from '../../../../projections/follow-moves.ts';
import type { Services } from '../../../dialect.ts';
import { at } from '../../access.ts';
import { sessionSchema } from '../../documents/customer.ts';
import { notFound } from '../../errors.ts';
import { listRecordSessions, type RecordSession, readRecordSession } from '../../query/record-sessions.ts';
import { requireCustomer, requireCustomerId, requireRecords } from '../customers/find-customer.ts';
import { sessionsOf } from '../customers/prepare.ts';
import { saveCustomer } from '../customers/save-customer.ts';
import { CustomerParameters, payloadLimit } from '../schemas.ts';
import { parseSession } from './parse.ts';
import { presentSession } from './present.ts';
import { SessionParameters } from './schemas.ts';

export const sessionOperations: readonly Operation<Services>[] = [
  operation({
    ...at('listSessions'),
    summary: 'List the sessions of a customer',
    checks: { path: CustomerParameters },
    handle: async ({ services, access: { workspace }, path }) => {
      const { recordIds } = await requireRecords(services, workspace, path.customerId);
      const sessions = await listRecordSessions(services.database, workspace.id, recordIds);
      return { elements: sessions.map(presentSession) };
    },
  }),
  // A session of an earlier call is the same one. One that was deleted is bound anew; one whose link an operator undid stays apart,
  // though the answer, as for every client, is that of a session (docs/decisions/0005-who-is-who.md).
  operation({
    ...at('createSession'),
    summary: 'Bind a session, and with it its events, to a customer',
    checks: { path: CustomerParameters },
    documents: { body: sessionSchema },
    example: { value: '9a1f5b3c-7f1e-4a56-8d0e-2f6f3a1c9b77' },
    status: 201,
    bodyLimit: payloadLimit,
    handle: async ({ path, body, ...call }) => {
      const {
        services,
        access: { workspace },
      } = call;
      requireCustomerId(path.customerId);
      const value = parseSession(body);
      const { customer, profileId } = await requireCustomer(services, workspace, path.customerId);
      const subject = { profileId };
      const companions = sessionsOf(value);
      const saved = await saveCustomer(call, () => ({
        kind: 'edit',
        nodeId: customer.nodeId,
        subject,
        companions,
      }));
      const [, sessionProfile] = saved.profileIds;
      // Nobody is found or made by a key of who was forgotten (docs/erasure.md).
      if (sessionProfile === undefined)
        throw new RequestError('conflict', 'The session is that of a customer who was forgotten');
      const linkId = await bindingOf(services, workspace, sessionProfile, profileId);
      return presentSession({ linkId, value });
    },
  }),
  operation({
    ...at('readSession'),
    summary: 'Get a session of a customer',
    checks: { path: SessionParameters },
    handle: async ({ services, access, path }) => {
      const { recordIds } = await requireRecords(services, access.workspace, path.customerId);
      return presentSession(await requireSession(services, access.workspace, recordIds, path.sessionId));
    },
  }),
  operation({
    ...at('deleteSession'),
    summary: 'Take a session, and with it its events, from a customer',
    checks: { path: SessionParameters },
    handle: async ({ services, access: { workspace }, path }) => {
      const { customer } = await requireCustomer(services, workspace, path.customerId);
      const session = await requireSession(services, workspace, [customer.id], path.sessionId);
      const now = new Date(services.clock());
      const options = { now, followMoves: followMoves(services) };
      const link = await withdrawLink(services.database, workspace.id, session.linkId, options);
      if (!link) throw notFound('session', session.linkId);
      return {};
    },
  }),
];

async function bindingOf(
  services: Services,
  workspace: Workspace,
  sessionProfile: string,
  profileId: string,
): Promise<string> {
  const links = await readLinksByFirst(services.database, workspace.id, [sessionProfile]);
  const link = links.find((known) => known.secondProfile === profileId && known.evidence === 'session');
  if (!link) throw new Error('a session was bound, but its link is not there');
  return link.id;
}

async function requireSession(
  services: Services,
  workspace: Workspace,
  recordIds: readonly string[],
  id: string,
): Promise<RecordSession> {
  const sessionId = id.toLowerCase();
  const session = isUuid(sessionId)
    ? await readRecordSession(services.database, workspace.id, recordIds, sessionId)
    : undefined;
  if (!session) throw notFound('session', sessionId);
  return session;
}

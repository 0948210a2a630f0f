import type { FastifyReply, FastifyRequest } from 'fastify';
import { cutText } from '../../../../core/cut-text.ts';
import { isStorableText } from '../../../../core/event/storable.ts';
import { isUuid } from '../../../../core/id.ts';
import { readLinksByFirst } from '../../../../core/link/link-store.ts';
import { withdrawLink } from '../../../../core/link/manage-links.ts';
import { RequestError } from '../../../../errors.ts';
import { committedOutcomes } from '../../../../ingest/request.ts';
import type { Services } from '../../../dialect.ts';
import { rolesOf, workspaceOf } from '../../access.ts';
import { sessionSchema } from '../../documents/customer.ts';
import { validateSession } from '../../documents/validate.ts';
import type { SessionBody } from '../../documents/wire.ts';
import { listRecordSessions, type RecordSession, readRecordSession } from '../../query/record-sessions.ts';
import { requireCustomer } from '../customers/find-customer.ts';
import { sessionsOf } from '../customers/parse.ts';
import { type Operation, payloadLimit } from '../operation.ts';
import { CustomerParameters, SessionParameters } from '../schemas.ts';

const list = '/workspaces/:workspaceId/customers/:customerId/sessions';
const one = `${list}/:sessionId`;

export const sessionOperations: readonly Operation[] = [
  {
    method: 'GET',
    path: list,
    summary: 'List the sessions of a customer',
    roles: rolesOf.deleteOrReadDetails,
    schema: { params: CustomerParameters },
    handle: listSessions,
  },
  {
    method: 'POST',
    path: list,
    summary: 'Bind a session, and with it its events, to a customer',
    roles: rolesOf.write,
    schema: { params: CustomerParameters, body: sessionSchema },
    bodyLimit: payloadLimit,
    handle: createSession,
  },
  {
    method: 'GET',
    path: one,
    summary: 'Get a session of a customer',
    roles: rolesOf.deleteOrReadDetails,
    schema: { params: SessionParameters },
    handle: async (services, request) => presentSession(await requireSession(services, request)),
  },
  {
    method: 'DELETE',
    path: one,
    summary: 'Take a session, and with it its events, from a customer',
    roles: rolesOf.deleteOrReadDetails,
    schema: { params: SessionParameters },
    handle: deleteSession,
  },
];

async function listSessions(services: Services, request: FastifyRequest) {
  const { customer } = await requireCustomer(services, request);
  const sessions = await listRecordSessions(services.database, workspaceOf(request).id, customer.id);
  return { elements: sessions.map(presentSession) };
}

/**
 * A session of an earlier call is the same one. One that was deleted is bound anew; one whose link an operator undid stays apart,
 * though the answer, as for every client, is that of a session (docs/decisions/0005-who-is-who.md).
 */
async function createSession(services: Services, request: FastifyRequest, reply: FastifyReply) {
  const errors = validateSession(request.body);
  if (errors.length > 0)
    throw new RequestError('invalid-request', 'source session is not valid', { items: [...errors] });
  const { value } = request.body as SessionBody;
  if (!isStorableText(value)) {
    throw new RequestError('invalid-request', 'source session is not valid', {
      items: [{ path: '/value', message: 'can not be stored' }],
    });
  }
  const { customer, profileId } = await requireCustomer(services, request);
  const workspace = workspaceOf(request);
  const answer = await services.ingest.submit(workspace.id, {
    dialect: 'contacthub',
    receivedAt: services.clock(),
    carriesEvents: false,
    bytes: request.rawBody.length,
    size: 1,
    prepare: () => [
      {
        kind: 'edit',
        nodeId: customer.nodeId,
        subject: { profileId },
        companions: sessionsOf(value),
      },
    ],
    raw: () => request.rawBody,
    request: {},
  });
  const [outcome] = committedOutcomes(answer);
  if (outcome?.kind !== 'saved') throw new RequestError('not-found', `customer not found ${profileId}`);
  const linkId = await bindingOf(services, request, outcome.profileIds[1]!, profileId);
  return reply.code(201).send(presentSession({ linkId, value }));
}

async function bindingOf(
  services: Services,
  request: FastifyRequest,
  sessionProfile: string,
  profileId: string,
): Promise<string> {
  const workspace = workspaceOf(request);
  const links = await readLinksByFirst(services.database, workspace.id, [sessionProfile]);
  const link = links.find((known) => known.secondProfile === profileId && known.evidence === 'session');
  if (!link) throw new Error('a session was bound, but its link is not there');
  return link.id;
}

async function deleteSession(services: Services, request: FastifyRequest) {
  const session = await requireSession(services, request);
  const now = new Date(services.clock());
  const link = await withdrawLink(services.database, workspaceOf(request).id, session.linkId, now);
  if (!link) throw sessionNotFound(session.linkId);
  return {};
}

async function requireSession(services: Services, request: FastifyRequest): Promise<RecordSession> {
  const { customer } = await requireCustomer(services, request);
  const sessionId = (request.params as { sessionId: string }).sessionId.toLowerCase();
  const session = isUuid(sessionId)
    ? await readRecordSession(services.database, workspaceOf(request).id, customer.id, sessionId)
    : undefined;
  if (!session) throw sessionNotFound(sessionId);
  return session;
}

function sessionNotFound(id: string): RequestError {
  return new RequestError('not-found', `session not found ${cutText(id, 100)}`);
}

function presentSession({ linkId, value }: RecordSession) {
  return { id: linkId, value };
}

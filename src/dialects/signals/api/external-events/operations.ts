import type { FastifyInstance, FastifyRequest } from 'fastify';
import { RequestError } from '../../../../errors.ts';
import { accessOf } from '../../../../http/access.ts';
import { committedOutcomes } from '../../../../ingest/request.ts';
import type { Services } from '../../../dialect.ts';
import { requireApp, requireClient } from '../../access.ts';
import { ClientParameters } from '../schemas.ts';
import { keyOfBody, parseExternalEvent } from './parse.ts';
import { externalEventSubmission } from './prepare.ts';
import { ExternalEventBody, ExternalEventReply } from './schemas.ts';

/** Off-thread events (docs/spec/signals.md A4, B9). The path has no version, and the key is in the body. */
export function registerExternalEventRoutes(app: FastifyInstance, services: Services): void {
  app.post('/clients/:clientId/external-events', {
    schema: {
      tags: ['Signals'],
      summary: 'Send an external event',
      security: [],
      params: ClientParameters,
      body: ExternalEventBody,
      response: { 200: ExternalEventReply },
    },
    handler: async (request) => ({ external_event_id: await storeExternalEvent(services, request) }),
  });
}

async function storeExternalEvent(services: Services, request: FastifyRequest): Promise<string> {
  const { clientId } = request.params as { clientId: string };
  request.access = (await services.authenticator.authenticate('signals', keyOfBody(request.body))) ?? null;
  const { workspace } = accessOf(request);
  await requireClient(services, workspace, clientId);
  const { phoneCountries } = workspace.settings;
  const event = parseExternalEvent(request.body, phoneCountries);
  if (event.appId !== null) requireApp(workspace, { clientId, appId: event.appId });
  const { external_event: sent } = request.body as { external_event: unknown };
  const submission = externalEventSubmission(event, sent, phoneCountries, services.clock());
  const [outcome] = committedOutcomes(await services.ingest.submit(workspace.id, submission));
  if (outcome?.kind === 'stored') return outcome.eventId;
  throw new RequestError(
    'conflict',
    'The event was not stored: the workspace has as many event types as it may; archive and delete some first',
  );
}

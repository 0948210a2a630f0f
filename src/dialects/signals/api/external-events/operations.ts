import { RequestError } from '../../../../errors.ts';
import { type Operation, operation } from '../../../../http/operation.ts';
import { committedOutcomes } from '../../../../ingest/request.ts';
import type { Services } from '../../../dialect.ts';
import { keyInBody, requireApp, requireClient, requireKeyOfBody } from '../../access.ts';
import { ClientParameters } from '../schemas.ts';
import { keyOfBody, parseExternalEvent, sentEventOf } from './parse.ts';
import { externalEventSubmission } from './prepare.ts';
import { ExternalEventBody, ExternalEventReply } from './schemas.ts';

/** Off-thread events (docs/spec/signals.md A4, B9). The path has no version, and the key is in the body. */
export const externalEventOperations: readonly Operation<Services>[] = [
  operation({
    method: 'POST',
    path: '/clients/:clientId/external-events',
    summary: 'Send an external event',
    guard: keyInBody,
    checks: { path: ClientParameters },
    documents: { body: ExternalEventBody },
    example: {
      api_key: '…',
      external_event: {
        action: 'purchase',
        lead_phone: '+4915112345678',
        revenue: { amount: 59.9, currency: 'EUR' },
      },
    },
    replies: { 200: ExternalEventReply },
    handle: async ({ services, path: { clientId }, body, request }) => {
      const { workspace } = await requireKeyOfBody(services, request, keyOfBody(body));
      await requireClient(services, workspace, clientId);
      const { phoneCountries } = workspace.settings;
      const event = parseExternalEvent(body, phoneCountries);
      if (event.appId !== null) requireApp(workspace, { clientId, appId: event.appId });
      const sent = sentEventOf(body);
      const submission = externalEventSubmission(event, sent, phoneCountries, services.clock());
      const [outcome] = committedOutcomes(await services.ingest.submit(workspace.id, submission));
      if (outcome?.kind === 'stored') return { external_event_id: outcome.eventId };
      throw new RequestError(
        'conflict',
        'The event was not stored: the workspace has as many event types as it may; archive and delete some first',
      );
    },
  }),
];

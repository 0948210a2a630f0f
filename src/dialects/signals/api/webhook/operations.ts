import type { FastifyInstance, FastifyRequest } from 'fastify';
import { hashKey } from '../../../../core/dedupe/dedupe.ts';
import type { QuarantinedEvent } from '../../../../core/quarantine/quarantine.ts';
import { RequestError } from '../../../../errors.ts';
import { accessOf } from '../../../../http/access.ts';
import { parseJson } from '../../../../http/body.ts';
import { committedOutcomes } from '../../../../ingest/request.ts';
import type { Submission } from '../../../../ingest/submission.ts';
import type { Services } from '../../../dialect.ts';
import { type AppPath, admitDelivery, checkSignature, isVerifyToken, requireApp } from '../../access.ts';
import { type DeliveredMessage, messageIdOf, parseDelivery } from '../parse.ts';
import { success } from '../present.ts';
import { AppParameters, DeliveryBody, DeliveryHeaders, SuccessReply, VerificationQuery } from '../schemas.ts';
import { prepareMessage } from './prepare.ts';

const maximumChallengeLength = 1000;

/** Where WhatsApp's messages come in (docs/spec/signals.md A5). */
export function registerWebhook(app: FastifyInstance, services: Services): void {
  const url = '/webhooks/whatsapp/:appId';
  app.post(
    url,
    {
      schema: {
        tags: ['Signals'],
        summary: 'Deliver incoming WhatsApp messages',
        params: AppParameters,
        headers: DeliveryHeaders,
        body: DeliveryBody,
        response: { 200: SuccessReply },
      },
      onRequest: (request) => admitDelivery(services, request),
      preHandler: (request) => checkSignature(services, request),
    },
    async (request) => {
      await storeDelivery(services, request);
      return success;
    },
  );
  app.get(
    url,
    {
      schema: {
        tags: ['Signals'],
        summary: 'Verify the webhook',
        security: [],
        params: AppParameters,
        querystring: VerificationQuery,
      },
    },
    async (request, reply) => {
      const challenge = await verify(services, request);
      return reply
        .type('text/plain; charset=utf-8')
        .header('x-content-type-options', 'nosniff')
        .send(challenge);
    },
  );
}

/** Each message is stored by itself; the answer comes when all are, and when one is not, the vendor sends all again. */
async function storeDelivery(services: Services, request: FastifyRequest): Promise<void> {
  const { workspace } = accessOf(request);
  const { appId } = request.params as AppPath;
  requireApp(workspace, { appId });
  const receivedAt = services.clock();
  const outcomes = await Promise.all(
    parseDelivery(parseJson(request.rawBody)).map((delivered) =>
      services.ingest.submit(workspace.id, toSubmission(delivered, appId, receivedAt)),
    ),
  );
  for (const outcome of outcomes) committedOutcomes(outcome);
}

/** @throws RequestError `forbidden`, of an unknown app, too: who has no token is told nothing of apps */
async function verify(services: Services, request: FastifyRequest): Promise<string> {
  const { appId } = request.params as AppPath;
  const query = request.query as Record<string, unknown>;
  const { 'hub.mode': mode, 'hub.verify_token': token, 'hub.challenge': challenge } = query;
  const isVerified =
    mode === 'subscribe' && typeof token === 'string' && (await isVerifyToken(services, appId, token));
  if (!isVerified) throw new RequestError('forbidden');
  if (typeof challenge === 'string' && challenge.length <= maximumChallengeLength) return challenge;
  const item = { path: 'query/hub.challenge', message: 'field required', data: 'value_error.missing' };
  throw new RequestError('invalid-request', undefined, { items: [item] });
}

/** What is kept of a bad message is a delivery of it alone, so that it is read again as it was first. */
function toSubmission(delivered: DeliveredMessage, appId: string, receivedAt: number): Submission {
  const { message, contact } = delivered;
  const text = JSON.stringify({ contacts: contact === undefined ? [] : [contact], messages: [message] });
  const id = messageIdOf(delivered);
  return {
    ...submissionOf(delivered, appId, receivedAt, text.length),
    raw: () => text,
    request: { appId },
    // B10: WhatsApp sends again what was not answered with 200, for days.
    ...(id === undefined
      ? {}
      : {
          dedupe: { scope: 'signals-message' as const, hash: hashKey(appId, id), window: 'forever' as const },
        }),
  };
}

export function replayMessage(event: QuarantinedEvent): Submission {
  const text = Buffer.from(event.raw).toString();
  const [delivered] = parseDelivery(parseJson(text));
  const { appId } = event.request;
  if (!delivered || typeof appId !== 'string')
    throw new Error('a quarantined message was kept without its app');
  return {
    ...submissionOf(delivered, appId, event.receivedAt.getTime(), text.length),
    raw: () => event.raw,
    request: event.request,
  };
}

function submissionOf(delivered: DeliveredMessage, appId: string, receivedAt: number, bytes: number) {
  return {
    dialect: 'signals' as const,
    receivedAt,
    carriesEvents: true,
    bytes,
    size: 1,
    prepare: (workspace: Parameters<Submission['prepare']>[0]) => [
      prepareMessage(delivered, appId, workspace, receivedAt),
    ],
  };
}

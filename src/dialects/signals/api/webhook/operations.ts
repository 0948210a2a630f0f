import { hashKey } from '../../../../core/dedupe/dedupe.ts';
import type { QuarantinedEvent } from '../../../../core/quarantine/quarantine.ts';
import { isRecord } from '../../../../core/value/text.ts';
import { RequestError } from '../../../../errors.ts';
import { parseJson } from '../../../../http/body.ts';
import { type Operation, operation } from '../../../../http/operation.ts';
import { committedOutcomes } from '../../../../ingest/request.ts';
import type { Submission } from '../../../../ingest/submission.ts';
import type { Services } from '../../../dialect.ts';
import { delivery, requireApp, requireSigned, verifier } from '../../access.ts';
import { type DeliveredMessage, messageIdOf, parseDelivery } from '../parse.ts';
import { success } from '../present.ts';
import { AppParameters, DeliveryBody, DeliveryHeaders, SuccessReply, VerificationQuery } from '../schemas.ts';
import { prepareMessage } from './prepare.ts';

const maximumChallengeLength = 1000;

const path = '/webhooks/whatsapp/:appId';

const exampleDelivery = {
  object: 'whatsapp_business_account',
  entry: [
    {
      id: '102290129340398',
      changes: [
        {
          field: 'messages',
          value: {
            messaging_product: 'whatsapp',
            metadata: { display_phone_number: '4930123456', phone_number_id: '106540352242922' },
            contacts: [{ profile: { name: 'Ada' }, wa_id: '4915112345678' }],
            messages: [
              {
                from: '4915112345678',
                id: 'wamid.HBgL1042',
                timestamp: '1772443800',
                type: 'text',
                text: { body: 'I would like to order' },
              },
            ],
          },
        },
      ],
    },
  ],
};

/** Where WhatsApp's messages come in (docs/spec/signals.md A5). */
export const webhookOperations: readonly Operation<Services>[] = [
  operation({
    method: 'POST',
    path,
    summary: 'Deliver incoming WhatsApp messages',
    guard: delivery,
    checks: { path: AppParameters },
    documents: { headers: DeliveryHeaders, body: DeliveryBody },
    example: exampleDelivery,
    replies: { 200: SuccessReply },
    handle: async ({ services, access, path: { appId }, request }) => {
      const { workspace } = access ?? (await requireSigned(services, request, appId));
      requireApp(workspace, { appId });
      const receivedAt = services.clock();
      // Each message is stored by itself; the answer comes when all are, and when one is not, the vendor sends all again.
      const outcomes = await Promise.all(
        parseDelivery(parseJson(request.rawBody)).map((delivered) =>
          services.ingest.submit(workspace.id, toSubmission(delivered, appId, receivedAt)),
        ),
      );
      for (const outcome of outcomes) committedOutcomes(outcome);
      return success;
    },
  }),
  operation({
    method: 'GET',
    path,
    summary: 'Verify the webhook',
    guard: verifier,
    checks: { path: AppParameters },
    documents: { query: VerificationQuery },
    handle: ({ query, reply }) => {
      const challenge = readChallenge(isRecord(query) ? query : {});
      reply.type('text/plain; charset=utf-8').header('x-content-type-options', 'nosniff');
      return challenge;
    },
  }),
];

function readChallenge({ 'hub.challenge': challenge }: Readonly<Record<string, unknown>>): string {
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
    source: { kind: 'app', externalId: appId },
    receivedAt,
    carriesEvents: true,
    bytes,
    size: 1,
    prepare: (workspace: Parameters<Submission['prepare']>[0]) => [
      prepareMessage(delivered, appId, workspace, receivedAt),
    ],
  };
}

import { createHmac, randomBytes, randomUUID } from 'node:crypto';
import type { DemoClient } from '../../cli/demo/client.ts';
import { person } from '../../cli/demo/person.ts';
import type { CredentialsFile } from '../../core/workspace/credentials-file.ts';
import type { DialectDemo } from '../dialect.ts';

export const demo: DialectDemo = {
  api: 'Signals',
  send: sendSamples,
  command: ({ name, curl, secret, json }) =>
    `${curl(`/webhooks/whatsapp/${name('appId')}`)} -H "X-API-Key: "${secret('apiKey')} ${json} -d '{"messages":[{"id":"wamid.first","from":"${person.phone.slice(1)}","timestamp":"'$(date +%s)'","type":"text","text":{"body":"Hello"}}]}'`,
};

/** A click on an advertisement opens a conversation, and a button in it is pressed (docs/spec/signals.md A5). */
async function sendSamples(client: DemoClient, { signals }: CredentialsFile): Promise<void> {
  const waId = person.phone.slice(1);
  const message = (content: object) => ({
    from: waId,
    id: `wamid.${randomBytes(16).toString('hex')}`,
    timestamp: String(Math.floor(Date.now() / 1000)),
    ...content,
  });
  const referral = {
    source_url: 'https://fb.me/demo',
    source_id: '120330000000000001',
    source_type: 'ad',
    headline: 'Chat with us',
    ctwa_clid: randomUUID(),
  };
  const messages = [
    message({ type: 'text', text: { body: 'Hello, is the cologne in stock?' }, referral }),
    message({
      type: 'interactive',
      interactive: { type: 'button_reply', button_reply: { id: 'yes', title: 'Yes, please' } },
    }),
  ];
  for (const one of messages) await sendMessage(client, signals, waId, one);
}

async function sendMessage(
  client: DemoClient,
  { appId, appSecret }: CredentialsFile['signals'],
  waId: string,
  message: object,
): Promise<void> {
  const value = {
    messaging_product: 'whatsapp',
    metadata: { display_phone_number: '33639980000', phone_number_id: appId },
    contacts: [{ profile: { name: `${person.firstName} ${person.lastName}` }, wa_id: waId }],
    messages: [message],
  };
  const body = {
    object: 'whatsapp_business_account',
    entry: [{ id: '0', changes: [{ field: 'messages', value }] }],
  };
  const signature = createHmac('sha256', appSecret).update(JSON.stringify(body)).digest('hex');
  await client.send({
    method: 'POST',
    path: `/webhooks/whatsapp/${appId}`,
    headers: { 'x-hub-signature-256': `sha256=${signature}` },
    body,
  });
}

import { createHmac } from 'node:crypto';
import type { BenchServer } from './bench-server.ts';
import { applyDistinctLoad, type DistinctRequest, describeMeasured } from './load.ts';
import type { Result } from './report.ts';

const connections = 16;
const messagesPerDelivery = 20;
const leads = 20_000;
/** What a second holds by the messages' own times: those of one lead are seconds apart, as people write. */
const messagesPerSecond = 5000;

const firstSecond = Math.floor(Date.now() / 1000) - 3600;

/** Deliveries as WhatsApp sends them, signed, every tenth message out of an advertisement. */
export async function benchWebhook(server: BenchServer, seconds: number): Promise<Result> {
  const { appId, appSecret } = (await server.addWorkspace('webhook')).signals;
  const deliveries = (seconds * 10_000) / messagesPerDelivery;
  const requests = Array.from({ length: deliveries }, (_, number): DistinctRequest => {
    const body = JSON.stringify(delivery(number));
    const signature = createHmac('sha256', appSecret).update(body).digest('hex');
    return {
      method: 'POST',
      path: `/webhooks/whatsapp/${appId}`,
      headers: { 'content-type': 'application/json', 'x-hub-signature-256': `sha256=${signature}` },
      body,
    };
  });
  const measured = await applyDistinctLoad({ url: server.address, connections, requests });
  const rate = measured.requestsPerSecond * messagesPerDelivery;
  const name = `WhatsApp messages in deliveries of ${messagesPerDelivery}, ${connections} connections`;
  return {
    lines: [{ name, value: rate, unit: '/s', detail: describeMeasured(measured) }],
    aims: [{ name: 'WhatsApp messages a second', value: rate, side: 'at least', bound: 5000 }],
  };
}

function delivery(number: number): object {
  const messages = Array.from({ length: messagesPerDelivery }, (_, item) =>
    message(number * messagesPerDelivery + item),
  );
  const contacts = messages.map(({ from }) => ({ profile: { name: 'Ada Lovelace' }, wa_id: from }));
  const metadata = { display_phone_number: '15550783881', phone_number_id: '106540352242922' };
  const value = { messaging_product: 'whatsapp', metadata, contacts, messages };
  const entry = [{ id: '102290129340398', changes: [{ field: 'messages', value }] }];
  return { object: 'whatsapp_business_account', entry };
}

function message(number: number) {
  return {
    id: `wamid.bench${number}`,
    from: `336${String(10_000_000 + ((number * 7919) % leads)).padStart(8, '0')}`,
    timestamp: String(firstSecond + Math.floor(number / messagesPerSecond)),
    type: 'text',
    text: { body: `Hello, is number ${number} still there?` },
    ...(number % 10 === 0
      ? { referral: referralTo(String(120_200_000_000_000 + ((number / 10) % 100))) }
      : {}),
  };
}

function referralTo(adId: string) {
  return {
    source_url: `https://fb.me/${adId}`,
    source_id: adId,
    source_type: 'ad',
    headline: 'Spot',
    body: 'Chat with us',
    media_type: 'image',
    ctwa_clid: `click-${adId}`,
  };
}

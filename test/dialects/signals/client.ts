import { createHmac } from 'node:crypto';
import { bearer, VendorClient } from '../../helpers/vendor-client.ts';

/** What a lead sends, in the Cloud API's form; times in seconds since the epoch. */
export function textMessage(id: string, from: string, at: number, more: Record<string, unknown> = {}) {
  return { id, from, timestamp: String(at), type: 'text', text: { body: 'Hello' }, ...more };
}

export function referralTo(sourceId: string, sourceType: 'ad' | 'post' = 'ad') {
  return {
    source_url: `https://fb.me/${sourceId}`,
    source_id: sourceId,
    source_type: sourceType,
    headline: 'Spot',
    body: 'Chat with us',
    media_type: 'image',
    ...(sourceType === 'ad' ? { ctwa_clid: `click-${sourceId}` } : {}),
  };
}

export function envelope(value: Record<string, unknown>, field = 'messages') {
  return {
    object: 'whatsapp_business_account',
    entry: [
      { id: '102290129340398', changes: [{ field, value: { messaging_product: 'whatsapp', ...value } }] },
    ],
  };
}

export function delivery(...messages: unknown[]) {
  const senders = new Set(messages.map((message) => (message as { from?: unknown }).from));
  return envelope({
    metadata: { display_phone_number: '15550783881', phone_number_id: '106540352242922' },
    contacts: [...senders].map((from) => ({ profile: { name: 'Ada Lovelace' }, wa_id: from })),
    messages,
  });
}

export function signatureOf(secret: string, body: string | Buffer): string {
  return `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`;
}

interface App {
  readonly clientId: string;
  readonly appId: string;
}

/** The vendor's client: sends with the token of the workspace unless told otherwise. */
export class SignalsClient extends VendorClient {
  /** The vendor's own. */
  get keys() {
    return this.credentials.signals;
  }

  get authorized(): Record<string, string> {
    return bearer(this.keys.token);
  }

  deliver(body: unknown, headers: Record<string, string> = this.authorized, appId = this.keys.appId) {
    return this.inject({ method: 'POST', url: `/webhooks/whatsapp/${appId}`, headers, body });
  }

  get(
    path: string,
    query: Record<string, string> = {},
    headers: Record<string, string> = this.authorized,
    app: App = this.keys,
  ) {
    return this.inject({ method: 'GET', url: pathOf(app, path), query, headers });
  }

  /** A change, below the app's path. */
  send(
    method: 'POST' | 'PATCH',
    path: string,
    body: unknown,
    headers: Record<string, string> = this.authorized,
    app: App = this.keys,
  ) {
    return this.inject({ method, url: pathOf(app, path), headers, body });
  }

  async events(query: Record<string, string> = {}) {
    const reply = await this.get('/events', { date_from: '2020-01-01', date_to: '2030-01-01', ...query });
    return reply.body as { data: Record<string, string | null>[]; total_count: number };
  }
}

function pathOf({ clientId, appId }: App, path: string): string {
  return `/v1/clients/${clientId}/apps/${appId}${path}`;
}

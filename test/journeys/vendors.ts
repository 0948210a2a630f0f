import { randomBytes, randomUUID } from 'node:crypto';
import type { ApiName, DialectName } from '../../src/core/dialect-name.ts';
import type { CredentialsFile } from '../../src/core/workspace/credentials-file.ts';

/** An ingest call as a vendor's client makes it. */
export interface VendorRequest {
  readonly dialect: DialectName;
  /** For messages: which of the vendor's ways to send. */
  readonly kind: string;
  readonly method: 'POST';
  readonly path: string;
  readonly headers: Record<string, string>;
  readonly body: string;
  /** One for each event in it, in a property of the event. */
  readonly markers: readonly string[];
  /** True: the vendor has a key for it, so that a repeat stores nothing. */
  readonly keyed: boolean;
}

export interface VendorReply {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly text: string;
}

export type Send = (request: {
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  path: string;
  headers: Record<string, string>;
  body?: string;
}) => Promise<VendorReply>;

/** Whose events they are; each vendor says it in its own way. */
export interface Somebody {
  readonly email: string;
  /** E.164. */
  readonly phone: string;
}

/** What a marker looks like wherever it ended up. */
export const markerPattern = /mark-[0-9a-f]{24}/g;

export function newMarker(): string {
  return `mark-${randomBytes(12).toString('hex')}`;
}

export const orderType = {
  reference: 'order',
  name: 'Order',
  fields: [
    field('user', 'email', 'email', { discriminant: true, isPii: true, optional: true }),
    field('user', 'phone', 'phone', { discriminant: true, isPii: true, optional: true }),
    field('event', 'marker', 'string', {}),
    field('event', 'amount', 'currency', { optional: true }),
  ],
  metadata: {},
};

function field(entity: string, key: string, type: string, more: object) {
  return { entity, type, storageKey: key, ingestionKey: key, ...more };
}

/** Makes what the vendors' events presuppose: Webmarketer's event type. */
export async function prepareVendors(send: Send, { webmarketer }: CredentialsFile): Promise<void> {
  const reply = await send({
    method: 'POST',
    path: `/api/v1/projects/${webmarketer.projectId}/event-types`,
    headers: { authorization: `Bearer ${webmarketer.accessToken}`, 'content-type': 'application/json' },
    body: JSON.stringify(orderType),
  });
  if (reply.status !== 201) throw new Error(`the event type was answered ${reply.status}: ${reply.text}`);
}

type Make = (credentials: CredentialsFile, somebody: Somebody) => VendorRequest;

/** Every way to send events, by dialect and kind. */
export const vendorRequests: Readonly<Record<string, Make>> = {
  'webengage event': (credentials, somebody) => {
    const marker = newMarker();
    const body = webengageEvent(somebody, marker);
    return webengageRequest(credentials, 'event', '/events', body, [marker]);
  },
  'webengage bulk': (credentials, somebody) => {
    const markers = Array.from({ length: 8 }, newMarker);
    const body = { events: markers.map((marker) => webengageEvent(somebody, marker)) };
    return webengageRequest(credentials, 'bulk', '/bulk-events', body, markers);
  },
  'octeth conversion': ({ octeth }, { email }) => {
    const marker = newMarker();
    const Properties = {
      'conversion-id': randomUUID(),
      'conversion-name': 'order',
      'conversion-value': 12.5,
      marker,
    };
    const body = {
      APIKey: octeth.apiKey,
      ListID: Number(octeth.listId),
      Event: 'conversion',
      Email: email,
      Properties,
    };
    return {
      ...octethRequest('conversion', JSON.stringify(body), marker),
      path: '/api/v1/event',
      keyed: true,
    };
  },
  'octeth event': ({ octeth }, { email }) => {
    const marker = newMarker();
    const body = {
      APIKey: octeth.apiKey,
      ListID: Number(octeth.listId),
      Event: 'opened',
      Email: email,
      Properties: { marker },
    };
    return { ...octethRequest('event', JSON.stringify(body), marker), path: '/api/v1/event' };
  },
  'octeth form': ({ octeth }, { email }) => {
    const marker = newMarker();
    const body = new URLSearchParams({
      Command: 'event.track',
      APIKey: octeth.apiKey,
      ListID: octeth.listId,
      Event: 'opened',
      Email: email,
      'Properties[marker]': marker,
    });
    return {
      ...octethRequest('form', body.toString(), marker),
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      path: '/api.php',
    };
  },
  'webmarketer event': (credentials, somebody) => webmarketerRequest(credentials, somebody, '/events'),
  'webmarketer sync': (credentials, somebody) => webmarketerRequest(credentials, somebody, '/events/sync'),
  'contacthub event': ({ contacthub }, { email }) => {
    const marker = newMarker();
    const body = {
      type: 'viewedPage',
      context: 'WEB',
      properties: { title: 'Colognes', extraProperties: { marker } },
      bringBackProperties: { type: 'EXTERNAL_ID', value: email, nodeId: contacthub.nodeId },
    };
    return {
      dialect: 'contacthub',
      kind: 'event',
      method: 'POST',
      path: `/hub/v1/workspaces/${contacthub.workspaceId}/events`,
      headers: bearer(contacthub.token),
      body: JSON.stringify(body),
      markers: [marker],
      keyed: false,
    };
  },
  'signals message': (credentials, somebody) => signalsRequest(credentials, somebody, 'message', 1),
  'signals delivery': (credentials, somebody) => signalsRequest(credentials, somebody, 'delivery', 5),
};

function bearer(token: string): Record<string, string> {
  return { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
}

function webengageEvent({ email, phone }: Somebody, marker: string): object {
  return { userId: `user of ${email}`, eventName: 'Added to Cart', eventData: { email, phone, marker } };
}

function webengageRequest(
  { webengage }: CredentialsFile,
  kind: string,
  path: string,
  body: object,
  markers: readonly string[],
): VendorRequest {
  return {
    dialect: 'webengage',
    kind,
    method: 'POST',
    path: `/v1/accounts/${webengage.licenseCode}${path}`,
    headers: { ...bearer(webengage.apiKey), 'x-request-id': randomBytes(16).toString('hex') },
    body: JSON.stringify(body),
    markers,
    keyed: true,
  };
}

function octethRequest(kind: string, body: string, marker: string): Omit<VendorRequest, 'path'> {
  return {
    dialect: 'octeth',
    kind,
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body,
    markers: [marker],
    keyed: false,
  };
}

function webmarketerRequest(
  { webmarketer }: CredentialsFile,
  { email, phone }: Somebody,
  path: string,
): VendorRequest {
  const marker = newMarker();
  const body = {
    projectId: webmarketer.projectId,
    eventType: orderType.reference,
    nonce: randomUUID(),
    data: { email, phone, marker, amount: { amount: 100, currency: 'EUR' } },
  };
  return {
    dialect: 'webmarketer',
    kind: path,
    method: 'POST',
    path: `/api/v1${path}`,
    headers: bearer(webmarketer.accessToken),
    body: JSON.stringify(body),
    markers: [marker],
    keyed: true,
  };
}

function signalsRequest(
  { signals }: CredentialsFile,
  { phone }: Somebody,
  kind: string,
  messages: number,
): VendorRequest {
  const markers = Array.from({ length: messages }, newMarker);
  const from = phone.slice(1);
  const value = {
    messaging_product: 'whatsapp',
    metadata: { display_phone_number: '33639980000', phone_number_id: signals.appId },
    contacts: [{ profile: { name: 'Ada' }, wa_id: from }],
    messages: markers.map((marker) => ({
      from,
      id: `wamid.${randomBytes(16).toString('hex')}`,
      timestamp: String(Math.floor(Date.now() / 1000)),
      type: 'text',
      text: { body: marker },
    })),
  };
  const body = {
    object: 'whatsapp_business_account',
    entry: [{ id: '0', changes: [{ field: 'messages', value }] }],
  };
  return {
    dialect: 'signals',
    kind,
    method: 'POST',
    path: `/webhooks/whatsapp/${signals.appId}`,
    headers: bearer(signals.token),
    body: JSON.stringify(body),
    markers,
    keyed: true,
  };
}

/** Events that others gave rise to repeat their markers: Octeth's implicit identify copies the properties. */
export function isOwnEvent(event: { readonly dialect: string; readonly type: string }): boolean {
  return event.type !== 'identify';
}

/** Whether an answer is an error in the form of the API that the path belongs to, as its clients read it. */
export function isErrorForm(dialect: ApiName, path: string, reply: VendorReply): boolean {
  const body = parseObject(reply.text);
  if (!body) return false;
  switch (dialect) {
    case 'webengage': {
      const { response } = body as { response?: { message?: unknown; status?: unknown } };
      return typeof response?.message === 'string' && response.status === 'error';
    }
    case 'octeth':
      return reply.status === 422 ? isErrorList(body.Errors) : isOctethFailure(body);
    case 'webmarketer':
      if (path.startsWith('/oidc/'))
        return typeof body.error === 'string' && typeof body.error_description === 'string';
      return body.statusCode === reply.status && typeof body.message === 'string';
    case 'contacthub':
      if (body.status === 404) return body.error === 'Not Found';
      return (
        typeof body.message === 'string' && typeof body.logref === 'string' && Array.isArray(body.errors)
      );
    case 'signals':
      return typeof body.detail === 'string' || Array.isArray(body.detail);
    case 'native': {
      const { error } = body as { error?: { code?: unknown; message?: unknown } };
      return typeof error?.code === 'string' && typeof error.message === 'string';
    }
  }
}

function isOctethFailure(body: Record<string, unknown>): boolean {
  const isOld = Array.isArray(body.ErrorCode) && Array.isArray(body.ErrorText);
  return (
    body.Success === false && (isOld || (typeof body.ErrorCode === 'number' && isErrorList(body.Errors)))
  );
}

function isErrorList(list: unknown): boolean {
  return (
    Array.isArray(list) &&
    list.length > 0 &&
    list.every(
      (item: { Code?: unknown; Message?: unknown }) =>
        typeof item.Code === 'number' && typeof item.Message === 'string',
    )
  );
}

function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

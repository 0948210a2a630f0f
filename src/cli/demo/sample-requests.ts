import { createHmac, randomBytes, randomUUID } from 'node:crypto';
import { importPKCS8, SignJWT } from 'jose';
import type { CredentialsFile } from '../../core/workspace/credentials-file.ts';
import { type DemoClient, textMember } from './client.ts';

/**
 * The one person of the demo. The e-mail is of a reserved domain, the phone number of the range that France keeps for fiction.
 * WhatsApp knows a phone number only, so one of the other APIs has to give both.
 */
export const person = {
  firstName: 'John',
  lastName: 'Locke',
  email: 'john.locke@example.com',
  phone: '+33639980123',
};

type Send = (client: DemoClient, credentials: CredentialsFile) => Promise<void>;

/** The vendors' documented samples, with the demo's person and the time of now in them. */
export const sampleRequests: readonly (readonly [api: string, send: Send])[] = [
  ['WebEngage', sendWebengage],
  ['Octeth', sendOcteth],
  ['Webmarketer', sendWebmarketer],
  ['Contacthub', sendContacthub],
  ['Signals', sendSignals],
];

async function sendWebengage(client: DemoClient, { webengage }: CredentialsFile): Promise<void> {
  const account = `/v1/accounts/${webengage.licenseCode}`;
  const headers = () => ({
    authorization: `Bearer ${webengage.apiKey}`,
    'x-request-id': randomBytes(16).toString('hex'),
  });
  await client.send({
    method: 'POST',
    path: `${account}/users`,
    headers: headers(),
    body: { userId: 'johndoe', ...person, emailOptIn: true },
  });
  await client.send({
    method: 'POST',
    path: `${account}/events`,
    headers: headers(),
    body: {
      userId: 'johndoe',
      eventName: 'Added to Cart',
      eventTime: `${new Date().toISOString().slice(0, 19)}+0000`,
      eventData: {
        'Product ID': 1337,
        Price: 39.8,
        Quantity: 1,
        Product: 'Givenchy Pour Homme Cologne',
        Category: 'Fragrance',
        Currency: 'USD',
      },
    },
  });
}

async function sendOcteth(client: DemoClient, { octeth }: CredentialsFile): Promise<void> {
  await client.send({
    method: 'POST',
    path: '/api/v1/event',
    body: {
      APIKey: octeth.apiKey,
      ListID: Number(octeth.listId),
      id: 'user-id-2006',
      event: 'test',
      email: person.email,
      properties: { 'number-of-subscribers-imported': 100 },
    },
  });
}

async function sendWebmarketer(client: DemoClient, credentials: CredentialsFile): Promise<void> {
  const { projectId } = credentials.webmarketer;
  const headers = { authorization: `Bearer ${await getWebmarketerToken(client, credentials)}` };
  const types = `/api/v1/projects/${projectId}/event-types`;
  const known = await client.send({ method: 'GET', path: `${types}/purchase`, headers }, [404]);
  if (known.status === 404) {
    await client.send({ method: 'POST', path: types, headers, body: purchaseType });
  }
  await client.send({
    method: 'POST',
    path: '/api/v1/events/sync',
    headers,
    body: {
      projectId,
      eventType: 'purchase',
      nonce: randomUUID(),
      data: {
        first_name: person.firstName,
        last_name: person.lastName,
        email: person.email,
        amount: { amount: 100, currency: 'EUR' },
      },
    },
  });
}

/** As the vendor's PHP client does it (docs/spec/webmarketer.md 0, grant 1). */
async function getWebmarketerToken(client: DemoClient, credentials: CredentialsFile): Promise<string> {
  const { clientId, privateKey, privateKeyId, serviceAccountEmail } = credentials.webmarketer.serviceAccount;
  const assertion = await new SignJWT({ scope: 'full_access' })
    .setProtectedHeader({ alg: 'RS256', typ: 'JWT', kid: privateKeyId })
    .setIssuer(clientId)
    .setSubject(serviceAccountEmail)
    .setAudience(`${credentials.baseUrl}/oidc/token`)
    .setExpirationTime('300s')
    .sign(await importPKCS8(privateKey, 'RS256'));
  const grant_type = 'urn:ietf:params:oauth:grant-type:jwt-bearer';
  const body = new URLSearchParams({ grant_type, client_id: clientId, assertion });
  return textMember((await client.send({ method: 'POST', path: '/oidc/token', body })).body, 'access_token');
}

const field = (entity: string, key: string, type: string, more: object = {}) => ({
  entity,
  type,
  storageKey: key,
  ingestionKey: key,
  ...more,
});

const purchaseType = {
  reference: 'purchase',
  name: 'Purchase',
  fields: [
    field('user', 'first_name', 'string', { optional: true }),
    field('user', 'last_name', 'string', { optional: true }),
    field('user', 'email', 'email', { discriminant: true, isPii: true }),
    field('event', 'amount', 'currency', { optional: true }),
  ],
  metadata: {},
};

/** As the vendor's browser client does it: events of a session, then the customer, then the session is the customer's. */
async function sendContacthub(client: DemoClient, { contacthub }: CredentialsFile): Promise<void> {
  const { workspaceId, nodeId } = contacthub;
  const base = `/hub/v1/workspaces/${workspaceId}`;
  const headers = { authorization: `Bearer ${contacthub.token}` };
  const session = randomUUID();
  await client.send({
    method: 'POST',
    path: `${base}/events`,
    headers,
    body: {
      type: 'viewedPage',
      context: 'WEB',
      properties: { title: 'Colognes', url: 'https://shop.example.com/colognes' },
      bringBackProperties: { type: 'SESSION_ID', value: session, nodeId },
    },
  });
  const { firstName, lastName, email } = person;
  const customer = await client.send({
    method: 'POST',
    path: `${base}/customers`,
    headers,
    body: { nodeId, base: { firstName, lastName, contacts: { email } } },
  });
  const customerId = textMember(customer.body, 'id');
  await client.send({
    method: 'POST',
    path: `${base}/customers/${customerId}/sessions`,
    headers,
    body: { value: session },
  });
  await client.send({
    method: 'POST',
    path: `${base}/events`,
    headers,
    body: {
      customerId,
      type: 'addedProduct',
      context: 'WEB',
      properties: { id: '1337', name: 'Givenchy Pour Homme Cologne', price: 39.8, quantity: 1 },
    },
  });
}

/** A click on an advertisement opens a conversation, and a button in it is pressed (docs/spec/signals.md A5). */
async function sendSignals(client: DemoClient, { signals }: CredentialsFile): Promise<void> {
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
  for (const one of messages) await sendWhatsapp(client, signals, waId, one);
}

async function sendWhatsapp(
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

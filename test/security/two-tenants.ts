import assert from 'node:assert/strict';
import { createHmac, randomUUID } from 'node:crypto';
import { importPKCS8, SignJWT } from 'jose';
import { defaultRules } from '../../src/core/attribution/conversion.ts';
import { addConversion } from '../../src/core/attribution/manage-conversions.ts';
import type { DialectName } from '../../src/core/dialect-name.ts';
import { addView } from '../../src/core/insight-view/manage-views.ts';
import { requestJob } from '../../src/core/job/job-store.ts';
import { addSource } from '../../src/core/source/add-source.ts';
import type { CredentialsFile } from '../../src/core/workspace/credentials-file.ts';
import { issueKey } from '../../src/core/workspace/issue-keys.ts';
import { nativeKeys } from '../../src/core/workspace/provision.ts';
import { provision as octeth } from '../../src/dialects/octeth/provision.ts';
import type { TestApp, TestWorkspace } from '../helpers/app.ts';
import { sessionCookie } from '../helpers/session.ts';
import { Store } from '../helpers/store.ts';
import { inject } from '../helpers/vendor-client.ts';
import { injectInto } from '../journeys/send.ts';
import { prepareVendors, vendorRequests } from '../journeys/vendors.ts';
import { type AdvertisingIds, addAdvertising } from './advertising-tenant.ts';
import type { Route } from './routes.ts';

/** A workspace with something of every kind in it, and what it is called by. */
export interface Tenant {
  readonly workspace: TestWorkspace;
  readonly credentials: CredentialsFile;
  /** A key of the native API for this workspace alone. */
  readonly nativeKey: string;
  /** The cookie of a session of the console, made from that key. */
  readonly cookie: string;
  readonly email: string;
  /** An Octeth list that the other tenant has no namesake of. */
  readonly listId: string;
  readonly ids: Readonly<Record<TenantId, string>>;
  /** Texts that no stranger sends, so that one in a stranger's answer is this tenant's data. */
  readonly privateTexts: readonly string[];
}

type TenantId =
  | 'webmarketerEvent'
  | 'contacthubEvent'
  | 'aggregate'
  | 'customer'
  | 'consent'
  | 'session'
  | 'customerSource'
  | 'source'
  | 'person'
  | 'otherProfile'
  | 'link'
  | 'quarantined'
  | 'user'
  | 'hubUser'
  | 'groupPk'
  | 'field'
  | 'column'
  | 'campaign'
  | 'campaignRow'
  | 'outlay'
  | 'eventGroup'
  | 'eventType'
  | keyof AdvertisingIds
  | 'key'
  | 'conversion'
  | 'view'
  | 'job';

/** Fills a new workspace by every vendor's API. */
export async function addTenant(test: TestApp, name: string, listId: string): Promise<Tenant> {
  const settings = { dialects: { webengage: { identifyingAttributes: ['email', 'phone'] } } };
  const workspace = await test.addWorkspace({ slug: name, settings });
  const { credentials, created } = workspace;
  const send = injectInto(test);
  const { app, database } = test;
  const { workspaces } = app.services;
  const loaded = await workspaces.get(created.id);
  const nodeId = [...loaded.nodes.values()].find((node) => node.dialect === 'octeth')!.id;
  const list = { name: 'Own', externalId: listId, nodeId, settings: {} };
  await addSource({ database, workspaces }, octeth, loaded, list, new Date());
  const key = { workspaceId: created.id, role: 'workspace', name: 'own' };
  const issued = await issueKey(database, nativeKeys, key, new Date());
  await prepareVendors(send, credentials);
  await setSendSource(test, workspace, name, listId, issued.secret);
  const somebody = { email: `${name}@secret.example`, phone: `+3363998${listId.padStart(4, '0')}` };
  const markers: string[] = [];
  for (const make of Object.values(vendorRequests)) {
    const request = make(credentials, somebody);
    const reply = await send(request);
    assert.ok(reply.status < 300, `${request.dialect} ${request.kind}: ${reply.text}`);
    markers.push(...request.markers);
  }
  const advertising = await addAdvertising(test, workspace, name, listId);
  return {
    workspace,
    credentials,
    nativeKey: issued.secret,
    cookie: await signInToConsole(test, issued.secret),
    email: somebody.email,
    listId,
    ids: {
      ...(await readIds(test, workspace, somebody.email)),
      groupPk: listId,
      ...advertising.ids,
      key: issued.credential.id,
      conversion: await keepConversion(test, workspace, somebody.email),
      view: await saveView(test, workspace, somebody.email),
      job: await requestJob(
        test.database,
        workspace.created.id,
        { kind: 'none', subject: somebody.email, requestedBy: 'a test' },
        new Date(),
      ),
    },
    privateTexts: [
      somebody.email,
      somebody.phone.slice(1),
      ...markers,
      ...secretsOf(credentials),
      ...advertising.privateTexts,
    ],
  };
}

/** The job that counts it is not taken up: it would write while tests look what others have written. */
async function keepConversion(test: TestApp, { created }: TestWorkspace, name: string): Promise<string> {
  const event = { dialect: 'webmarketer', type: 'order' } as const;
  const settings = { ...defaultRules, event, state: null, metric: null };
  const kept = await addConversion(test.app.services, created.id, { name, settings }, new Date());
  assert.ok(typeof kept !== 'string');
  return kept.id;
}

async function saveView(test: TestApp, { created }: TestWorkspace, name: string): Promise<string> {
  const saved = await addView(test.app.services, created.id, { name, question: savedQuestion }, new Date());
  assert.ok(typeof saved !== 'string');
  return saved.id;
}

async function signInToConsole(test: TestApp, key: string): Promise<string> {
  const reply = await inject(test, { method: 'POST', url: '/throughline/v1/session', body: { key } });
  assert.equal(reply.status, 201, reply.text);
  return sessionCookie(reply);
}

async function setSendSource(
  test: TestApp,
  { credentials }: TestWorkspace,
  name: string,
  listId: string,
  nativeKey: string,
): Promise<void> {
  const source = {
    nodeId: credentials.contacthub.nodeId,
    groupPk: Number(listId),
    userdbId: 'own',
    subscriptions: [{ id: `${name}@secret.example` }],
  };
  const reply = await inject(test, {
    method: 'PUT',
    url: `/throughline/v1/workspaces/${credentials.workspace.id}/contacthub/send-sources`,
    headers: { authorization: `Bearer ${nativeKey}`, 'content-type': 'application/json' },
    body: { sendSources: [source] },
  });
  assert.equal(reply.status, 200, reply.text);
}

export const savedQuestion = {
  metrics: ['count:webmarketer:order'],
  span: { days: 7 },
  interval: 'day',
  groupBy: 'campaign',
  compare: false,
  shape: 'bar',
};

export const spending = { amount: 10, startDate: '2026-01-01T00:00:00Z', endDate: '2026-02-01T00:00:00Z' };

interface PostedReply {
  readonly id: string;
  readonly _id?: string;
  readonly sourceInfo?: { readonly registeredBy: string };
  readonly data?: readonly { readonly _id: string }[];
}

async function readIds(
  test: TestApp,
  workspace: TestWorkspace,
  email: string,
): Promise<
  Record<Exclude<TenantId, 'key' | 'conversion' | 'view' | 'job' | 'groupPk' | keyof AdvertisingIds>, string>
> {
  const { contacthub, webmarketer, signals } = workspace.credentials;
  const send = async (
    method: 'POST' | 'PUT',
    path: string,
    body: object,
    token: string,
  ): Promise<PostedReply> => {
    const reply = await inject(test, {
      method,
      url: path,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body,
    });
    assert.ok(reply.status < 300, `${path}: ${reply.text}`);
    return reply.body;
  };
  const post = (path: string, body: object, token: string) => send('POST', path, body, token);
  const hub = `/hub/v1/workspaces/${contacthub.workspaceId}`;
  const customer = await post(
    `${hub}/customers`,
    {
      nodeId: contacthub.nodeId,
      externalId: email,
      base: {
        contacts: { email },
        educations: [{ id: 'own', schoolName: email }],
        likes: [{ id: 'own', name: email }],
        jobs: [{ id: 'own', companyName: email }],
        subscriptions: [{ id: 'own', subscribed: true, name: email }],
      },
      consents: { disclaimer: { version: email } },
    },
    contacthub.token,
  );
  const policy = { eventTypes: ['addedProduct'] };
  await send('PUT', `${hub}/configuration/products/update-policy`, policy, contacthub.adminToken);
  const properties = { id: 'own', name: email };
  const bought = { customerId: customer.id, type: 'addedProduct', context: 'WEB', properties };
  await post(`${hub}/events`, bought, contacthub.token);
  const session = await post(`${hub}/customers/${customer.id}/sessions`, { value: email }, contacthub.token);
  const hubUsers = await inject(test, {
    method: 'GET',
    url: `${hub}/configuration/users`,
    headers: { authorization: `Bearer ${contacthub.adminToken}` },
  });
  const aggregate = await post(
    `${hub}/configuration/nodes/aggregates`,
    { name: email, entryNodes: [contacthub.nodeId] },
    contacthub.adminToken,
  );
  const { projectId, accessToken } = webmarketer;
  const project = `/api/v1/projects/${projectId}`;
  const field = await post(
    `${project}/fields`,
    { entity: 'user', type: 'string', key: `own-${projectId}` },
    accessToken,
  );
  const column = await post(
    `${project}/custom-columns`,
    { key: `own-${projectId}`, name: 'Own', format: 'number', symbols: ['event-count'] },
    accessToken,
  );
  const users = await post(`${project}/users/search`, {}, accessToken);
  const campaigns = `${project}/integrations/${webmarketer.wmktId}/custom-ads/campaigns`;
  const campaign = await post(campaigns, { campaignSlug: 'own', name: 'Own' }, accessToken);
  const outlay = await post(`${campaigns}/${campaign.id}/outlays`, spending, accessToken);
  const groups = `/v1/clients/${signals.clientId}/apps/${signals.appId}/event_groups`;
  const eventGroup = await post(groups, { type: 'keyword', type_value: `own ${email}` }, signals.token);
  const trashed = { projectId, eventType: 'no-such-type', nonce: randomUUID(), data: { email } };
  const quarantined = await post('/api/v1/events', trashed, accessToken);
  const store = new Store(test, workspace);
  const events = await store.events();
  const eventOf = (dialect: DialectName) => idOf(events.find((event) => event.dialect === dialect));
  const profiles = await store.profiles();
  const landing = `https://shop.example/?wmktid=${webmarketer.wmktId}&cid=traffic`;
  await store.call('POST', '/visits', { body: { url: landing, trackerId: randomUUID() } });
  return {
    webmarketerEvent: eventOf('webmarketer'),
    contacthubEvent: eventOf('contacthub'),
    customer: customer.id,
    consent: idOf((await store.read('/consents?act=disclaimer-read')).consents[0]),
    session: session.id,
    aggregate: aggregate.id,
    customerSource: customer.sourceInfo?.registeredBy ?? '',
    source: idOf((await store.read('/sources')).sources[0]),
    person: profiles[0]?.personId ?? '',
    otherProfile: idOf(profiles.at(-1)),
    link: idOf((await store.links()).find(({ scope }) => scope === 'person')),
    quarantined: String(quarantined),
    user: users.data![0]!._id,
    hubUser: String(hubUsers.body.elements[0].id),
    field: field._id!,
    column: column.id,
    campaign: campaign.id,
    campaignRow: idOf((await store.read('/campaigns')).campaigns[0]),
    outlay: outlay.id,
    eventGroup: eventGroup.id,
    eventType: idOf((await store.read('/event-types')).eventTypes[0]),
  };
}

function idOf(made: { readonly id: string } | undefined): string {
  assert.ok(made, 'there is something of each kind');
  return made.id;
}

export function secretsOf(credentials: CredentialsFile): string[] {
  const { admin, webmarketer, octeth, contacthub, webengage, signals } = credentials;
  return [
    admin.token,
    webmarketer.accessToken,
    webmarketer.serviceAccount.privateKey,
    octeth.apiKey,
    octeth.adminApiKey,
    octeth.password,
    contacthub.token,
    contacthub.adminToken,
    contacthub.operatorToken,
    contacthub.dpoToken,
    webengage.apiKey,
    signals.token,
    signals.apiKey,
    signals.appSecret,
    signals.verifyToken,
    signals.password,
  ];
}

/** The route's address, with the tenant in it that `place` is, and the other resources of `owner`. */
export function fillPath({ url, owner }: Route, place: Tenant, resources: Tenant): string {
  const { credentials } = place;
  const { ids } = resources;
  const values: Readonly<Record<string, string>> = {
    licenseCode: credentials.webengage.licenseCode,
    projectId: credentials.webmarketer.projectId,
    reference: 'order',
    appId: credentials.signals.appId,
    clientId: credentials.signals.clientId,
    partnerId: credentials.signals.partnerId,
    workspaceId: credentials.contacthub.workspaceId,
    workspace: credentials.workspace.id,
    eventType: 'viewedPage',
    planModel: 'ORDER',
    productId: 'own',
    id: owner === 'contacthub' ? ids.contacthubEvent : ids.webmarketerEvent,
    customerId: ids.customer,
    sessionId: ids.session,
    itemId: 'own',
    name: 'title',
    baseProperty: 'title',
    nodeId: resources.credentials.contacthub.nodeId,
    aggregateNodeId: ids.aggregate,
    sourceId: owner === 'native' ? ids.source : ids.customerSource,
    personId: ids.person,
    linkId: ids.link,
    quarantinedId: ids.quarantined,
    storageKey: 'paid',
    eventId: ids.webmarketerEvent,
    key: 'paid',
    keyId: ids.key,
    dialect: 'webengage',
    kind: 'license',
    externalId: resources.credentials.webengage.licenseCode,
    jobId: ids.job,
    conversionId: ids.conversion,
    viewId: ids.view,
    // An id that no erasure has: one would take away what the tenant's tests look for.
    erasureId: ids.job,
    currency: 'USD',
    consentId: ids.consent,
    userId: owner === 'webmarketer' ? ids.user : ids.hubUser,
    groupPk: ids.groupPk,
    userdbId: 'own',
    subscriberSourceId: 'own',
    fieldId: ids.field,
    columnId: ids.column,
    wmktId: credentials.webmarketer.wmktId,
    campaignId: owner === 'signals' ? ids.adCampaign : owner === 'native' ? ids.campaignRow : ids.campaign,
    campaignKey: ids.campaignRow,
    adAccountId: resources.credentials.signals.adAccountId,
    facebookAccountId: ids.facebookAccount,
    adId: ids.ad,
    outlayId: ids.outlay,
    groupId: ids.eventGroup,
    eventTypeId: ids.eventType,
    '*': 'base-property/job.json',
  };
  return url.replaceAll(/:(\w+)|\*/g, (match, name: string | undefined) => {
    const value = values[name ?? match];
    assert.ok(value, `say in fillPath what stands for ${match} of ${url}`);
    return value;
  });
}

/** Whether the path names something inside a tenant, beside the tenant itself. */
export function namesResource({ url }: Route): boolean {
  return /:(id|eventId|customerId|sessionId|itemId|nodeId|aggregateNodeId|sourceId|userdbId|personId|linkId|jobId|quarantinedId|keyId|externalId|userId|fieldId|columnId|campaignId|campaignKey|outlayId|groupId|eventTypeId|adId|conversionId|viewId)\b/.test(
    url,
  );
}

/** One way to show a key. */
export interface Showing {
  readonly by: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string>>;
  /** Members of the body. */
  readonly members?: Readonly<Record<string, string>>;
  /** Signs the body's text. */
  readonly sign?: (text: string) => Record<string, string>;
  /** In place of the body. */
  readonly form?: Readonly<Record<string, string>>;
}

/** Every way in which somebody with these credentials can show a key of this dialect. */
export async function showingsOf(
  route: Route,
  { credentials, nativeKey, cookie }: Tenant,
): Promise<Showing[]> {
  const bearer = (by: string, token: string): Showing => ({
    by,
    headers: { authorization: `Bearer ${token}` },
  });
  const { octeth, contacthub, signals, webengage, webmarketer } = credentials;
  switch (route.owner) {
    case 'webengage':
      return [bearer('API key', webengage.apiKey)];
    case 'webmarketer':
      return [bearer('access token', webmarketer.accessToken)];
    case 'octeth': {
      const { apiKey, adminApiKey } = octeth;
      const asAdministrator = bearer('admin key as bearer', adminApiKey);
      const inBody = { by: 'API key in the body', members: { APIKey: apiKey } };
      const inQuery = { by: 'API key in the query', query: { APIKey: apiKey } };
      if (route.method === 'GET') return [inQuery, bearer('API key as bearer', apiKey), asAdministrator];
      return [inBody, bearer('API key as bearer', apiKey), asAdministrator];
    }
    case 'contacthub':
      return [
        bearer('token', contacthub.token),
        bearer('admin token', contacthub.adminToken),
        bearer('operator token', contacthub.operatorToken),
        bearer('data protection token', contacthub.dpoToken),
      ];
    case 'signals':
      return [
        bearer('token', signals.token),
        { by: 'x-api-key', headers: { 'x-api-key': signals.apiKey } },
        { by: 'API key in the body', members: { api_key: signals.apiKey } },
        { by: 'd360-api-key', headers: { 'd360-api-key': signals.apiKey } },
        {
          by: 'signature',
          sign: (text) => ({
            'x-hub-signature-256': `sha256=${createHmac('sha256', signals.appSecret).update(text).digest('hex')}`,
          }),
        },
        { by: 'verify token', query: { 'hub.verify_token': signals.verifyToken } },
      ];
    default:
      return [
        bearer('workspace key', nativeKey),
        { by: 'session', headers: { cookie, 'sec-fetch-site': 'same-origin' } },
      ];
  }
}

/** Signing in under the victim's name by the intruder's secrets. */
export async function signInsAs(
  { url }: Route,
  victim: Tenant,
  intruder: Tenant,
): Promise<Showing[] | undefined> {
  const [theirs, own] = [victim.credentials, intruder.credentials];
  if (url === '/api/v2/token') {
    const members = { username: theirs.signals.username, password: own.signals.password };
    return [{ by: 'own password', members }];
  }
  if (url === '/oidc/token') {
    const { clientId, serviceAccountEmail, privateKeyId } = theirs.webmarketer.serviceAccount;
    const assertion = await new SignJWT({ scope: 'full_access' })
      .setProtectedHeader({ alg: 'RS256', typ: 'JWT', kid: privateKeyId })
      .setIssuer(clientId)
      .setSubject(serviceAccountEmail)
      .setAudience('http://localhost/oidc/token')
      .setExpirationTime('300s')
      .sign(await importPKCS8(own.webmarketer.serviceAccount.privateKey, 'RS256'));
    const grant_type = 'urn:ietf:params:oauth:grant-type:jwt-bearer';
    const { clientId: ownClient } = own.webmarketer.serviceAccount;
    return [
      { by: 'own private key', form: { grant_type, client_id: clientId, assertion } },
      { by: 'own client id', form: { grant_type, client_id: ownClient, assertion } },
    ];
  }
  return undefined;
}

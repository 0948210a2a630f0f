import { randomUUID } from 'node:crypto';
import type { Route } from './routes.ts';
import { savedQuestion, spending, type Tenant } from './two-tenants.ts';

type MakeBody = (victim: Tenant) => object;

const event = { eventName: 'Intrusion', userId: 'intruder' };
const order = ({ credentials }: Tenant) => ({
  projectId: credentials.webmarketer.projectId,
  eventType: 'order',
  nonce: randomUUID(),
  data: { marker: 'intrusion', email: 'intruder@example.com' },
});
const insightQuestion = {
  since: '2020-01-01',
  until: '2040-01-01',
  metrics: ['event-count'],
  groupBy: 'event-type',
  interval: 'year',
};
const view = { name: 'Intrusion', question: savedQuestion };
const conversion = { name: 'Intrusion', event: 'webmarketer:order' };
const octethEvent = ({ listId }: Tenant) => ({
  Command: 'event.track',
  ListID: listId,
  Event: 'intrusion',
  Email: 'intruder@example.com',
});

/** What an intruder would send to hit the victim: well-formed, with the victim's ids where a body has any. */
const bodies: Readonly<Record<string, MakeBody>> = {
  'POST /v1/accounts/:licenseCode/events': () => event,
  'POST /v1/accounts/:licenseCode/users': () => ({ userId: 'intruder', firstName: 'Eve' }),
  'PUT /v1/accounts/:licenseCode/users': () => ({ userId: 'intruder', firstName: 'Eve' }),
  'POST /v1/accounts/:licenseCode/bulk-events': () => ({ events: [event] }),
  'POST /v1/accounts/:licenseCode/bulk-users': () => ({ users: [{ userId: 'intruder' }] }),
  'POST /api/v1/event': ({ listId }) => ({ ...octethEvent({ listId } as Tenant), Command: undefined }),
  'POST /api/v1/website_events.properties': ({ listId }) => ({ ListID: listId }),
  'POST /api/v1/subscriber.create': ({ listId }) => ({
    ListID: listId,
    EmailAddress: 'intruder@example.com',
  }),
  'POST /api/v1/admin.events.search': ({ listId }) => ({ FilterByListID: listId }),
  'POST /api.php': octethEvent,
  'POST /api/v1/events': order,
  'POST /api/v1/events/sync': order,
  'POST /api/v1/projects/:projectId/event-types': () => ({
    reference: 'intrusion',
    name: 'Intrusion',
    fields: [],
  }),
  'PATCH /api/v1/projects/:projectId/event-types/:reference': () => ({ name: 'Intrusion' }),
  'PATCH /api/v1/projects/:projectId/events/:id/states/:storageKey': () => ({ value: 1 }),
  'PATCH /api/v1/projects/:projectId/events/:id/statistics/:storageKey': () => ({ value: 1 }),
  'POST /api/v1/projects/:projectId/events/insights': () => insightQuestion,
  'POST /api/v1/projects/:projectId/insights/events': () => insightQuestion,
  'POST /api/v1/projects/:projectId/fields': () => ({
    entity: 'user',
    type: 'string',
    key: 'intrusion',
    label: 'Intrusion',
    isPii: false,
    discriminant: false,
    metadata: { from: 'intruder' },
  }),
  'POST /api/v1/projects/:projectId/custom-columns': () => ({
    key: 'intrusion',
    name: 'Intrusion',
    format: 'number',
    symbols: ['event-count', '/', 2],
  }),
  'POST /api/v1/projects/:projectId/users/search': () => ({
    fields: ['email'],
    order: 'ASC',
    sort: 'email',
    filters: { email: { contains: 'secret' }, marker: 'intrusion' },
    limit: 10,
    offset: 0,
  }),
  ...Object.fromEntries(
    ['/integrations/:wmktId/custom-ads', '/custom-ads/:wmktId'].flatMap((base): [string, MakeBody][] => {
      const campaigns = `/api/v1/projects/:projectId${base}/campaigns`;
      return [
        [`POST ${campaigns}`, () => ({ campaignSlug: 'intrusion', name: 'Intrusion' })],
        [`PATCH ${campaigns}/:campaignId`, () => ({ name: 'Intrusion' })],
        [`POST ${campaigns}/:campaignId/outlays`, () => spending],
        [`PATCH ${campaigns}/:campaignId/outlays/:outlayId`, () => ({ amount: 1 })],
      ];
    }),
  ),
  'POST /api/v1/projects/:projectId/interactions/offline': ({ credentials }) => ({
    userData: { email: 'intruder@example.com' },
    nodeData: { wmktId: credentials.webmarketer.wmktId, cid: 'intrusion' },
  }),
  'POST /hub/v1/workspaces/:workspaceId/events': ({ ids }) => ({
    customerId: ids.customer,
    type: 'viewedPage',
    context: 'WEB',
    properties: {},
  }),
  'PUT /hub/v1/workspaces/:workspaceId/events/:id': () => ({
    type: 'viewedProduct',
    context: 'WEB',
    properties: {},
  }),
  'PATCH /hub/v1/workspaces/:workspaceId/events/:id': () => ({ date: '2020-01-01T00:00:00Z' }),
  'POST /hub/v1/workspaces/:workspaceId/customers': ({ credentials }) => ({
    nodeId: credentials.contacthub.nodeId,
    base: { contacts: { email: 'intruder@example.com' } },
  }),
  'PATCH /hub/v1/workspaces/:workspaceId/customers/:customerId': () => ({ base: { firstName: 'Eve' } }),
  'PUT /hub/v1/workspaces/:workspaceId/customers/:customerId': ({ credentials, ids }) => ({
    id: ids.customer,
    nodeId: credentials.contacthub.nodeId,
    base: { contacts: { email: 'intruder@example.com' } },
  }),
  'POST /hub/v1/workspaces/:workspaceId/customers/:customerId/sessions': () => ({ value: 'intrusion' }),
  ...Object.fromEntries(
    ['educations', 'likes', 'jobs', 'subscriptions'].flatMap((list): [string, MakeBody][] => {
      const items = `/hub/v1/workspaces/:workspaceId/customers/:customerId/${list}`;
      const item = () => ({ id: 'own', ...(list === 'subscriptions' ? { subscribed: false } : {}) });
      return [
        [`POST ${items}`, item],
        [`PUT ${items}/:itemId`, item],
      ];
    }),
  ),
  'PUT /hub/v1/workspaces/:workspaceId/configuration/nodes/entries/:nodeId/retention-policy/state': () => ({
    enabled: false,
  }),
  'POST /hub/v1/workspaces/:workspaceId/configuration/sources': ({ credentials }) => ({
    provider: 'API',
    name: 'Intrusion',
    nodes: [credentials.contacthub.nodeId],
  }),
  'PUT /hub/v1/workspaces/:workspaceId/configuration/sources/:sourceId': () => ({ name: 'Intrusion' }),
  'PUT /hub/v1/workspaces/:workspaceId/configuration/users/:userId': () => ({ nodes: [] }),
  'POST /hub/v1/workspaces': () => ({ name: 'Intrusion', slug: 'intrusion', groupPk: 1, shard: 'main' }),
  'PUT /hub/v1/workspaces/:workspaceId/status': () => ({ status: 'ENABLED' }),
  'PUT /throughline/v1/workspaces/:workspace/contacthub/send-sources': () => ({ sendSources: [] }),
  'PUT /throughline/v1/workspaces/:workspace/contacthub/users/:userId/rights': () => ({ nodes: [] }),
  'POST /webhooks/whatsapp/:appId': () => ({
    contacts: [],
    messages: [
      { from: '33639989999', id: randomUUID(), timestamp: '1700000000', type: 'text', text: { body: 'x' } },
    ],
  }),
  'POST /v1/clients/:clientId/apps/:appId/converted_events': () => ({ campaign_id: '1', type: 'button' }),
  'POST /v1/clients/:clientId/apps/:appId/event_groups': () => ({ type: 'keyword', type_value: 'intrusion' }),
  'PATCH /v1/clients/:clientId/apps/:appId/event_groups/:groupId': () => ({ status: 'archived' }),
  'POST /clients/:clientId/external-events': () => ({
    external_event: { action: 'intrusion', lead_phone: '+33639989999' },
  }),
  'PUT /throughline/v1/workspaces/:workspace/signals/ads': () => ({ ads: [] }),
  'POST /throughline/v1/workspaces/:workspace/signals/ad-days': ({ ids }) => ({
    days: [{ adId: ids.ad, day: '2026-01-01', clicks: 1, impressions: 1, spend: 1 }],
  }),
  'PUT /throughline/v1/workspaces/:workspace/signals/apps/:appId/tracking': () => ({ enabled: false }),
  'POST /throughline/v1/workspaces/:workspace/links': ({ ids }) => ({
    first: ids.person,
    second: ids.otherProfile,
  }),
  'POST /throughline/v1/workspaces/:workspace/keys': () => ({ dialect: 'native', name: 'intruder' }),
  'POST /throughline/v1/workspaces/:workspace/sources': () => ({ dialect: 'octeth', name: 'Intrusion' }),
  'PATCH /throughline/v1/workspaces/:workspace/sources/:sourceId': () => ({ name: 'Intrusion' }),
  'POST /throughline/v1/workspaces/:workspace/bindings': ({ credentials }) => ({
    dialect: 'webengage',
    kind: 'license',
    externalId: credentials.webengage.licenseCode,
  }),
  'PATCH /throughline/v1/workspaces/:workspace/contacthub/nodes/:nodeId': () => ({ name: 'Intrusion' }),
  'PATCH /throughline/v1/workspaces/:workspace': () => ({ name: 'Intrusion' }),
  'PATCH /throughline/v1/workspaces/:workspace/event-types/:eventTypeId': () => ({ archived: true }),
  'POST /throughline/v1/workspaces/:workspace/webmarketer/event-types': () => ({
    reference: 'intrusion',
    name: 'Intrusion',
  }),
  'PATCH /throughline/v1/workspaces/:workspace/webmarketer/event-types/:eventTypeId': () => ({
    name: 'Intrusion',
  }),
  'PUT /throughline/v1/exchange-rates': () => ({
    rates: [{ currency: 'USD', day: '2026-01-01', perEuro: '1.1' }],
  }),
  'POST /throughline/v1/workspaces/:workspace/conversions': () => conversion,
  'PUT /throughline/v1/workspaces/:workspace/conversions/:conversionId': () => conversion,
  'POST /throughline/v1/workspaces/:workspace/views': () => view,
  'PUT /throughline/v1/workspaces/:workspace/views/:viewId': () => view,
  'POST /throughline/v1/workspaces/:workspace/attribution/models': () => ({
    model: 'markov',
    conversion: 'webmarketer:order',
  }),
  'POST /throughline/v1/workspaces': () => ({ slug: 'intrusion' }),
};

export function bodyFor(route: Route, victim: Tenant): object | undefined {
  if (route.method === 'GET' || route.method === 'DELETE') return undefined;
  return bodies[`${route.method} ${route.url}`]?.(victim) ?? {};
}

/** What of the victim an intruder would ask for. */
export function queryFor({ method, url }: Route, victim: Tenant): Record<string, string> {
  const { ids, credentials, listId, email } = victim;
  switch (`${method} ${url}`) {
    case 'GET /hub/v1/workspaces/:workspaceId/customers':
      return { nodeId: credentials.contacthub.nodeId };
    case 'GET /hub/v1/workspaces/:workspaceId/customers/:customerId/entries':
      return { page: '0', size: '1' };
    case 'GET /hub/v1/workspaces/:workspaceId/events':
      return { customerId: ids.customer };
    case 'GET /api/v1/website_events.properties':
      return { ListID: listId };
    case 'GET /api.php':
      return octethEvent(victim);
    case 'GET /throughline/v1/workspaces/:workspace/people/lookup':
      return { kind: 'email', value: email };
    case 'GET /throughline/v1/workspaces/:workspace/touchpoints':
      return { person: ids.person };
    case 'GET /throughline/v1/workspaces/:workspace/attribution':
    case 'GET /throughline/v1/workspaces/:workspace/attribution/paths':
    case 'GET /throughline/v1/workspaces/:workspace/attribution/events':
    case 'GET /throughline/v1/workspaces/:workspace/attribution/campaigns/:campaignKey/days':
      return { conversion: 'webmarketer:order' };
    case 'GET /throughline/v1/workspaces/:workspace/people/titles':
      return { ids: ids.person };
    case 'GET /throughline/v1/workspaces/:workspace/signals/ads':
    case 'GET /throughline/v1/workspaces/:workspace/signals/ad-days':
      return { ad: ids.ad };
    case 'GET /throughline/v1/workspaces/:workspace/insights':
      return { groupBy: 'source', interval: 'hour' };
    case 'GET /throughline/v1/workspaces/:workspace/insights/explain':
      return { metric: 'sum:turnover' };
    case 'GET /throughline/v1/workspaces/:workspace/transitions':
      return { from: 'qualified', to: 'converted' };
    case 'GET /webhooks/whatsapp/:appId':
      return { 'hub.mode': 'subscribe', 'hub.challenge': 'taken' };
    default:
      return url.startsWith('/v1/clients/') ? { date_from: '2020-01-01', date_to: '2040-01-01' } : {};
  }
}

import type { Method } from '../../http/operation.ts';
import { provision } from './provision.ts';

/** What a token may be (docs/spec/contacthub.md, scopes). */
export type Role = (typeof provision.keys.roles)[number];

/** Where one of the vendor's operations is, and who may call it; null: anybody, without a token. */
export interface OperationRow {
  readonly method: Method;
  readonly path: string;
  readonly roles: readonly Role[] | null;
}

const operators: readonly Role[] = ['CLAB_OPERATOR'];
const administrators: readonly Role[] = [...operators, 'ADMIN'];
const users: readonly Role[] = [...administrators, 'USER'];
const viewers: readonly Role[] = [...users, 'GUEST'];
const readers: readonly Role[] = [...viewers, 'TRUSTED_APPLICATION'];
const trusted: readonly Role[] = [...users, 'TRUSTED_APPLICATION'];
const writers: readonly Role[] = [...trusted, 'UNTRUSTED_APPLICATION'];
const everySource: readonly Role[] = [...readers, 'UNTRUSTED_APPLICATION'];
const followers: readonly Role[] = [...users, 'PLATFORM_UPDATES'];
/** Ruling 13. */
const protectors: readonly Role[] = [...administrators, 'DPO'];
const exporters: readonly Role[] = [...protectors, 'USER'];
const everyRole: readonly Role[] = provision.keys.roles;
/** Ruling 1. */
const anybody = null;
/** Ruling 8: it crosses workspaces, so that the administrator's key of the installation alone does it (access.ts). */
const noToken: readonly Role[] = [];

const W = '/workspaces/:workspaceId';

function row(method: Method, path: string, roles: OperationRow['roles']): OperationRow {
  return { method, path, roles };
}

/**
 * All 137 operations of the vendor's, those that are still to be served too: a path that was guessed (docs/spec/contacthub.md A) is
 * mended here alone. Roles are those of version 1.51 where it has the operation, of its nearest relative where it has not;
 * CLAB_OPERATOR, which is younger, may do what ADMIN may.
 */
export const hubOperations = {
  // Analytics
  countEventsByCategory: row('GET', `${W}/customers/:customerId/stats/event-category-distribution`, readers),
  readBuyingBehaviors: row('GET', `${W}/customers/:customerId/stats/buying-behaviors`, readers),
  readWorkspaceStats: row('GET', `${W}/stats`, readers),
  listNodeStats: row('GET', `${W}/stats/nodes`, readers),
  countCustomers: row('GET', `${W}/stats/customers/count`, readers),
  countCustomersByCreationDate: row('GET', `${W}/stats/customers/creation-date`, readers),
  countCustomersByChannel: row('GET', `${W}/stats/customers/communication-channels`, readers),
  countCustomersByUpdateDate: row('GET', `${W}/stats/customers/updates`, readers),
  countEventsByUpdateDate: row('GET', `${W}/stats/events/updates`, readers),
  countEventsByTypeAndContext: row('GET', `${W}/stats/events/type-context-distribution`, readers),
  readPurchaseKpi: row('GET', `${W}/stats/events/kpi/purchases`, readers),
  readEcommerceKpi: row('GET', `${W}/stats/events/kpi/ecommerce`, readers),
  readWebKpi: row('GET', `${W}/stats/events/kpi/web`, readers),
  // Bulk jobs
  listBulkJobs: row('GET', `${W}/nodes/:nodeId/bulk-jobs`, users),
  createBulkJob: row('POST', `${W}/nodes/:nodeId/bulk-jobs`, administrators),
  readBulkJob: row('GET', `${W}/nodes/:nodeId/bulk-jobs/:jobId`, users),
  readBulkJobResults: row('GET', `${W}/nodes/:nodeId/bulk-jobs/:jobId/results`, users),
  // Configuration
  readConfiguration: row('GET', `${W}/configuration`, administrators),
  replaceConfiguration: row('PUT', `${W}/configuration`, administrators),
  readThrottling: row('GET', `${W}/configuration/throttling`, viewers),
  replaceThrottling: row('PUT', `${W}/configuration/throttling`, administrators),
  listEventConfigurations: row('GET', `${W}/configuration/events`, viewers),
  readEventConfiguration: row('GET', `${W}/configuration/events/:eventType`, viewers),
  replaceEventConfiguration: row('PUT', `${W}/configuration/events/:eventType`, administrators),
  readEventProperties: row('GET', `${W}/configuration/events/:eventType/properties`, readers),
  readEventExtendedProperties: row(
    'GET',
    `${W}/configuration/events/:eventType/properties/extended`,
    readers,
  ),
  replaceEventExtendedProperties: row(
    'PUT',
    `${W}/configuration/events/:eventType/properties/extended`,
    administrators,
  ),
  replaceEventState: row('PUT', `${W}/configuration/events/:eventType/enabled`, administrators),
  listEventTypes: row('GET', `${W}/configuration/event-types`, viewers),
  readProductUpdatePolicy: row('GET', `${W}/configuration/products/update-policy`, viewers),
  replaceProductUpdatePolicy: row('PUT', `${W}/configuration/products/update-policy`, administrators),
  readPlanModel: row('GET', `${W}/configuration/plan-models/:planModel`, viewers),
  readProductExtendedProperties: row('GET', `${W}/configuration/products/properties/extended`, viewers),
  replaceProductExtendedProperties: row(
    'PUT',
    `${W}/configuration/products/properties/extended`,
    administrators,
  ),
  readRetentionStatus: row('GET', `${W}/configuration/retention-policy/status`, viewers),
  readRetentionPolicy: row('GET', `${W}/configuration/retention-policy`, viewers),
  replaceRetentionPolicy: row('PUT', `${W}/configuration/retention-policy`, administrators),
  readEventsConsentPolicy: row('GET', `${W}/configuration/events-consent-policy`, viewers),
  replaceEventsConsentPolicy: row('PUT', `${W}/configuration/events-consent-policy`, administrators),
  readEventsPayloadSize: row('GET', `${W}/configuration/events-payload-size`, viewers),
  replaceEventsPayloadSize: row('PUT', `${W}/configuration/events-payload-size`, administrators),
  listNodes: row('GET', `${W}/configuration/nodes`, viewers),
  readNodeRetentionPolicy: row('GET', `${W}/configuration/nodes/:nodeId/retention-policy`, viewers),
  replaceNodeRetentionPolicy: row('PUT', `${W}/configuration/nodes/:nodeId/retention-policy`, administrators),
  listEntryNodes: row('GET', `${W}/configuration/nodes/entries`, viewers),
  createEntryNode: row('POST', `${W}/configuration/nodes/entries`, administrators),
  readEntryNode: row('GET', `${W}/configuration/nodes/entries/:nodeId`, viewers),
  replaceEntryNode: row('PUT', `${W}/configuration/nodes/entries/:nodeId`, administrators),
  deleteEntryNode: row('DELETE', `${W}/configuration/nodes/entries/:nodeId`, administrators),
  emptyEntryNode: row('POST', `${W}/configuration/nodes/entries/:nodeId/empty`, administrators),
  readEntryRetentionPolicy: row('GET', `${W}/configuration/nodes/entries/:nodeId/retention-policy`, viewers),
  replaceEntryRetentionPolicy: row(
    'PUT',
    `${W}/configuration/nodes/entries/:nodeId/retention-policy`,
    administrators,
  ),
  readEntryRetentionState: row(
    'GET',
    `${W}/configuration/nodes/entries/:nodeId/retention-policy/state`,
    viewers,
  ),
  replaceEntryRetentionState: row(
    'PUT',
    `${W}/configuration/nodes/entries/:nodeId/retention-policy/state`,
    administrators,
  ),
  listAggregates: row('GET', `${W}/configuration/nodes/aggregates`, viewers),
  createAggregate: row('POST', `${W}/configuration/nodes/aggregates`, administrators),
  readAggregate: row('GET', `${W}/configuration/nodes/aggregates/:aggregateNodeId`, viewers),
  replaceAggregate: row('PUT', `${W}/configuration/nodes/aggregates/:aggregateNodeId`, administrators),
  deleteAggregate: row('DELETE', `${W}/configuration/nodes/aggregates/:aggregateNodeId`, administrators),
  replaceAggregateState: row(
    'PUT',
    `${W}/configuration/nodes/aggregates/:aggregateNodeId/state`,
    administrators,
  ),
  listAggregateSubscriptions: row(
    'GET',
    `${W}/configuration/nodes/aggregates/:aggregateNodeId/send-source-subscriptions`,
    viewers,
  ),
  listBaseProperties: row('GET', `${W}/configuration/properties/base`, readers),
  replaceBaseProperty: row('PUT', `${W}/configuration/properties/base/:name`, administrators),
  readExtendedProperties: row('GET', `${W}/configuration/properties/extended`, readers),
  replaceExtendedProperties: row('PUT', `${W}/configuration/properties/extended`, administrators),
  listSources: row('GET', `${W}/configuration/sources`, viewers),
  createSource: row('POST', `${W}/configuration/sources`, administrators),
  readSource: row('GET', `${W}/configuration/sources/:sourceId`, viewers),
  replaceSource: row('PUT', `${W}/configuration/sources/:sourceId`, administrators),
  deleteSource: row('DELETE', `${W}/configuration/sources/:sourceId`, administrators),
  refreshSourceToken: row('POST', `${W}/configuration/sources/:sourceId/refresh-token`, administrators),
  readMatchingPolicy: row('GET', `${W}/configuration/unique-customer-matching-policy`, users),
  readNodeMatchingPolicy: row(
    'GET',
    `${W}/configuration/nodes/entries/:nodeId/unique-customer-matching-policy`,
    users,
  ),
  replaceNodeMatchingPolicy: row(
    'PUT',
    `${W}/configuration/nodes/entries/:nodeId/unique-customer-matching-policy`,
    administrators,
  ),
  listUsers: row('GET', `${W}/configuration/users`, administrators),
  readUser: row('GET', `${W}/configuration/users/:userId`, administrators),
  replaceUser: row('PUT', `${W}/configuration/users/:userId`, administrators),
  readCustomerProperties: row('GET', `${W}/configuration/customers/properties`, readers),
  replaceBasePropertyState: row(
    'PUT',
    `${W}/configuration/customers/properties/base/:baseProperty/enabled`,
    administrators,
  ),
  // Consents
  readConsent: row('GET', `${W}/consent-logs/:consentId`, protectors),
  listConsents: row('GET', `${W}/consent-logs`, protectors),
  // Customers
  searchCustomers: row('GET', `${W}/customers`, everySource),
  createCustomer: row('POST', `${W}/customers`, writers),
  readCustomer: row('GET', `${W}/customers/:customerId`, readers),
  patchCustomer: row('PATCH', `${W}/customers/:customerId`, writers),
  replaceCustomer: row('PUT', `${W}/customers/:customerId`, writers),
  deleteCustomer: row('DELETE', `${W}/customers/:customerId`, trusted),
  createSubscription: row('POST', `${W}/customers/:customerId/subscriptions`, writers),
  readSubscription: row('GET', `${W}/customers/:customerId/subscriptions/:itemId`, readers),
  replaceSubscription: row('PUT', `${W}/customers/:customerId/subscriptions/:itemId`, writers),
  deleteSubscription: row('DELETE', `${W}/customers/:customerId/subscriptions/:itemId`, trusted),
  listSessions: row('GET', `${W}/customers/:customerId/sessions`, trusted),
  createSession: row('POST', `${W}/customers/:customerId/sessions`, writers),
  readSession: row('GET', `${W}/customers/:customerId/sessions/:sessionId`, trusted),
  deleteSession: row('DELETE', `${W}/customers/:customerId/sessions/:sessionId`, trusted),
  listEntryCustomers: row('GET', `${W}/customers/:customerId/entries`, readers),
  // Data protection
  exportCustomer: row('GET', `${W}/customers/:customerId/export`, exporters),
  forgetCustomer: row('DELETE', `${W}/customers/:customerId/forget`, protectors),
  // Events
  searchEvents: row('GET', `${W}/events`, trusted),
  createEvent: row('POST', `${W}/events`, writers),
  readEvent: row('GET', `${W}/events/:id`, trusted),
  replaceEvent: row('PUT', `${W}/events/:id`, writers),
  patchEvent: row('PATCH', `${W}/events/:id`, writers),
  deleteEvent: row('DELETE', `${W}/events/:id`, trusted),
  // Models
  readBasePropertiesModel: row('GET', `${W}/models/properties/base`, viewers),
  listMergePolicies: row('GET', `${W}/models/merge-policies`, viewers),
  listProviders: row('GET', `${W}/models/providers`, viewers),
  listContexts: row('GET', `${W}/models/contexts`, viewers),
  listSendSourceSubscriptions: row(
    'GET',
    `${W}/models/send-sources/:subscriberSourceId/subscriptions`,
    viewers,
  ),
  listSubscriberFields: row('GET', `${W}/models/send-sources/:subscriberSourceId/subscriber-fields`, viewers),
  listEventCategories: row('GET', '/models/analytics/event-categories', anybody),
  // Send sources
  listSendSources: row('GET', '/send-sources', viewers),
  readNodeSendSource: row('GET', `${W}/nodes/:nodeId/send-source`, viewers),
  readSendSourceOfDatabase: row('GET', '/send-sources/groups/:groupPk/userdbs/:userdbId', viewers),
  listSendSourcesOfGroup: row('GET', '/send-sources/groups/:groupPk', viewers),
  // Updates
  readLastOffset: row('GET', `${W}/updates/last-offset`, followers),
  readUpdates: row('GET', `${W}/updates`, followers),
  // User
  readMe: row('GET', '/me', everyRole),
  // Workspaces
  listWorkspaces: row('GET', '/workspaces', viewers),
  createWorkspace: row('POST', '/workspaces', noToken),
  readWorkspace: row('GET', `${W}`, viewers),
  deleteWorkspace: row('DELETE', `${W}`, operators),
  replaceWorkspaceStatus: row('PUT', `${W}/status`, operators),
  listShards: row('GET', '/shards', operators),
  // Health
  readHealth: row('GET', '/health', anybody),
  // Items of customers
  createEducation: row('POST', `${W}/customers/:customerId/educations`, writers),
  readEducation: row('GET', `${W}/customers/:customerId/educations/:itemId`, readers),
  replaceEducation: row('PUT', `${W}/customers/:customerId/educations/:itemId`, writers),
  deleteEducation: row('DELETE', `${W}/customers/:customerId/educations/:itemId`, trusted),
  createLike: row('POST', `${W}/customers/:customerId/likes`, writers),
  readLike: row('GET', `${W}/customers/:customerId/likes/:itemId`, readers),
  replaceLike: row('PUT', `${W}/customers/:customerId/likes/:itemId`, writers),
  deleteLike: row('DELETE', `${W}/customers/:customerId/likes/:itemId`, trusted),
  createJob: row('POST', `${W}/customers/:customerId/jobs`, writers),
  readJob: row('GET', `${W}/customers/:customerId/jobs/:itemId`, readers),
  replaceJob: row('PUT', `${W}/customers/:customerId/jobs/:itemId`, writers),
  deleteJob: row('DELETE', `${W}/customers/:customerId/jobs/:itemId`, trusted),
  // Of version 1.51 and the SDKs' documents, beside the 137
  listCustomerSources: row('GET', `${W}/customers/:customerId/sources`, trusted),
  readCustomerSource: row('GET', `${W}/customers/:customerId/sources/:sourceId`, trusted),
  readSourcePriority: row('GET', `${W}/configuration/sources/priority`, viewers),
  replaceSourcePriority: row('PUT', `${W}/configuration/sources/priority`, administrators),
  // Ruling 13
  forgetCustomerByPost: row('POST', `${W}/customers/:customerId/forget`, protectors),
} as const satisfies Record<string, OperationRow>;

export type HubOperation = keyof typeof hubOperations;

/**
 * Where version 1.51 had operations that are elsewhere now: they are at both. What it had besides this version has not, and why it is not
 * served docs/dialects/contacthub.md says.
 */
export const formerPaths: Partial<Readonly<Record<HubOperation, string>>> = {
  listAggregates: `${W}/configuration/nodes/views`,
  createAggregate: `${W}/configuration/nodes/views`,
  readAggregate: `${W}/configuration/nodes/views/:aggregateNodeId`,
  replaceAggregate: `${W}/configuration/nodes/views/:aggregateNodeId`,
  deleteAggregate: `${W}/configuration/nodes/views/:aggregateNodeId`,
};

export function mayCall(role: string, name: HubOperation): boolean {
  const { roles }: OperationRow = hubOperations[name];
  return roles === null || roles.some((one) => one === role);
}

import type { FastifyInstance, FastifyRequest } from 'fastify';
import { RequestError } from '../../errors.ts';
import { type Operation, refuseOtherMethods, registerOperations } from '../../http/operation.ts';
import { leaveFormsUnread } from '../../http/upload-form.ts';
import { compileAllButBodies } from '../../http/validation.ts';
import type { Dialect, Services } from '../dialect.ts';
import { anyToken, rateGroup } from './access.ts';
import { aggregateCustomers } from './aggregate/aggregate-customers.ts';
import { buildJob } from './aggregate/build-job.ts';
import { removalJob } from './aggregate/removal-job.ts';
import { orderType } from './analytics/order-metrics.ts';
import { aggregateOperations } from './api/aggregates/operations.ts';
import { bulkJobOperations, bulkUploadOperations } from './api/bulk-jobs/operations.ts';
import { configurationOperations } from './api/configuration/operations.ts';
import { consentOperations } from './api/consents/operations.ts';
import { entryOperations } from './api/customers/entries.ts';
import { itemOperations } from './api/customers/items.ts';
import { customerOperations } from './api/customers/operations.ts';
import { customerSourceOperations } from './api/customers/sources.ts';
import { dataProtectionOperations } from './api/data-protection/operations.ts';
import { eventConfigurationOperations } from './api/event-configurations/operations.ts';
import { eventOperations } from './api/events/operations.ts';
import { replay } from './api/events/prepare.ts';
import { meOperations } from './api/me/operations.ts';
import { modelOperations } from './api/models/operations.ts';
import { nodeOperations } from './api/nodes/operations.ts';
import { planModelOperations } from './api/plan-models/operations.ts';
import { productOperations } from './api/products/operations.ts';
import { propertyOperations } from './api/properties/operations.ts';
import { retentionOperations } from './api/retention/operations.ts';
import { sendSourceOperations } from './api/send-sources/operations.ts';
import { sessionOperations } from './api/sessions/operations.ts';
import { sourceOperations } from './api/sources/operations.ts';
import { sourcePriorityOperations } from './api/sources/priority.ts';
import { statsOperations } from './api/stats/operations.ts';
import { updateOperations } from './api/updates/operations.ts';
import { userOperations } from './api/users/operations.ts';
import { workspaceConfigurationOperations } from './api/workspace-configuration/operations.ts';
import { workspaceOperations } from './api/workspaces/operations.ts';
import { bulkJob } from './bulk/bulk-job-kind.ts';
import { startBulkCleanUp } from './bulk/clean-up.ts';
import { demo } from './demo.ts';
import { EVENT_TYPE_NAMES } from './documents/enums.ts';
import { eventValuesStage } from './erasure/event-values-stage.ts';
import { presentError } from './errors.ts';
import { registerNative } from './native/register.ts';
import { emptyNodeJob } from './node/empty-node.ts';
import { reindexJob } from './node/reindex.ts';
import { fillProductsJob } from './product/fill-products.ts';
import { activity } from './projection/activity.ts';
import { customerIndex } from './projection/customer-index.ts';
import { eventValues } from './projection/event-values/event-values.ts';
import { personalColumns } from './projection/indexed-values.ts';
import { provision } from './provision.ts';
import { retention } from './retention/delete-due-events.ts';
import { userRights } from './rights/user-right-store.ts';
import { explainEvent } from './rules/explain-event.ts';
import { keysOfMember } from './rules/keys-of-member.ts';
import { followSettings } from './settings/follow-settings.ts';
import { HubSettings } from './settings.ts';
import { transfer } from './transfer.ts';

const prefix = '/hub/v1';

/** docs/spec/contacthub.md. Each resource has a folder of its own. */
export const contacthub: Dialect = {
  name: provision.dialect,
  provision,
  transfer,
  settings: HubSettings,
  followSettings,
  rateGroups: [rateGroup],
  owns: (path) => path === prefix || path.startsWith(`${prefix}/`),
  commands: {
    contacthub: {
      summary: 'by what customers are found again',
      load: async () => (await import('./cli/contacthub.ts')).contacthub,
    },
  },
  register,
  registerNative,
  jobKinds: (services) => [
    reindexJob(services),
    emptyNodeJob(services),
    fillProductsJob(services),
    bulkJob(services),
    buildJob(services),
    removalJob(services),
  ],
  startRounds: (services) => [startBulkCleanUp(services)],
  demo,
  addresses: [{ host: 'https://api.contactlab.it', path: '/hub/v1' }],
  presentError,
  parts: [userRights],
  // Customers of aggregates are searched by the same rows.
  projections: [customerIndex, aggregateCustomers, activity, eventValues],
  saleTypes: [orderType],
  knownTypes: EVENT_TYPE_NAMES,
  replay,
  explainer: explainEvent,
  retention,
  erasure: {
    keysOfMember,
    atOnce: [...personalColumns, 'aggregate_customer.attributes'],
    stages: [eventValuesStage],
  },
  overridesMethods: true,
  // docs/spec/contacthub.md D: pages of any origin call it, and carry a token of their own.
  cors: {
    origin: '*',
    methods: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'],
    allowedHeaders: [
      'Authorization',
      'Contactlab-ClientId',
      'Content-Type',
      'X-HTTP-Method-Override',
      'X-Tracing-ID',
      'Contactlab-Tracing-ID',
    ],
    maxAge: 86_400,
  },
};

const operations: readonly Operation<Services>[] = [
  ...eventOperations,
  ...customerOperations,
  ...itemOperations,
  ...customerSourceOperations,
  ...sessionOperations,
  ...configurationOperations,
  ...eventConfigurationOperations,
  ...productOperations,
  ...planModelOperations,
  ...workspaceConfigurationOperations,
  ...nodeOperations,
  ...propertyOperations,
  ...consentOperations,
  ...dataProtectionOperations,
  ...meOperations,
  ...updateOperations,
  ...sourceOperations,
  ...sourcePriorityOperations,
  ...modelOperations,
  ...sendSourceOperations,
  ...workspaceOperations,
  ...userOperations,
  ...bulkJobOperations,
  ...retentionOperations,
  ...statsOperations,
  ...aggregateOperations,
  ...entryOperations,
];

function register(app: FastifyInstance, services: Services): void {
  const table = { prefix, tag: 'Contacthub', compile: compileAllButBodies };
  registerOperations(app, services, operations, table);
  app.register(async (scope) => {
    leaveFormsUnread(scope);
    registerOperations(scope, services, bulkUploadOperations, table);
  });
  // A path that is there, by a method that is not, is refused in the form of messages (docs/spec/contacthub.md F).
  const refuse = ({ method }: FastifyRequest) =>
    new RequestError('method-not-allowed', `Request method '${method}' not supported`);
  const all = [...operations, ...bulkUploadOperations];
  refuseOtherMethods(app, services, all, { guard: anyToken, refuse }, prefix);
}

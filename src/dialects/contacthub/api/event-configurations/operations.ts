import type { FastifyRequest } from 'fastify';
import type { Workspace } from '../../../../core/workspace/workspace.ts';
import { type Operation, operation } from '../../../../http/operation.ts';
import type { Services } from '../../../dialect.ts';
import { at, baseUrlOf } from '../../access.ts';
import { EVENT_TYPE_NAMES, type EventTypeName } from '../../documents/enums.ts';
import { changeSettings } from '../../settings/change-settings.ts';
import { changeEventSettings, type EventTypeSettings } from '../../settings/event-settings.ts';
import { presentListPage } from '../list-page.ts';
import {
  definitionsBody,
  definitionsLimit,
  parseDefinitions,
  presentDefinitions,
  requireMarksKept,
} from '../property-definitions.ts';
import { WorkspaceParameters } from '../schemas.ts';
import {
  parseConfiguration,
  parseConsentPolicy,
  parsePayloadSizes,
  parseState,
  requireEventType,
} from './parse.ts';
import {
  eventSettingsOf,
  presentConsentPolicy,
  presentEventConfiguration,
  presentEventType,
  presentPayloadSizes,
  presentPropertiesSchema,
  type References,
} from './present.ts';
import {
  consentPolicyBody,
  EventConfigurationsQuery,
  EventTypeParameters,
  eventConfigurationBody,
  payloadSizeBody,
  SchemaQuery,
  stateBody,
} from './schemas.ts';

export const eventConfigurationOperations: readonly Operation<Services>[] = [
  operation({
    ...at('listEventConfigurations'),
    summary: 'List the configurations of the event types',
    checks: { path: WorkspaceParameters, query: EventConfigurationsQuery },
    handle: ({ access: { workspace }, query, request }) =>
      presentListPage(EVENT_TYPE_NAMES, query, (type) =>
        presentEventConfiguration(workspace, type, referencesOf(query, request)),
      ),
  }),
  operation({
    ...at('readEventConfiguration'),
    summary: 'Get the configuration of an event type',
    checks: { path: EventTypeParameters, query: SchemaQuery },
    handle: ({ access: { workspace }, path, query, request }) =>
      presentEventConfiguration(workspace, requireEventType(path.eventType), referencesOf(query, request)),
  }),
  operation({
    ...at('replaceEventConfiguration'),
    summary: 'Enable or disable an event type (deprecated)',
    checks: { path: EventTypeParameters, query: SchemaQuery },
    documents: { body: eventConfigurationBody },
    example: { enabled: false },
    handle: async ({ services, access: { workspace }, path, query, body, request }) => {
      const type = requireEventType(path.eventType);
      const references = referencesOf(query, request);
      const enabled = parseConfiguration(body, presentEventConfiguration(workspace, type, references));
      const changed = await changeTypes(services, workspace, enable(type, enabled));
      return presentEventConfiguration(changed, type, references);
    },
  }),
  operation({
    ...at('readEventProperties'),
    summary: 'Get the schema of the properties of an event type',
    checks: { path: EventTypeParameters, query: SchemaQuery },
    handle: ({ access: { workspace }, path, query, request }) =>
      presentPropertiesSchema(workspace, requireEventType(path.eventType), referencesOf(query, request)),
  }),
  operation({
    ...at('readEventExtendedProperties'),
    summary: 'Get the extended properties of an event type',
    checks: { path: EventTypeParameters },
    handle: ({ access: { workspace }, path }) =>
      presentDefinitions(eventSettingsOf(workspace)[requireEventType(path.eventType)]?.extended),
  }),
  operation({
    ...at('replaceEventExtendedProperties'),
    summary: 'Modify the extended properties of an event type',
    checks: { path: EventTypeParameters },
    documents: { body: definitionsBody },
    example: { campaignCode: { type: 'string', label: 'Code', maxLength: 40 } },
    bodyLimit: definitionsLimit,
    handle: async ({ services, access, path, body }) => {
      const type = requireEventType(path.eventType);
      const extended = parseDefinitions(body);
      const changed = await changeTypes(services, access.workspace, (own, one) => {
        if (one !== type) return own;
        requireMarksKept(access, own.extended, extended);
        return { ...own, extended };
      });
      void services.jobs.look();
      return presentDefinitions(eventSettingsOf(changed)[type]?.extended);
    },
  }),
  operation({
    ...at('replaceEventState'),
    summary: 'Enable or disable an event type',
    checks: { path: EventTypeParameters },
    documents: { body: stateBody },
    example: { value: true },
    handle: async ({ services, access: { workspace }, path, body }) => {
      const type = requireEventType(path.eventType);
      const value = parseState(body);
      await changeTypes(services, workspace, enable(type, value));
      return { value };
    },
  }),
  operation({
    ...at('listEventTypes'),
    summary: 'List the event types of the workspace',
    checks: { path: WorkspaceParameters },
    handle: ({ access: { workspace } }) => ({
      elements: EVENT_TYPE_NAMES.map((type) => presentEventType(workspace, type)),
    }),
  }),
  operation({
    ...at('readEventsConsentPolicy'),
    summary: 'Get what customers have to agree to, by event type',
    checks: { path: WorkspaceParameters },
    handle: ({ access: { workspace } }) => presentConsentPolicy(workspace),
  }),
  operation({
    ...at('replaceEventsConsentPolicy'),
    summary: 'Modify what customers have to agree to, by event type',
    checks: { path: WorkspaceParameters },
    documents: { body: consentPolicyBody },
    example: { viewedPage: ['consents.marketing.automatic.email'] },
    handle: async ({ services, access: { workspace }, body }) => {
      const policy = parseConsentPolicy(body);
      return presentConsentPolicy(
        await changeTypes(services, workspace, (own, type) => ({
          ...own,
          consents: [...new Set(policy[type])],
        })),
      );
    },
  }),
  operation({
    ...at('readEventsPayloadSize'),
    summary: 'Get how large events may be, by event type',
    checks: { path: WorkspaceParameters },
    handle: ({ access: { workspace } }) => presentPayloadSizes(workspace),
  }),
  operation({
    ...at('replaceEventsPayloadSize'),
    summary: 'Modify how large events may be, by event type',
    checks: { path: WorkspaceParameters },
    documents: { body: payloadSizeBody },
    example: { completedOrder: { maxBytes: 131072 } },
    handle: async ({ services, access: { workspace }, body }) => {
      const sizes = parsePayloadSizes(body);
      return presentPayloadSizes(
        await changeTypes(services, workspace, ({ maxBytes: _, ...own }, type) => ({
          ...own,
          ...sizes[type],
        })),
      );
    },
  }),
];

function referencesOf(
  { resolveReferences }: { readonly resolveReferences: boolean },
  request: FastifyRequest,
): References {
  return { isResolved: resolveReferences, baseUrl: baseUrlOf(request) };
}

type ChangeType = (own: EventTypeSettings, type: EventTypeName) => EventTypeSettings;

function enable(wanted: EventTypeName, enabled: boolean): ChangeType {
  return (own, type) => (type === wanted ? { ...own, enabled } : own);
}

function changeTypes(services: Services, workspace: Workspace, change: ChangeType): Promise<Workspace> {
  return changeSettings(services, workspace, (settings) => ({
    ...settings,
    events: changeEventSettings(settings.events, change),
  }));
}

import type { Access } from '../../../../core/credential/authenticator.ts';
import type { Workspace } from '../../../../core/workspace/workspace.ts';
import { type Operation, operation } from '../../../../http/operation.ts';
import type { Services } from '../../../dialect.ts';
import { at } from '../../access.ts';
import { compileForm } from '../../documents/compile.ts';
import { choice, closedObject, listOf, nullable } from '../../documents/json-schema.ts';
import { PRODUCT_EVENT_TYPES, type ProductEventTypeName } from '../../documents/product-events.ts';
import { changeSettings } from '../../settings/change-settings.ts';
import type { ProductSettings } from '../../settings/product-settings.ts';
import { readHubSettings } from '../../settings.ts';
import { checkBody } from '../body.ts';
import {
  definitionsBody,
  definitionsLimit,
  parseDefinitions,
  presentDefinitions,
  requireMarksKept,
} from '../property-definitions.ts';
import { WorkspaceParameters } from '../schemas.ts';

const policyBody = closedObject({ eventTypes: nullable(listOf(choice(PRODUCT_EVENT_TYPES))) });
const checkPolicy = compileForm(policyBody);

interface PolicyBody {
  readonly eventTypes?: readonly ProductEventTypeName[] | null;
}

export const productOperations: readonly Operation<Services>[] = [
  operation({
    ...at('readProductUpdatePolicy'),
    summary: 'Get the types of the events that update the registry of products',
    checks: { path: WorkspaceParameters },
    handle: ({ access: { workspace } }) => presentPolicy(workspace),
  }),
  operation({
    ...at('replaceProductUpdatePolicy'),
    summary: 'Modify the types of the events that update the registry of products',
    checks: { path: WorkspaceParameters },
    documents: { body: policyBody },
    example: { eventTypes: ['completedOrder'] },
    handle: async ({ services, access, body }) => {
      const { eventTypes } = checkBody<PolicyBody>('policy', checkPolicy, body);
      const updatedBy = PRODUCT_EVENT_TYPES.filter((type) => eventTypes?.includes(type));
      const changed = await changeProducts(services, access, (own) => ({ ...own, updatedBy }));
      void services.jobs.look();
      return presentPolicy(changed);
    },
  }),
  operation({
    ...at('readProductExtendedProperties'),
    summary: 'Get the extended properties of products',
    checks: { path: WorkspaceParameters },
    handle: ({ access: { workspace } }) => presentDefinitions(productSettingsOf(workspace).extended),
  }),
  operation({
    ...at('replaceProductExtendedProperties'),
    summary: 'Modify the extended properties of products',
    checks: { path: WorkspaceParameters },
    documents: { body: definitionsBody },
    example: { fabric: { type: 'string', label: 'Fabric' } },
    bodyLimit: definitionsLimit,
    handle: async ({ services, access, body }) => {
      const extended = parseDefinitions(body);
      const changed = await changeProducts(services, access, (own) => {
        requireMarksKept(access, own.extended, extended);
        return { ...own, extended };
      });
      void services.jobs.look();
      return presentDefinitions(productSettingsOf(changed).extended);
    },
  }),
];

function presentPolicy(workspace: Workspace) {
  return { eventTypes: productSettingsOf(workspace).updatedBy ?? [] };
}

function productSettingsOf({ settings }: Workspace): ProductSettings {
  return readHubSettings(settings.dialects.contacthub).products ?? {};
}

/** What says nothing is left out: without a schema any object is taken. */
function changeProducts(
  services: Services,
  { workspace }: Access,
  change: (own: ProductSettings) => ProductSettings,
): Promise<Workspace> {
  return changeSettings(services, workspace, ({ products = {}, ...others }) => {
    const { extended = {}, updatedBy = [] } = change(products);
    return {
      ...others,
      products: {
        ...(Object.keys(extended).length > 0 ? { extended } : {}),
        ...(updatedBy.length > 0 ? { updatedBy } : {}),
      },
    };
  });
}

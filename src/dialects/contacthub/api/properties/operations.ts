import type { Workspace } from '../../../../core/workspace/workspace.ts';
import { type Operation, operation } from '../../../../http/operation.ts';
import type { Services } from '../../../dialect.ts';
import { at, baseUrlOf } from '../../access.ts';
import { resolveReferences, withAbsoluteReferences } from '../../documents/references.ts';
import type { NeededProperty } from '../../node/needed-properties.ts';
import { requireUnlimited } from '../../rights/seen-workspace.ts';
import { changeSettings } from '../../settings/change-settings.ts';
import { type BasePropertyState, setBaseProperty } from '../../settings/set-base-property.ts';
import type { HubSettings } from '../../settings.ts';
import { invalidBody } from '../body.ts';
import { SchemaQuery } from '../event-configurations/schemas.ts';
import {
  definitionsBody,
  parseDefinitions,
  presentDefinitions,
  requireMarksKept,
} from '../property-definitions.ts';
import { payloadLimit, WorkspaceParameters } from '../schemas.ts';
import { parsePropertyState, parseState, requireBaseProperty } from './parse.ts';
import {
  customerSchemaOf,
  extendedPropertiesOf,
  presentBaseProperties,
  presentBaseProperty,
} from './present.ts';
import { BasePropertyBody, BasePropertyParameters, NamedPropertyParameters, StateBody } from './schemas.ts';

/** What customers of a workspace may have (docs/spec/contacthub.md A, 62 to 65, 78, 79). */
export const propertyOperations: readonly Operation<Services>[] = [
  operation({
    ...at('listBaseProperties'),
    summary: 'Get customer base properties',
    checks: { path: WorkspaceParameters },
    handle: ({ access: { workspace } }) => presentBaseProperties(workspace),
  }),
  operation({
    ...at('replaceBaseProperty'),
    summary: 'Modify customer base property state',
    checks: { path: NamedPropertyParameters },
    documents: { body: BasePropertyBody },
    example: { enabled: false },
    bodyLimit: payloadLimit,
    handle: async ({ services, access: { workspace }, path, body }) => {
      const property = requireBaseProperty(path.name);
      const enabled = parsePropertyState(body, property);
      const state = { name: property.name, enabled, refuse: refuseAt('/enabled') };
      return presentBaseProperty(property, await setState(services, workspace, state));
    },
  }),
  operation({
    ...at('replaceBasePropertyState'),
    summary: 'Modify customer base property state',
    checks: { path: BasePropertyParameters },
    documents: { body: StateBody },
    example: { value: false },
    bodyLimit: payloadLimit,
    handle: async ({ services, access: { workspace }, path, body }) => {
      const property = requireBaseProperty(path.baseProperty);
      const state = { name: property.name, enabled: parseState(body), refuse: refuseAt('/value') };
      const changed = await setState(services, workspace, state);
      return { value: presentBaseProperty(property, changed).enabled };
    },
  }),
  operation({
    ...at('readExtendedProperties'),
    summary: 'Get customer extended properties',
    checks: { path: WorkspaceParameters },
    handle: ({ access: { workspace } }) => presentDefinitions(extendedPropertiesOf(workspace)),
  }),
  operation({
    ...at('replaceExtendedProperties'),
    summary: 'Modify customer extended properties',
    checks: { path: WorkspaceParameters },
    documents: { body: definitionsBody },
    example: {
      shoeSize: { type: 'integer', label: 'Shoe size', mergePolicy: 'OBJ_PRIORITY' },
    },
    handle: async ({ services, access, body }) => {
      requireUnlimited(access.workspace);
      const extendedProperties = parseDefinitions(body);
      const edit = ({ extendedProperties: before, ...settings }: Partial<HubSettings>) => {
        requireMarksKept(access, before, extendedProperties);
        // As of event types: without a definition any object is taken.
        return Object.keys(extendedProperties).length > 0 ? { ...settings, extendedProperties } : settings;
      };
      const changed = await changeSettings(services, access.workspace, edit);
      void services.jobs.look();
      return presentDefinitions(extendedPropertiesOf(changed));
    },
  }),
  operation({
    ...at('readCustomerProperties'),
    summary: 'Get customer properties',
    checks: { path: WorkspaceParameters, query: SchemaQuery },
    handle: ({ access: { workspace }, query, request }) => {
      const schema = customerSchemaOf(workspace);
      return query.resolveReferences
        ? resolveReferences(schema)
        : withAbsoluteReferences(schema, baseUrlOf(request));
    },
  }),
];

async function setState(
  services: Services,
  workspace: Workspace,
  state: BasePropertyState,
): Promise<Workspace> {
  requireUnlimited(workspace);
  const changed = await setBaseProperty(services, workspace, state);
  void services.jobs.look();
  return changed;
}

/** `path`: of the member of the body that says it. */
function refuseAt(path: string) {
  return ({ name, reason }: NeededProperty) =>
    invalidBody('property', [{ path, message: `${name} can not be disabled: ${reason}` }]);
}

import type { TouchpointFacts } from '../../../../core/campaign/touchpoint.ts';
import { cutText } from '../../../../core/cut-text.ts';
import { defaultNode, type Workspace } from '../../../../core/workspace/workspace.ts';
import type { Prepared } from '../../../../ingest/item.ts';
import {
  type IdentifiedPerson,
  type IdentityFault,
  identifyByFields,
} from '../../definition/identify-by-fields.ts';
import type { CreatedField } from '../../field/field.ts';
import { describeFieldType } from '../../field-type/describe-field-type.ts';
import { attributesOf } from '../events/prepare.ts';
import { invalid } from '../parse.ts';

/** What says who a person is, and the project's fields that were created beside those of its event types. */
export interface UserData {
  readonly values: Record<string, unknown>;
  readonly created: readonly CreatedField[];
}

/** @throws RequestError `invalid-request` when nobody, or more than a person, is described */
export function requirePerson(workspace: Workspace, userData: UserData, at: Date): IdentifiedPerson {
  const person = identifyByFields(workspace, 'webmarketer', userData.created, userData.values, at);
  if ('kind' in person) throw invalid(describeFault(person));
  return person;
}

function describeFault(fault: IdentityFault): string {
  switch (fault.kind) {
    case 'not-discriminant':
      return `${fault.keys.slice(0, 10).map(shorten).join(', ')} must not be present in userData: it is no identity field of the project (a discriminant user field, by its storage key)`;
    case 'invalid':
      return `${fault.key} in userData is not a valid ${fault.type}: it must be ${describeFieldType(fault.type)}`;
    case 'nobody':
      return 'userData must hold at least one identity field of the project (a discriminant user field, by its storage key)';
  }
}

const maximumShownLength = 64;

function shorten(key: string): string {
  return key.length > maximumShownLength ? `${cutText(key, maximumShownLength)}…` : key;
}

/**
 * An offline interaction as the engine takes it: a touchpoint of whom the values identify. The project's fields may have changed
 * since the call was checked.
 */
export function prepareInteraction(
  workspace: Workspace,
  { values, created }: UserData,
  touchpoint: TouchpointFacts,
): Prepared {
  const person = identifyByFields(workspace, 'webmarketer', created, values, new Date(touchpoint.at));
  if ('kind' in person) return { kind: 'dropped', reason: person.kind };
  const changes = attributesOf(person.values);
  const { discriminants: keys, contacts } = person;
  return {
    kind: 'edit',
    nodeId: defaultNode(workspace, 'webmarketer').id,
    subject: { keys, contacts, anonymous: false, expects: 'any', unitesKeys: true },
    edit: () => ({ kind: 'edited', changes }),
    touchpoint,
  };
}

import {
  type IdentifiedPerson,
  type IdentityFault,
  identifyByFields,
} from '../../../core/campaign/identify-by-fields.ts';
import type { TouchpointFacts } from '../../../core/campaign/touchpoint.ts';
import { defaultNode, type Workspace } from '../../../core/workspace/workspace.ts';
import type { Prepared, Submission } from '../../../ingest/submission.ts';
import { invalid } from '../parse.ts';
import { attributesOf } from '../prepare.ts';

/** An offline interaction as the engine takes it: a touchpoint of whom the values identify. */
export function interactionSubmission(
  userData: Record<string, unknown>,
  touchpoint: TouchpointFacts,
  rawBody: string,
  receivedAt: number,
): Submission {
  return {
    dialect: 'webmarketer',
    receivedAt,
    carriesEvents: false,
    bytes: rawBody.length,
    size: 1,
    prepare: (workspace) => [prepareInteraction(workspace, userData, touchpoint)],
    raw: () => rawBody,
    request: {},
  };
}

/** @throws RequestError `invalid-request` when nobody, or more than a person, is described */
export function requirePerson(
  workspace: Workspace,
  userData: Record<string, unknown>,
  at: Date,
): IdentifiedPerson {
  const person = identifyByFields(workspace, 'webmarketer', userData, at);
  if ('kind' in person) throw invalid(describeFault(person));
  return person;
}

function describeFault(fault: IdentityFault): string {
  switch (fault.kind) {
    case 'not-discriminant':
      return `${fault.keys.slice(0, 10).map(shorten).join(', ')} must not be present in userData: not an identity field of the project`;
    case 'invalid':
      return `${fault.key} in userData is not a valid ${fault.type}`;
    case 'nobody':
      return 'userData must hold at least one identity field of the project';
  }
}

const maximumShownLength = 64;

function shorten(key: string): string {
  return key.length > maximumShownLength ? `${key.slice(0, maximumShownLength)}…` : key;
}

/** The project's fields may have changed since the call was checked. */
function prepareInteraction(
  workspace: Workspace,
  userData: Record<string, unknown>,
  touchpoint: TouchpointFacts,
): Prepared {
  const person = identifyByFields(workspace, 'webmarketer', userData, new Date(touchpoint.at));
  if ('kind' in person) return { kind: 'dropped', reason: person.kind };
  const changes = attributesOf(person.values);
  const subject = {
    keys: person.discriminants,
    contacts: person.contacts,
    anonymous: false,
    create: true,
    unitesKeys: true,
    write: () => changes,
  };
  return {
    kind: 'command',
    nodeId: defaultNode(workspace, 'webmarketer').id,
    facets: [subject],
    touchpoint,
  };
}

import type { Static } from 'typebox';
import type { Key } from '../../../../core/identity/identity.ts';
import type { Node } from '../../../../core/node/node.ts';
import { isRecord } from '../../../../core/value/text.ts';
import { nodeIdsOf, type Workspace } from '../../../../core/workspace/workspace.ts';
import { RequestError } from '../../../../errors.ts';
import { parseJson } from '../../../../http/body.ts';
import type { ConsentFilter } from '../../../../query/consents/read-consents.ts';
import { nodesOf, requireNode } from '../../access.ts';
import { isCalendarDate, parseQueryDate } from '../../documents/dates.ts';
import { consentPaths } from '../../rules/consent-changes.ts';
import { flattenCustomer } from '../../rules/customer-attributes.ts';
import { matchingKey, matchingPolicyOf } from '../../rules/customer-keys.ts';
import { consentTypes } from './present.ts';
import type { ConsentSearchQuery } from './schemas.ts';

type ConsentSearch = Static<typeof ConsentSearchQuery>;

/** What is asked for, but for whose. @throws RequestError */
export function parseConsentSearch(
  search: ConsentSearch,
  workspace: Workspace,
): Omit<ConsentFilter, 'profileIds'> & { readonly nodes: readonly Node[] } {
  const { type, property, nodes } = search;
  const asked = nodes
    ?.split(',')
    .map((id) => id.trim())
    .filter(Boolean)
    .map((id) => requireNode(workspace, id));
  const wanted = asked ?? nodesOf(workspace);
  return {
    nodes: wanted,
    // Of customers whose node was deleted the log stays.
    nodeIds: asked?.map((node) => node.id) ?? nodeIdsOf(workspace, 'contacthub'),
    act: type === undefined ? null : (consentTypes.get(type) ?? null),
    properties: property === undefined ? null : propertiesAt(property),
    from: boundOf('startDate', search.startDate, workspace, 0),
    until: boundOf('endDate', search.endDate, workspace, 1),
  };
}

/** The properties at a path or below it, which may be written as JSON path (`$.consents…`), and without its first name. */
function propertiesAt(property: string): string[] {
  const path = property.trim().replace(/^\$\.?/, '');
  const whole =
    path === '' || path === 'consents' || path.startsWith('consents.') ? path : `consents.${path}`;
  return consentPaths.filter((known) => whole === '' || known === whole || known.startsWith(`${whole}.`));
}

/** Where a bound is: a day is one of the workspace's, and belongs to the range whole. `days`: 1 for the end. */
function boundOf(
  parameter: string,
  text: string | undefined,
  { timezone }: Workspace,
  days: 0 | 1,
): Date | null {
  if (text === undefined) return null;
  if (isCalendarDate(text)) {
    const day = Temporal.PlainDate.from(text).add({ days });
    return new Date(day.toZonedDateTime(timezone).epochMilliseconds);
  }
  const date = parseQueryDate(text);
  if (date) return new Date(date.getTime() + days);
  throw new RequestError('invalid-request', `${parameter} must be a day, as 2026-03-01, or a date-time`, {
    path: parameter,
  });
}

/**
 * The key that the unique properties make in each node; none in a node of another policy. @throws RequestError when it is no JSON
 * object, or lacks a property in every node
 */
export function parseUniqueKey(
  text: string,
  nodes: readonly Node[],
): (readonly [nodeId: number, key: Key])[] {
  const values = readValues(text);
  const keys = nodes.flatMap((node) => {
    const policy = matchingPolicyOf(node);
    const key = policy && values && matchingKey(values, policy);
    return key ? [[node.id, key] as const] : [];
  });
  if (keys.length > 0) return keys;
  throw new RequestError(
    'invalid-request',
    'uniqueKey must be a JSON object with a value of each unique property of a node',
    { path: 'uniqueKey' },
  );
}

/** By attribute path, whether they are nested or named by dotted paths. */
function readValues(text: string): Record<string, unknown> | undefined {
  const read = tryJson(text);
  return isRecord(read) ? { ...read, ...Object.fromEntries(flattenCustomer(read).given) } : undefined;
}

function tryJson(text: string): unknown {
  try {
    return parseJson(text);
  } catch {
    return undefined;
  }
}

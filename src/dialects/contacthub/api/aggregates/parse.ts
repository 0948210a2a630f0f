import type { AggregateSettings } from '../../../../core/node/node.ts';
import type { Workspace } from '../../../../core/workspace/workspace.ts';
import { RequestError } from '../../../../errors.ts';
import type { Fault } from '../../../../ingest/item.ts';
import type { Aggregate } from '../../aggregate/aggregate.ts';
import type { AggregateChanges, AggregateForm } from '../../aggregate/change-aggregate.ts';
import { maximumFilters, parseExclusionFilter } from '../../aggregate/exclusion-filter.ts';
import { compileLazily } from '../../documents/compile.ts';
import { canonicalJson } from '../../rules/canonical-json.ts';
import { attributePath } from '../../rules/customer-keys.ts';
import { shapeOf } from '../../rules/customer-shape.ts';
import { isHidden } from '../../rules/hidden-properties.ts';
import { checkBody, invalidBody } from '../body.ts';
import { createSchema, replaceSchema, stateSchema } from './schemas.ts';

/** More than these no rule has; each is part of a key. */
const maximumProperties = 20;
/** Of one aggregate (ours). */
const maximumEntryNodes = 100;

/** As its schema has let it pass. */
interface AggregateBody {
  readonly name?: string;
  readonly description?: string | null;
  readonly imageUrl?: string | null;
  readonly entryNodes?: readonly string[];
  readonly matchingProperties?: {
    readonly properties?: readonly string[];
    readonly caseSensitive?: boolean;
  } | null;
  readonly exclusionFilters?: readonly Record<string, unknown>[] | null;
  readonly id?: string;
  readonly state?: AggregateSettings['state'];
}

const bodies = {
  create: compileLazily(createSchema),
  replace: compileLazily(replaceSchema),
  state: compileLazily(stateSchema),
} as const;

/** In the words of the vendor's other resources. @throws RequestError `invalid-request` with the first thing that is wrong */
const readBody = (kind: keyof typeof bodies, body: unknown) =>
  checkBody<AggregateBody>('node', bodies[kind], body);

/** A new aggregate, but for whether its entry nodes are there. @throws RequestError */
export function parseAggregate(sent: unknown, workspace: Workspace): AggregateForm {
  const body = readBody('create', sent);
  const { name = '', description = null, imageUrl = null, entryNodes = [], exclusionFilters = null } = body;
  const ids = distinctIds(entryNodes);
  if (ids.length === 0) throw invalidAggregate([{ path: '/entryNodes', message: 'must not be empty' }]);
  if (ids.length > maximumEntryNodes)
    throw invalidAggregate([{ path: '/entryNodes', message: `must not be more than ${maximumEntryNodes}` }]);
  const matching = matchingOf(body);
  checkMatching(matching, workspace);
  checkFilters(exclusionFilters, workspace);
  return {
    name,
    description,
    imageUrl,
    entryNodes: ids,
    matching,
    exclusionFilters: exclusionFilters && [...exclusionFilters],
  };
}

/**
 * What is to be changed of an aggregate: what is left out stays. "The properties entryNodes and matchingProperties cannot be changed", but
 * may be repeated, and so may the id. @throws RequestError
 */
export function parseAggregateChanges(
  sent: unknown,
  { node, settings }: Aggregate,
  workspace: Workspace,
): Omit<AggregateChanges, 'isActivated'> & { readonly state: AggregateBody['state'] } {
  const body = readBody('replace', sent);
  const { name, description, imageUrl, exclusionFilters, state } = body;
  const kept: readonly (readonly [path: string, given: unknown, is: unknown])[] = [
    ['/id', body.id?.toLowerCase(), node.publicId],
    ['/entryNodes', body.entryNodes && distinctIds(body.entryNodes).sort(), settings.entryNodes.toSorted()],
    [
      '/matchingProperties',
      body.matchingProperties === undefined ? undefined : matchingOf(body),
      settings.matching,
    ],
  ];
  const changed = kept.find(
    ([, given, is]) => given !== undefined && canonicalJson(given) !== canonicalJson(is),
  );
  if (changed) throw invalidAggregate([{ path: changed[0], message: 'is immutable' }]);
  checkFilters(exclusionFilters ?? null, workspace);
  const filters = exclusionFilters && [...exclusionFilters];
  return { name, description, imageUrl, exclusionFilters: filters, state };
}

/** The state that is asked for. @throws RequestError */
export function parseState(sent: unknown): AggregateSettings['state'] {
  const { state } = readBody('state', sent);
  if (!state) throw invalidAggregate([{ path: '/state', message: 'is required' }]);
  return state;
}

/**
 * Whether the state that is asked for is that of an aggregate whose customers are made: "the only supported transition is from NEW to
 * ACTIVE". The state that it has may be repeated. @throws RequestError
 */
export function checkTransition(from: AggregateSettings['state'], to: AggregateSettings['state']): boolean {
  if (to === 'ACTIVE' && from === 'NEW') return true;
  // One that is being made becomes active by itself.
  if (to === from || (to === 'ACTIVE' && from === 'LOCKED')) return false;
  const message = `can't change from ${from} to ${to}: the only supported transition is from NEW to ACTIVE`;
  throw invalidAggregate([{ path: '/state', message }]);
}

function distinctIds(ids: readonly string[]): string[] {
  return [...new Set(ids.map((id) => id.toLowerCase()))];
}

function matchingOf({ matchingProperties }: AggregateBody): AggregateSettings['matching'] {
  const { properties = [], caseSensitive = false } = matchingProperties ?? {};
  return { properties: [...new Set(properties)], caseSensitive };
}

function checkMatching({ properties }: AggregateSettings['matching'], workspace: Workspace): void {
  const path = '/matchingProperties/properties';
  if (properties.length > maximumProperties)
    throw invalidAggregate([{ path, message: `must not be more than ${maximumProperties}` }]);
  const isMatchable = (path: string) => shapeOf(path) === 'value' && !isHidden(path, workspace);
  const index = properties.findIndex((name) => !isMatchable(attributePath(name)));
  if (index >= 0) {
    const message =
      'is no property with one value, or disabled; give paths such as base.contacts.email or externalId';
    throw invalidAggregate([{ path: `${path}/${index}`, message }]);
  }
}

function checkFilters(filters: AggregateBody['exclusionFilters'], workspace: Workspace): void {
  if (filters && filters.length > maximumFilters)
    throw invalidAggregate([
      { path: '/exclusionFilters', message: `must not be more than ${maximumFilters}` },
    ]);
  for (const [index, filter] of filters?.entries() ?? []) {
    try {
      parseExclusionFilter(filter, workspace);
    } catch (error) {
      if (!(error instanceof RequestError)) throw error;
      throw invalidAggregate([{ path: `/exclusionFilters/${index}`, message: error.message }]);
    }
  }
}

export function invalidAggregate(items: readonly Fault[]): RequestError {
  return invalidBody('node', items);
}

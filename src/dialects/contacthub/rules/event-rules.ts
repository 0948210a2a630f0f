import { isRecord } from '../../../core/value/text.ts';
import type { Settings, Workspace } from '../../../core/workspace/workspace.ts';
import { NO_ERRORS } from '../documents/compile.ts';
import type { EventTypeName } from '../documents/enums.ts';
import { eventTypes } from '../documents/event-types.ts';
import { describeExtendedSchema, type ExtendedDefinitions } from '../documents/extended.ts';
import type { JsonSchema } from '../documents/json-schema.ts';
import { payloadLimit } from '../documents/payload-limit.ts';
import { productPlaceOf } from '../documents/product-events.ts';
import { type SchemaError, validateExtended } from '../documents/validate.ts';
import type { PropertyDefinitions } from '../settings/property-definitions.ts';
import { readHubSettings } from '../settings.ts';
import { consentAttributeOf } from './event-consents.ts';
import { indexedPaths } from './extended-properties.ts';
import type { MergeRule } from './merge-policies.ts';
import { enabledOf, mergeRulesOf } from './property-rules.ts';

/** What a workspace asks of the events of a type. */
export interface EventRules {
  readonly isEnabled: boolean;
  /** What their `extended` may hold; undefined: anything. */
  readonly extended: ExtendedDefinitions | undefined;
  /** Likewise that of each product in their list. */
  readonly ofProducts: ExtendedDefinitions | undefined;
  /** Paths of the numbers and texts among these that are marked as indexed, as conditions name them. */
  readonly indexed: ReadonlySet<string>;
  /** What PATCH makes of a value of `extended` that is there and the given one, by name. */
  readonly mergeRules: ReadonlyMap<string, MergeRule>;
  /** Attributes of the customer that have to be true, else the event is not stored. */
  readonly consents: readonly string[];
  /** Of an event as JSON. */
  readonly maximumBytes: number;
  /** Whether they update the registry of products. */
  readonly updatesProducts: boolean;
}

const usual: EventRules = {
  isEnabled: true,
  extended: undefined,
  ofProducts: undefined,
  indexed: new Set(),
  mergeRules: new Map(),
  consents: [],
  maximumBytes: payloadLimit,
  updatesProducts: false,
};

const known = new WeakMap<Settings, Map<EventTypeName, EventRules>>();

/** Made once for as long as the configuration is. */
export function eventRulesOf({ settings }: Pick<Workspace, 'settings'>, type: EventTypeName): EventRules {
  const own = settings.dialects.contacthub;
  if (!own) return usual;
  return known
    .getOrInsertComputed(own, () => new Map<EventTypeName, EventRules>())
    .getOrInsertComputed(type, () => rulesOf(own, type));
}

function rulesOf(stored: Settings, type: EventTypeName): EventRules {
  const { events, products } = readHubSettings(stored);
  const { enabled = true, extended, consents = [], maxBytes = payloadLimit } = events?.[type] ?? {};
  const place = productPlaceOf(type);
  const own = place === 'properties' ? both(products?.extended, extended) : extended;
  const ofProducts = place === 'list' ? products?.extended : undefined;
  return {
    isEnabled: enabled,
    extended: own && enabledOf(own),
    ofProducts: ofProducts && enabledOf(ofProducts),
    indexed: new Set([
      ...indexedPaths(enabledOf(own ?? {}), 'properties.extended'),
      ...indexedPaths(enabledOf(ofProducts ?? {}), 'properties.products.extended'),
    ]),
    mergeRules: mergeRulesOf(extended ?? {}),
    consents: consents.flatMap((path) => consentAttributeOf(path) ?? []),
    maximumBytes: maxBytes,
    updatesProducts: products?.updatedBy?.some((name) => name === type) ?? false,
  };
}

/** An event that is one product has that one's properties, too; of two with one name the event's counts. */
function both(
  product: PropertyDefinitions | undefined,
  event: PropertyDefinitions | undefined,
): PropertyDefinitions | undefined {
  return product || event ? { ...product, ...event } : undefined;
}

/** What the workspace's own schemas find wrong with the properties of an event that the vendor's have passed. */
export function validateExtensions(
  { extended, ofProducts }: EventRules,
  properties: Readonly<Record<string, unknown>>,
): readonly SchemaError[] {
  const errors = validateGiven(extended, properties.extended, '/properties/extended');
  const { products } = properties;
  if (errors.length > 0 || !ofProducts || !Array.isArray(products)) return errors;
  for (const [index, product] of products.entries()) {
    if (!isRecord(product)) continue;
    const found = validateGiven(ofProducts, product.extended, `/properties/products/${index}/extended`);
    if (found.length > 0) return found;
  }
  return NO_ERRORS;
}

function validateGiven(
  definitions: ExtendedDefinitions | undefined,
  given: unknown,
  path: string,
): readonly SchemaError[] {
  if (!definitions || given === undefined || given === null) return NO_ERRORS;
  return validateExtended(definitions, given, path);
}

/** The schema of the properties of a type's events, with the workspace's own properties in it; references are left in it. */
export function propertiesSchemaOf(workspace: Workspace, type: EventTypeName): JsonSchema {
  const schema = eventTypes.get(type)?.propertiesSchema ?? {};
  const { extended, ofProducts } = eventRulesOf(workspace, type);
  const withOwn = extended ? withProperty(schema, 'extended', describeExtendedSchema(extended)) : schema;
  const products = withOwn.properties?.products;
  if (!ofProducts || !products?.items) return withOwn;
  const items = withProperty(products.items, 'extended', describeExtendedSchema(ofProducts));
  return withProperty(withOwn, 'products', { ...products, items });
}

function withProperty(schema: JsonSchema, name: string, property: JsonSchema): JsonSchema {
  return { ...schema, properties: { ...schema.properties, [name]: property } };
}

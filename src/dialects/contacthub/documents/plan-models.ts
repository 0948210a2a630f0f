import type { EventTypeName } from './enums.ts';
import { eventTypes } from './event-types.ts';
import type { JsonSchema } from './json-schema.ts';
import { resolveReferences } from './references.ts';

/** The vendor's models of what is exported to its planning tool, in the order of its page. */
export const PLAN_MODEL_NAMES = [
  'ABANDONED_CART',
  'ATTENDANCE_EVENT',
  'COUPON',
  'ORDER',
  'ORDER_LINE',
  'PRODUCT_INTERACTION',
  'SERVICE_SUBSCRIBED',
  'SERVICE_UNSUBSCRIBED',
  'WEB_BROWSING_EVENT',
] as const;

export type PlanModelName = (typeof PLAN_MODEL_NAMES)[number];

export function isPlanModelName(name: string): name is PlanModelName {
  return PLAN_MODEL_NAMES.some((known) => known === name);
}

/**
 * The events that each model is made of: inferred from its name, and from the vendor's list of what it exports. `products`: a row is one
 * product of such an event, else the event.
 */
const SOURCES: Readonly<
  Record<PlanModelName, { readonly types: readonly EventTypeName[]; readonly products?: true }>
> = {
  ABANDONED_CART: { types: ['abandonedCart'] },
  ATTENDANCE_EVENT: {
    types: [
      'eventInvited',
      'eventNotInvited',
      'eventEligible',
      'eventConfirmed',
      'eventDeclined',
      'eventRegistered',
      'eventParticipated',
      'eventNoShow',
    ],
  },
  COUPON: { types: ['grantedCoupon'] },
  ORDER: { types: ['completedOrder'] },
  ORDER_LINE: { types: ['completedOrder'], products: true },
  PRODUCT_INTERACTION: {
    types: [
      'addedCompare',
      'addedProduct',
      'addedWishlist',
      'removedCompare',
      'removedProduct',
      'removedWishlist',
      'viewedProduct',
      'viewedProductCategory',
      'reviewedProduct',
    ],
  },
  SERVICE_SUBSCRIBED: { types: ['serviceSubscribed'] },
  SERVICE_UNSUBSCRIBED: { types: ['serviceUnsubscribed'] },
  WEB_BROWSING_EVENT: { types: ['viewedPage', 'clickedLink', 'loggedIn', 'loggedOut', 'searched'] },
};

/** A column of a model. `path`: of the event's value that it holds; null of one that the workspace's own properties can be put into. */
export interface PlanColumn {
  readonly name: string;
  readonly type: 'string' | 'number' | 'integer' | 'boolean' | 'date';
  readonly path: string | null;
}

/** "Ten text and five data classifications" can be brought over (the vendor's guide); so many free columns each model has: inferred. */
const FREE_COLUMNS: readonly PlanColumn[] = [...freeColumns('string', 10), ...freeColumns('date', 5)];

function freeColumns(type: 'string' | 'date', count: number): PlanColumn[] {
  return Array.from({ length: count }, (_, index) => ({
    name: `custom_${type}_${index + 1}`,
    type,
    path: null,
  }));
}

export function planSourcesOf(model: PlanModelName) {
  const { types, products = false } = SOURCES[model];
  return { types, ofProducts: products };
}

/** The columns of a model: a value of the events each, then those that are free. */
export function planColumnsOf(model: PlanModelName): PlanColumn[] {
  const { types, ofProducts } = planSourcesOf(model);
  const columns = types.flatMap((type) => {
    const schema = resolveReferences(eventTypes.get(type)?.propertiesSchema ?? {});
    return ofProducts
      ? columnsOf(schema.properties?.products?.items ?? {}, ['properties', 'products'], [])
      : columnsOf(schema, ['properties'], []);
  });
  return [...new Map(columns.map((column) => [column.name, column])).values(), ...FREE_COLUMNS];
}

/** Single values alone, those inside of objects too: a list has no column. */
function columnsOf(schema: JsonSchema, path: readonly string[], names: readonly string[]): PlanColumn[] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, property]): PlanColumn[] => {
    const types = [property.type].flat();
    const place = [...path, name];
    const called = [...names, name];
    if (types.includes('object')) return columnsOf(property, place, called);
    const type = columnTypeOf(types, property.format);
    return type ? [{ name: called.join('.'), type, path: place.join('.') }] : [];
  });
}

function columnTypeOf(types: readonly unknown[], format: string | undefined): PlanColumn['type'] | undefined {
  if (types.includes('string')) return format === 'date-time' || format === 'date' ? 'date' : 'string';
  if (types.includes('number')) return 'number';
  if (types.includes('integer')) return 'integer';
  return types.includes('boolean') ? 'boolean' : undefined;
}

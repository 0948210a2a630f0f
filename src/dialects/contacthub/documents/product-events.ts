import type { EventTypeName } from './enums.ts';
import { productProperties } from './event-shapes.ts';

/** The types whose events name products that a registry can be kept from (ProductAwareEventType), in the order of the vendor's page. */
export const PRODUCT_EVENT_TYPES = [
  'completedOrder',
  'abandonedCart',
  'addedCompare',
  'addedProduct',
  'addedWishlist',
  'removedCompare',
  'removedProduct',
  'removedWishlist',
  'viewedProduct',
  'reviewedProduct',
] as const satisfies EventTypeName[];

export type ProductEventTypeName = (typeof PRODUCT_EVENT_TYPES)[number];

/** Their products stand in a list, each with extended properties of its own; the properties of any other of these types are one product. */
const LISTING_TYPES: ReadonlySet<EventTypeName> = new Set(['completedOrder', 'abandonedCart']);

/** Where the products of a type's events stand; undefined: they name none. */
export function productPlaceOf(type: EventTypeName): 'list' | 'properties' | undefined {
  if (LISTING_TYPES.has(type)) return 'list';
  return PRODUCT_EVENT_TYPES.some((name) => name === type) ? 'properties' : undefined;
}

/** What is said of a product itself, and not of how it was looked at or bought. */
export const PRODUCT_MEMBERS: readonly string[] = [...Object.keys(productProperties), 'unitOfMeasure'];

import { isRecord } from '../../../core/value/text.ts';
import type { EventTypeName } from '../documents/enums.ts';
import { PRODUCT_MEMBERS, productPlaceOf } from '../documents/product-events.ts';

/** What an event says of a product. */
export interface SaidProduct {
  readonly id: string;
  /** What it is, by the vendor's names. */
  readonly members: Readonly<Record<string, unknown>>;
  readonly extended: Readonly<Record<string, unknown>>;
}

/** Longer ids are no product's: a key of the database has to hold them. */
const longestId = 255;

/**
 * The products that an event names by their ids, in its order. `own`: names of the extended properties that products have. Others are an
 * event's own; without a schema their names are anybody's, and a product would grow without end.
 */
export function productsOfEvent(
  type: EventTypeName,
  properties: Readonly<Record<string, unknown>>,
  own: ReadonlySet<string>,
): SaidProduct[] {
  if (productPlaceOf(type) === 'properties') return productOf(properties, own);
  const { products } = properties;
  return Array.isArray(products) ? products.flatMap((product) => productOf(product, own)) : [];
}

function productOf(said: unknown, own: ReadonlySet<string>): SaidProduct[] {
  if (!isRecord(said)) return [];
  const { id, extended } = said;
  if (typeof id !== 'string' || id === '' || id.length > longestId) return [];
  const members = pick(said, (name) => PRODUCT_MEMBERS.includes(name));
  return [{ id, members, extended: isRecord(extended) ? pick(extended, (name) => own.has(name)) : {} }];
}

function pick(
  from: Readonly<Record<string, unknown>>,
  isWanted: (name: string) => boolean,
): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(from).filter(([name, value]) => value !== undefined && isWanted(name)),
  );
}

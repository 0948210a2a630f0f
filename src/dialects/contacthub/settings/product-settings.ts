import Type, { type Static } from 'typebox';
import { PRODUCT_EVENT_TYPES, type ProductEventTypeName } from '../documents/product-events.ts';
import { PropertyDefinitions } from './property-definitions.ts';

/** What a workspace sets of the products that its events name. */
export const ProductSettings = Type.Object(
  {
    /** Absent: any object is taken. */
    extended: Type.Optional(PropertyDefinitions),
    updatedBy: Type.Optional(
      Type.Array(Type.Unsafe<ProductEventTypeName>({ type: 'string', enum: [...PRODUCT_EVENT_TYPES] }), {
        maxItems: PRODUCT_EVENT_TYPES.length,
        uniqueItems: true,
        description: 'Types whose events update the registry of products; none if left out.',
      }),
    ),
  },
  { additionalProperties: false },
);

export type ProductSettings = Static<typeof ProductSettings>;

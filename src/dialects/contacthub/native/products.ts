import Type from 'typebox';
import { sendJson } from '../../../http/json-text.ts';
import { type Operation, operation } from '../../../http/operation.ts';
import { inWorkspace } from '../../../native/guards.ts';
import { noSuch } from '../../../native/refusals.ts';
import { errors, nullable, openObject, Time, WorkspaceParameters } from '../../../native/schemas/common.ts';
import type { NativeServices } from '../../../native/services.ts';
import { listProducts, readProduct, type StoredProduct } from '../product/product-store.ts';

const path = '/workspaces/:workspace/contacthub/products';
const ProductId = Type.String({ minLength: 1, maxLength: 255, description: "The client's own id of it." });

const Product = Type.Object({
  id: ProductId,
  properties: openObject('What events said of it last, by the names of Contacthub.'),
  extended: openObject("Likewise of the workspace's own properties."),
  createdAt: Time,
  updatedAt: Time,
});

const ProductsQuery = Type.Object(
  {
    after: Type.Optional(Type.String({ maxLength: 255, description: "A page's `next`." })),
    limit: Type.Integer({ minimum: 1, maximum: 1000, default: 100 }),
  },
  { additionalProperties: false },
);

/** The registry of products, which the vendor's API lets nobody read. */
export const productOperations: readonly Operation<NativeServices>[] = [
  operation({
    method: 'GET',
    path,
    summary: 'List the products that events have named, in the order of their ids',
    guard: inWorkspace,
    checks: { path: WorkspaceParameters, query: ProductsQuery },
    replies: {
      200: Type.Object({ products: Type.Array(Product), next: nullable(ProductId) }),
      ...errors(404),
    },
    handle: async ({ services, access: { workspace }, query: { after = '', limit }, reply }) => {
      const found = await listProducts(services.database, workspace.id, after, limit + 1);
      const page = found.slice(0, limit);
      const next = found.length > limit ? (page.at(-1)?.id ?? null) : null;
      return sendJson(
        reply,
        `{"products":[${page.map(writeProduct).join(',')}],"next":${JSON.stringify(next)}}`,
      );
    },
  }),
  operation({
    method: 'GET',
    path: `${path}/:productId`,
    summary: 'Get a product that events have named',
    guard: inWorkspace,
    checks: { path: Type.Object({ ...WorkspaceParameters.properties, productId: ProductId }) },
    replies: { 200: Product, ...errors(404) },
    handle: async ({ services, access: { workspace }, path: { productId }, reply }) => {
      const product = await readProduct(services.database, workspace.id, productId);
      if (!product)
        throw noSuch(
          'params/productId',
          'No event of a type that updates products has named one of this id.',
        );
      return sendJson(reply, writeProduct(product));
    },
  }),
];

function writeProduct({ id, members, extended, createdAt, updatedAt }: StoredProduct): string {
  const times = `"createdAt":"${createdAt.toISOString()}","updatedAt":"${updatedAt.toISOString()}"`;
  return `{"id":${JSON.stringify(id)},"properties":${members},"extended":${extended},${times}}`;
}

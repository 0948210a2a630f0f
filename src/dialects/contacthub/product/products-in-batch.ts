import type {
  Batch,
  BatchProjection,
  InBatchProjection,
  TakenEvent,
} from '../../../projections/projection.ts';
import type { Queryable } from '../../../store/queryable.ts';
import { isEventTypeName } from '../documents/enums.ts';
import { ProductChanges } from './product-changes.ts';

/**
 * The registry of products, kept up in the transaction of the batch that stores the events. It can't be made anew: what an event has said of
 * a product outlives the event.
 */
export const productsInBatch: InBatchProjection = {
  name: 'products',
  begin: (batch) => new ProductsOfBatch(batch),
};

class ProductsOfBatch implements BatchProjection {
  readonly #batch: Batch;
  readonly #changes: ProductChanges;

  constructor(batch: Batch) {
    this.#batch = batch;
    this.#changes = new ProductChanges(batch.workspace);
  }

  took({ type, properties, seq }: TakenEvent): void {
    if (isEventTypeName(type)) this.#changes.take(type, properties, seq);
  }

  write(tx: Queryable): Promise<unknown>[] {
    return this.#changes.readsKnown ? [] : [this.#write(tx)];
  }

  async settle(tx: Queryable): Promise<void> {
    if (this.#changes.readsKnown) await this.#write(tx);
  }

  remember(): void {
    // Nothing is noted of products.
  }

  #write(tx: Queryable): Promise<void> {
    return this.#changes.write(tx, new Date(this.#batch.now));
  }
}

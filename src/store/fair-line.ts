import type { Asker } from './asker.ts';
import { CallerGoneError, TooManyQuestionsError } from './database-error.ts';

export interface FairLineSettings {
  readonly places: number;
  /** Fewer than `places`, or nobody else is served while one tenant's questions take their time. */
  readonly placesPerTenant: number;
  readonly waitMilliseconds: number;
  /** More than that are refused at once. */
  readonly waitingPerTenant: number;
}

interface Waiter {
  readonly number: number;
  readonly enter: () => void;
}

interface Tenant {
  inside: number;
  readonly waiting: Set<Waiter>;
}

/**
 * A line before a few places, in which no tenant stands in another's way: each has a few places at most, and a place that becomes
 * free goes to the tenant that has the fewest, among those to who has waited longest.
 */
export class FairLine {
  readonly #settings: FairLineSettings;
  readonly #tenants = new Map<number | undefined, Tenant>();
  #inside = 0;
  #numbers = 0;

  constructor(settings: FairLineSettings) {
    this.#settings = settings;
  }

  /**
   * Resolves when there is a place; what it answers gives the place back, once.
   * @throws TooManyQuestionsError, CallerGoneError
   */
  async enter(tenantId: number | undefined, asker?: Asker): Promise<() => void> {
    if (asker?.isGone()) throw new CallerGoneError();
    const tenant = this.#tenants.getOrInsertComputed(tenantId, () => ({ inside: 0, waiting: new Set() }));
    if (tenant.waiting.size === 0 && this.#hasPlaceFor(tenant)) this.#take(tenant);
    else await this.#wait(tenant, asker).finally(() => this.#forgetIdle(tenantId, tenant));
    return () => this.#leave(tenantId, tenant);
  }

  #hasPlaceFor(tenant: Tenant): boolean {
    return this.#inside < this.#settings.places && tenant.inside < this.#settings.placesPerTenant;
  }

  #take(tenant: Tenant): void {
    this.#inside++;
    tenant.inside++;
  }

  async #wait(tenant: Tenant, asker: Asker | undefined): Promise<void> {
    const { placesPerTenant, waitMilliseconds, waitingPerTenant } = this.#settings;
    if (tenant.waiting.size >= waitingPerTenant) throw new TooManyQuestionsError(placesPerTenant);
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const waiter = { number: this.#numbers++, enter: resolve };
    tenant.waiting.add(waiter);
    const giveUp = (error: Error) => {
      if (tenant.waiting.delete(waiter)) reject(error);
    };
    const timer = setTimeout(() => giveUp(new TooManyQuestionsError(placesPerTenant)), waitMilliseconds);
    const stopListening = asker?.onGone(() => giveUp(new CallerGoneError()));
    try {
      await promise;
    } finally {
      clearTimeout(timer);
      stopListening?.();
    }
  }

  #leave(tenantId: number | undefined, tenant: Tenant): void {
    this.#inside--;
    tenant.inside--;
    this.#serveNext();
    this.#forgetIdle(tenantId, tenant);
  }

  #forgetIdle(tenantId: number | undefined, tenant: Tenant): void {
    if (tenant.inside === 0 && tenant.waiting.size === 0) this.#tenants.delete(tenantId);
  }

  #serveNext(): void {
    let next: { tenant: Tenant; waiter: Waiter } | undefined;
    for (const tenant of this.#tenants.values()) {
      const [waiter] = tenant.waiting;
      if (!waiter || !this.#hasPlaceFor(tenant)) continue;
      const isBetter =
        !next ||
        tenant.inside < next.tenant.inside ||
        (tenant.inside === next.tenant.inside && waiter.number < next.waiter.number);
      if (isBetter) next = { tenant, waiter };
    }
    if (!next) return;
    next.tenant.waiting.delete(next.waiter);
    this.#take(next.tenant);
    next.waiter.enter();
  }
}

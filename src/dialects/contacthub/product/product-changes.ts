import type { Workspace } from '../../../core/workspace/workspace.ts';
import type { Queryable } from '../../../store/queryable.ts';
import type { EventTypeName } from '../documents/enums.ts';
import type { ExtendedDefinitions } from '../documents/extended.ts';
import { payloadLimit } from '../documents/payload-limit.ts';
import { validateExtended } from '../documents/validate.ts';
import { canonicalJson } from '../rules/canonical-json.ts';
import { eventRulesOf } from '../rules/event-rules.ts';
import { type MergeRule, mergeValues } from '../rules/merge-policies.ts';
import { mergeRulesOf } from '../rules/property-rules.ts';
import { readHubSettings } from '../settings.ts';
import { type ProductRow, readExtended, upsertProducts } from './product-store.ts';
import { productsOfEvent, type SaidProduct } from './products-of-event.ts';

/**
 * What events say of products, in their order, and what it comes to together with what is known: of each member what was said last; of an
 * extended property with a merge policy what that makes of what was said before and now.
 */
export class ProductChanges {
  readonly #workspace: Workspace;
  readonly #definitions: ExtendedDefinitions;
  readonly #own: ReadonlySet<string>;
  readonly #rules: ReadonlyMap<string, MergeRule>;
  readonly #said = new Map<string, SaidProduct[]>();

  constructor(workspace: Workspace) {
    const { extended = {} } = readHubSettings(workspace.settings.dialects.contacthub).products ?? {};
    this.#workspace = workspace;
    this.#definitions = eventRulesOf(workspace, 'completedOrder').ofProducts ?? {};
    this.#own = new Set(Object.keys(extended));
    this.#rules = mergeRulesOf(extended);
  }

  take(type: EventTypeName, properties: Properties): void {
    for (const product of productsOfEvent(type, properties, this.#own)) this.#say(product);
  }

  /**
   * What an event that is written anew says otherwise than before. What it only says again, others may have said otherwise since; and
   * what a policy has made of it once it is not to make of it twice.
   */
  takeChange(type: EventTypeName, before: Properties, after: Properties): void {
    const known = new Map(productsOfEvent(type, before, this.#own).map((product) => [product.id, product]));
    for (const product of productsOfEvent(type, after, this.#own)) {
      const old = known.get(product.id);
      const members = changedOf(old?.members, product.members);
      const extended = changedOf(old?.extended, product.extended, old && this.#rules);
      if (Object.keys({ ...members, ...extended }).length > 0) this.#say({ ...product, members, extended });
    }
  }

  #say(product: SaidProduct): void {
    const before = this.#said.get(product.id);
    if (before) before.push(product);
    else this.#said.set(product.id, [product]);
  }

  /** True: what is known has to be read first. */
  get mergesKnown(): boolean {
    return this.#rules.size > 0;
  }

  /** Two statements at most, however many products there are. Under the head lock. */
  async write(tx: Queryable, now: Date): Promise<void> {
    if (this.#said.size === 0) return;
    const { id: workspaceId } = this.#workspace;
    const known = this.mergesKnown ? await readExtended(tx, workspaceId, [...this.#said.keys()]) : undefined;
    const rows = [...this.#said].map(([id, said]) => this.#fold(id, said, known?.get(id)));
    await upsertProducts(tx, workspaceId, rows, now);
  }

  #fold(id: string, said: readonly SaidProduct[], known: SaidProduct['extended'] = {}): ProductRow {
    const members = Object.assign({}, ...said.map((product) => product.members));
    const extended = new Map<string, unknown>();
    for (const product of said)
      for (const [name, value] of Object.entries(product.extended)) {
        const before = extended.has(name) ? extended.get(name) : known[name];
        extended.set(name, this.#merge(name, before ?? null, value));
      }
    return { id, members, extended: Object.fromEntries(extended) };
  }

  /** What would be none of its definition any more, or endless, is left as it was. */
  #merge(name: string, before: unknown, value: unknown): unknown {
    const rule = this.#rules.get(name);
    if (!rule || before === null || value === null) return value;
    const merged = mergeValues(rule, [before, value]);
    const isTooLong = JSON.stringify(merged).length > payloadLimit;
    return isTooLong || validateExtended(this.#definitions, { [name]: merged }, '').length > 0
      ? before
      : merged;
  }
}

type Properties = Readonly<Record<string, unknown>>;

/** What differs, but for what is `left` out. */
function changedOf(
  before: Properties = {},
  after: Properties,
  left?: ReadonlyMap<string, unknown>,
): Properties {
  return Object.fromEntries(
    Object.entries(after).filter(
      ([name, value]) => !left?.has(name) && canonicalJson(value) !== canonicalJson(before[name]),
    ),
  );
}

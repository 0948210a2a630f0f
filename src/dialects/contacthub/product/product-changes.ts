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
import { type KnownProduct, type ProductRow, readKnown, upsertProducts } from './product-store.ts';
import { productsOfEvent, type SaidProduct } from './products-of-event.ts';

/**
 * What events say of products, in their order, and what it comes to together with what is known: of each member what was said last; of an
 * extended property with a merge policy what that makes of what was said before and now.
 */
export class ProductChanges {
  readonly #workspace: Workspace;
  readonly #isPast: boolean;
  readonly #definitions: ExtendedDefinitions;
  readonly #own: ReadonlySet<string>;
  readonly #rules: ReadonlyMap<string, MergeRule>;
  readonly #said = new Map<string, Saying[]>();

  /** `isPast`: the events were stored before others that may have said something of the same products. */
  constructor(workspace: Workspace, { isPast = false } = {}) {
    const { extended = {} } = readHubSettings(workspace.settings.dialects.contacthub).products ?? {};
    this.#workspace = workspace;
    this.#isPast = isPast;
    this.#definitions = eventRulesOf(workspace, 'completedOrder').ofProducts ?? {};
    this.#own = new Set(Object.keys(extended));
    this.#rules = mergeRulesOf(extended);
  }

  /** In the order of their seqs. */
  take(type: EventTypeName, properties: Properties, seq: number): void {
    for (const product of productsOfEvent(type, properties, this.#own)) this.#say({ ...product, seq });
  }

  /**
   * What an event that is written anew says otherwise than before. What it only says again, others may have said otherwise since; and
   * what a policy has made of it once it is not to make of it twice. `seq`: of the change. `isAwaited`: the event itself is still to be
   * taken, as it is by then, and has policies make of it what it says.
   */
  takeChange(
    type: EventTypeName,
    { before, after }: { readonly before: Properties; readonly after: Properties },
    seq: number,
    isAwaited: boolean,
  ): void {
    const known = new Map(productsOfEvent(type, before, this.#own).map((product) => [product.id, product]));
    for (const product of productsOfEvent(type, after, this.#own)) {
      const old = known.get(product.id);
      const members = changedOf(old?.members, product.members);
      const extended = changedOf(old?.extended, product.extended, old || isAwaited ? this.#rules : undefined);
      if (Object.keys({ ...members, ...extended }).length > 0)
        this.#say({ ...product, members, extended, seq });
    }
  }

  #say(saying: Saying): void {
    this.#said.getOrInsertComputed(saying.id, () => []).push(saying);
  }

  /** True: policies make something of what is said, so that it matters how often that is told. */
  get hasRules(): boolean {
    return this.#rules.size > 0;
  }

  /** True: what is known has to be read first. */
  get readsKnown(): boolean {
    return this.#isPast || this.hasRules;
  }

  /** Two statements at most, however many products there are. Under the head lock. */
  async write(tx: Queryable, now: Date): Promise<void> {
    if (this.#said.size === 0) return;
    const { id: workspaceId } = this.#workspace;
    const known = this.readsKnown ? await readKnown(tx, workspaceId, [...this.#said.keys()]) : undefined;
    const rows = [...this.#said].map(([id, said]) => this.#fold(id, said, known?.get(id)));
    await upsertProducts(tx, workspaceId, rows, now);
  }

  #fold(id: string, said: readonly Saying[], known: KnownProduct = unknown): ProductRow {
    const members: Record<string, unknown> = {};
    const extended = new Map<string, unknown>();
    const saidAt: Record<string, number> = {};
    for (const saying of said) {
      for (const [name, value] of Object.entries(saying.members)) {
        if (Object.hasOwn(known.members, name) && this.#isOlder(saying, known, name)) continue;
        members[name] = value;
        saidAt[name] = saying.seq;
      }
      for (const [name, value] of Object.entries(saying.extended)) {
        const before = extended.has(name) ? extended.get(name) : known.extended[name];
        const place = `extended.${name}`;
        const isOlder = Object.hasOwn(known.extended, name) && this.#isOlder(saying, known, place);
        if (!isOlder) saidAt[place] = saying.seq;
        const merged = this.#merge(name, isOlder ? [value, before] : [before, value]);
        if (merged !== undefined) extended.set(name, merged);
      }
    }
    return { id, members, extended: Object.fromEntries(extended), saidAt };
  }

  /** Whether others have said of the member since what it is; an older version has not written down when. */
  #isOlder({ seq }: Saying, { saidAt }: KnownProduct, member: string): boolean {
    return this.#isPast && (saidAt[member] ?? Number.POSITIVE_INFINITY) > seq;
  }

  /** Of two values, the older first. What would be none of its definition any more, or endless, is left as it was, which is undefined. */
  #merge(name: string, [older, newer]: readonly [older: unknown, newer: unknown]): unknown {
    const rule = this.#rules.get(name);
    if (!rule || (older ?? null) === null || newer === null) return newer;
    const merged = mergeValues(rule, [older, newer]);
    const isTooLong = JSON.stringify(merged).length > payloadLimit;
    return isTooLong || validateExtended(this.#definitions, { [name]: merged }, '').length > 0
      ? undefined
      : merged;
  }
}

/** What an event, or a write of one, says of a product. */
interface Saying extends SaidProduct {
  readonly seq: number;
}

const unknown: KnownProduct = { members: {}, extended: {}, saidAt: {} };

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

import assert from 'node:assert/strict';
import { ContacthubClient } from '../dialects/contacthub/client.ts';
import { delivery, referralTo, SignalsClient, textMessage } from '../dialects/signals/client.ts';
import { field, WebmarketerClient } from '../dialects/webmarketer/client.ts';
import type { TestApp, TestWorkspace } from '../helpers/app.ts';
import { NativeClient } from '../helpers/native-client.ts';
import type { Reply } from '../helpers/vendor-client.ts';
import {
  type Actor,
  actors,
  type History,
  type LinkFact,
  type OrderFact,
  type PurchaseFact,
  type TouchFact,
} from './history.ts';

export type Step = () => Promise<void>;

const minute = 60_000;

/** Landing pages and referrers of visits. */
const visits: Partial<Record<TouchFact['kind'], { query?: string; cid?: string; referrer?: string }>> = {
  spring: { cid: 'spring' },
  autumn: { cid: 'autumn' },
  news: { query: 'utm_source=news&utm_medium=email&utm_campaign=june' },
  search: { referrer: 'https://www.google.com/' },
  article: { referrer: 'https://blog.example/2026/a' },
  paypal: { referrer: 'https://www.paypal.com/checkout' },
  'own-site': { referrer: 'https://help.shop.example/' },
  direct: {},
};

/** One workspace as the clients of three vendors fill it. */
export class Shop {
  readonly native: NativeClient;
  readonly webmarketer: WebmarketerClient;
  readonly contacthub: ContacthubClient;
  readonly signals: SignalsClient;
  readonly workspace: TestWorkspace;

  constructor(test: TestApp, workspace: TestWorkspace) {
    this.workspace = workspace;
    this.native = new NativeClient(test, workspace);
    this.webmarketer = new WebmarketerClient(test, workspace);
    this.contacthub = new ContacthubClient(test, workspace);
    this.signals = new SignalsClient(test, workspace);
  }

  /** Defines orders, and keeps the conversions `Paid` (of Webmarketer, by its state) and `Bought` (of Contacthub). */
  async open(): Promise<void> {
    await this.webmarketer.defineType('order', [
      field('user', 'email', 'email', { discriminant: true }),
      field('statistic', 'currency', 'turnover', { optional: true }),
      field('state', 'state', 'paid', { ingestionKey: null }),
    ]);
    // A type of Contacthub's is known from its first event on.
    const stranger = await this.contacthub.create('stranger@example.org');
    const properties = { orderId: 'first', type: 'sale', amount: { total: 1 }, products: [] };
    const first = { type: 'completedOrder', context: 'ECOMMERCE', properties, date: '2001-01-01T00:00:00Z' };
    await this.contacthub.view({ customerId: stranger.id }, first);
    const paid = { name: 'Paid', event: 'webmarketer:order', state: 'paid', metric: 'turnover' };
    const bought = { name: 'Bought', event: 'contacthub:completedOrder', metric: 'revenue' };
    for (const body of [paid, bought]) fine(await this.native.call('POST', '/conversions', { body }), 201);
  }

  /** @param base when the history begins, in milliseconds since the epoch; its people are those of this time alone */
  async enact(base: number): Promise<Enactment> {
    const enactment = new Enactment(this, base);
    await enactment.introduce();
    return enactment;
  }
}

/** A history as it takes place in a shop. */
export class Enactment {
  readonly #shop: Shop;
  readonly #base: number;
  readonly #profiles = new Map<Actor, string>();
  /** The events of orders and purchases, by their place in the history. */
  readonly orderIds: string[] = [];
  readonly purchaseIds: string[] = [];
  #sent = 0;

  constructor(shop: Shop, base: number) {
    this.#shop = shop;
    this.#base = base;
  }

  /** Makes everybody known, long before anything can count. */
  async introduce(): Promise<void> {
    const { native, contacthub, signals } = this.#shop;
    const long = -400 * 24 * 60;
    for (const actor of ['browser-0', 'browser-1'] as const) {
      const { profileId } = fine(await this.#visit({ actor, kind: 'direct', at: long }), 201).body;
      this.#profiles.set(actor, profileId);
    }
    for (const actor of ['user-0', 'user-1'] as const) await this.#visitShop(actor, long);
    await contacthub.create(this.#email('customer'));
    fine(await signals.deliver(delivery(textMessage(this.#unique(), this.#phone, this.#seconds(long)))), 200);
    const keys = (['user-0', 'user-1', 'customer'] as const).map(
      (actor) => [actor, 'email', this.#email(actor)] as const,
    );
    for (const [actor, kind, value] of [...keys, ['lead', 'phone', `+${this.#phone}`] as const]) {
      const { profiles } = await native.read(
        `/people/lookup?kind=${kind}&value=${encodeURIComponent(value)}`,
      );
      this.#profiles.set(actor, profiles[0].id);
    }
    assert.equal(new Set(this.#profiles.values()).size, actors.length);
  }

  /** What is to be done for each thing of a history, in its order. */
  stepsOf({ touches, orders, purchases, links }: History): Step[][] {
    return [
      ...touches.map((touch) => this.#touch(touch)),
      ...orders.map((order, place) => this.#order(order, place)),
      ...purchases.map((purchase, place) => this.#purchase(purchase, place)),
      ...links.map((link) => this.#link(link)),
    ];
  }

  async deleteCampaign(): Promise<void> {
    const { native } = this.#shop;
    const { campaigns } = await native.read('/campaigns?limit=1000');
    const slug = this.#slug('autumn');
    const found = campaigns.find((campaign: { slug: string }) => campaign.slug === slug);
    if (found) fine(await native.call('DELETE', `/campaigns/${found.id}`), 200);
  }

  async deleteCustomer(): Promise<void> {
    const { contacthub } = this.#shop;
    const page = await contacthub.call('GET', `/customers?nodeId=${contacthub.nodeId}&externalId=&size=100`);
    const found = page.body.elements.find(
      (one: { base: { contacts: { email: string } } }) => one.base.contacts.email === this.#email('customer'),
    );
    fine(await contacthub.call('DELETE', `/customers/${found.id}`), 200);
  }

  /** Forgets somebody, and with them all whom they are one person with. */
  async erase(actor: Actor): Promise<void> {
    fine(await this.#shop.native.call('POST', `/people/${this.#profile(actor)}/erase`, { body: {} }), 200);
  }

  /** Of a history's campaigns only, so that reports of another's are not mixed with it. */
  slugOf(label: string): string {
    return label.replace(`-${this.#base}`, '');
  }

  time(at: number): string {
    return new Date(this.#base + at * minute).toISOString();
  }

  #touch(touch: TouchFact): Step[] {
    const { actor, kind, at, saidBefore, deleted } = touch;
    if (actor === 'browser-0' || actor === 'browser-1')
      return [async () => void fine(await this.#visit(touch), 201)];
    if (actor === 'lead') return [() => this.#click(kind, at)];
    if (actor !== 'customer') return [() => this.#visitShop(actor, at)];
    const { contacthub } = this.#shop;
    let id = '';
    const type = 'campaignLinkClicked';
    const properties = { campaignId: kind, campaignName: kind, channel: 'EMAIL' };
    return [
      async () => {
        const body = { type, context: 'DIGITAL_CAMPAIGN', properties, date: this.time(saidBefore ?? at) };
        id = await contacthub.view({ customerId: this.#profile('customer') }, body);
      },
      ...(saidBefore === null
        ? []
        : [
            async () =>
              void fine(await contacthub.call('PATCH', `/events/${id}`, { date: this.time(at) }), 202),
          ]),
      ...(deleted ? [async () => void fine(await contacthub.call('DELETE', `/events/${id}`), 204)] : []),
    ];
  }

  #order({ actor, at, turnovers, states }: OrderFact, place: number): Step[] {
    const { webmarketer } = this.#shop;
    const [turnover = null, ...later] = turnovers;
    const patch = async (path: string, body: object) => {
      const id = this.orderIds[place];
      fine(
        await webmarketer.request('PATCH', `/projects/${webmarketer.projectId}/events/${id}/${path}`, body),
        200,
      );
    };
    return [
      async () => {
        const data = { email: this.#email(actor), ...(turnover !== null && { turnover: turnover / 1000 }) };
        const event = { eventType: 'order', nonce: this.#unique(), eventDate: this.time(at), data };
        this.orderIds[place] = await webmarketer.sendFine(event);
      },
      ...later.map(
        (one) => () => patch('statistics/turnover', { value: (one ?? 0) / 1000, date: this.time(at) }),
      ),
      ...states.map(
        ({ paid, at: since }) =>
          () =>
            patch('states/paid', { value: paid ? 1 : 0, date: this.time(since) }),
      ),
    ];
  }

  #purchase({ at, returned, amounts, deleted }: PurchaseFact, place: number): Step[] {
    const { contacthub } = this.#shop;
    const propertiesOf = (amount = 0) => ({
      orderId: this.#unique(),
      type: returned ? 'return' : 'sale',
      amount: { total: amount / 1000, revenue: amount / 1000 },
      products: [],
    });
    const patch = async (amount: number) =>
      void fine(
        await contacthub.call('PATCH', `/events/${this.purchaseIds[place]}`, {
          properties: { amount: { total: amount / 1000, revenue: amount / 1000 } },
        }),
        202,
      );
    return [
      async () => {
        const body = {
          type: 'completedOrder',
          context: 'ECOMMERCE',
          properties: propertiesOf(amounts[0]),
          date: this.time(at),
        };
        this.purchaseIds[place] = await contacthub.view({ customerId: this.#profile('customer') }, body);
      },
      ...amounts.slice(1).map((amount) => () => patch(amount)),
      ...(deleted
        ? [async () => void fine(await contacthub.call('DELETE', `/events/${this.purchaseIds[place]}`), 204)]
        : []),
    ];
  }

  #link({ first, second, undone }: LinkFact): Step[] {
    const { native } = this.#shop;
    let id = '';
    return [
      async () => {
        const body = { first: this.#profile(first), second: this.#profile(second) };
        const reply = fine(await native.call('POST', '/links', { body }), 201);
        id = reply.body.link.id;
      },
      ...(undone
        ? [async () => void fine(await native.call('POST', `/links/${id}/undo`, { body: {} }), 200)]
        : []),
    ];
  }

  #visit({ actor, kind, at }: Pick<TouchFact, 'actor' | 'kind' | 'at'>): Promise<Reply> {
    const { query, cid, referrer } = visits[kind] ?? {};
    const { wmktId } = this.#shop.workspace.credentials.webmarketer;
    const parameters = cid === undefined ? query : `wmktid=${wmktId}&cid=${this.#slug(cid)}`;
    const body = {
      url: `https://www.shop.example/landing${parameters === undefined ? '' : `?${parameters}`}`,
      ...(referrer !== undefined && { referrer }),
      trackerId: `${actor}-${this.#base}`,
      at: this.time(at),
    };
    return this.#shop.native.call('POST', '/visits', { body });
  }

  async #visitShop(actor: Actor, at: number): Promise<void> {
    const { webmarketer, workspace } = this.#shop;
    const { wmktId } = workspace.credentials.webmarketer;
    const body = { date: this.time(at), userData: { email: this.#email(actor) }, nodeData: { wmktId } };
    const path = `/projects/${webmarketer.projectId}/interactions/offline`;
    fine(await webmarketer.request('POST', path, body), 201);
  }

  async #click(kind: TouchFact['kind'], at: number): Promise<void> {
    const ad = kind === 'ad-one' ? '23850000000000001' : '23850000000000002';
    const referral = { ...referralTo(ad), ctwa_clid: this.#unique() };
    const message = textMessage(this.#unique(), this.#phone, this.#seconds(at), { referral });
    fine(await this.#shop.signals.deliver(delivery(message)), 200);
  }

  #profile(actor: Actor): string {
    return this.#profiles.get(actor) ?? assert.fail(`${actor} is not known yet`);
  }

  #email(actor: Actor): string {
    return `${actor}-${this.#base}@example.org`;
  }

  get #phone(): string {
    return `336${String(this.#base / minute).slice(-8)}`;
  }

  #slug(name: string): string {
    return `${name}-${this.#base}`;
  }

  #seconds(at: number): number {
    return (this.#base + at * minute) / 1000;
  }

  #unique(): string {
    return `${this.#base}-${++this.#sent}`;
  }
}

export function fine(reply: Reply, status: number): Reply {
  assert.equal(reply.status, status, reply.text);
  return reply;
}

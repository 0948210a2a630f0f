import assert from 'node:assert/strict';
import { field, WebmarketerClient } from '../dialects/webmarketer/client.ts';
import type { TestApp } from '../helpers/app.ts';
import type { Asking } from '../helpers/native-client.ts';

export interface ShownRow {
  readonly interval: string | null;
  readonly key: string | null;
  readonly label: string | null;
  readonly touches: number;
  readonly people: number;
  readonly conversions: number;
  readonly value: { readonly amount: number; readonly currency: string | null } | null;
  readonly spend: { readonly amount: number; readonly currency: string } | null;
  readonly cpa: number | null;
  readonly roas: number | null;
}

let nonces = 0;

/** A shop that sells by Webmarketer's events to those who visit its pages. */
export class Shop {
  readonly webmarketer: WebmarketerClient;
  readonly #test: TestApp;

  constructor(test: TestApp) {
    this.#test = test;
    this.webmarketer = new WebmarketerClient(test);
  }

  open(): Promise<void> {
    return this.webmarketer.defineType('order', [
      field('user', 'email', 'email', { discriminant: true, optional: true }),
      field('statistic', 'currency', 'turnover', { optional: true }),
      field('statistic', 'number', 'items', { optional: true }),
      field('state', 'state', 'converted', { ingestionKey: null }),
    ]);
  }

  /** A visit of a browser to a page; answers the profile. `query`: of the page's address. */
  async visit(trackerId: string, at: string, query = '', referrer?: string): Promise<string> {
    const url = `https://shop.example/${query}`;
    const reply = await this.#test.native.call('POST', '/visits', { body: { url, referrer, trackerId, at } });
    assert.equal(reply.status, 201, reply.text);
    return reply.body.profileId;
  }

  /** The address of a campaign of the shop's integration. */
  campaign(slug: string): string {
    return `?wmktid=${this.#test.workspace.credentials.webmarketer.wmktId}&cid=${slug}`;
  }

  /** Answers the id of the event. */
  order(trackerId: string, at: string, turnover?: number | { amount: number; currency: string }, more = {}) {
    const data = turnover === undefined ? {} : { turnover };
    const event = { eventType: 'order', nonce: `o-${++nonces}`, trackerId, eventDate: at, data, ...more };
    return this.webmarketer.sendFine(event);
  }

  ask(query: Record<string, string | number | boolean>, asking: Asking = {}) {
    const defaults = { conversion: 'webmarketer:order', metric: 'turnover' };
    const text = new URLSearchParams(
      Object.entries({ ...defaults, ...query }).map(([key, value]) => [key, String(value)]),
    );
    return this.#test.native.call('GET', `/attribution?${text}`, asking);
  }

  async report(query: Record<string, string | number | boolean>) {
    const reply = await this.ask(query);
    assert.equal(reply.status, 200, reply.text);
    return reply.body;
  }

  /** What each label was credited with: conversions and value. */
  async credits(
    query: Record<string, string | number | boolean>,
  ): Promise<Record<string, [number, number | null]>> {
    const { rows, unattributed } = await this.report(query);
    const credited: [string, [number, number | null]][] = rows.map((row: ShownRow) => [
      `${row.interval ?? ''}${row.label ?? row.key}`,
      [row.conversions, row.value?.amount ?? null],
    ]);
    if (unattributed.conversions > 0)
      credited.push(['unattributed', [unattributed.conversions, unattributed.value?.amount ?? null]]);
    return Object.fromEntries(credited);
  }
}

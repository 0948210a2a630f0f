import assert from 'node:assert/strict';
import { type ConversionSettings, defaultRules } from '../../src/core/attribution/conversion.ts';
import type { Arrival } from '../../src/core/campaign/arrival.ts';
import type { TouchpointFacts } from '../../src/core/campaign/touchpoint.ts';
import type { Key } from '../../src/core/identity/identity.ts';
import type { MetricValue } from '../../src/core/metric/metric.ts';
import { defaultNode, type Workspace } from '../../src/core/workspace/workspace.ts';
import type { Prepared } from '../../src/ingest/item.ts';
import type { Outcome } from '../../src/ingest/outcome.ts';
import type { TestApp } from './app.ts';

/** Milliseconds since the epoch. */
export const at = (text: string): number => Date.parse(text);

/** Orders of WebEngage users, whose amount is their value. */
export function orders(more: Partial<ConversionSettings> = {}): ConversionSettings {
  return {
    ...defaultRules,
    event: { dialect: 'webengage', type: 'Ordered' },
    state: null,
    metric: 'amount',
    ...more,
  };
}

export interface Order {
  readonly type?: string;
  readonly value?: number;
  /** ISO 4217; null: the value is a number. */
  readonly currency?: string | null;
  /** By whose address it is somebody's of other nodes, too. */
  readonly email?: string;
}

type Somebody = { readonly dialect?: 'webengage' | 'octeth' };

/** Sends touches and orders of named users to the engine, as some dialect's submissions. */
export class AttributionClient {
  readonly #test: TestApp;

  constructor(test: TestApp) {
    this.#test = test;
  }

  workspace(): Promise<Workspace> {
    return this.#test.app.services.workspaces.reload(this.#test.workspace.created.id);
  }

  /** Answers the id of the event. */
  async order(user: string, time: number, order: Order & Somebody = {}): Promise<string> {
    const outcome = await this.#submit(user, order, (workspace) => eventItem(workspace, user, time, order));
    return outcome.kind === 'stored' ? outcome.eventId : assert.fail(`the order was ${outcome.kind}`);
  }

  /** Answers the id of the profile. */
  async touch(
    user: string,
    time: number,
    facts: Partial<TouchpointFacts> = {},
    somebody: Somebody & { email?: string } = {},
  ): Promise<string> {
    const touchpoint = { ...blank, at: time, ...facts };
    const outcome = await this.#submit(user, somebody, (workspace) => ({
      kind: 'edit',
      ...subjectOf(workspace, user, somebody),
      touchpoint,
    }));
    return outcome.kind === 'saved'
      ? (outcome.profileIds[0] ?? '')
      : assert.fail(`the touch was ${outcome.kind}`);
  }

  async #submit(
    user: string,
    { dialect = 'webengage' }: Somebody,
    prepare: (workspace: Workspace) => Prepared,
  ): Promise<Outcome> {
    const submitted = await this.#test.app.services.ingest.submit(this.#test.workspace.created.id, {
      dialect,
      source: null,
      receivedAt: Date.now(),
      carriesEvents: true,
      bytes: 100,
      size: 1,
      prepare: (workspace) => [prepare(workspace)],
      raw: () => '{}',
      request: {},
    });
    assert.equal(submitted.kind, 'committed', `what was sent of ${user} was not committed`);
    const [outcome] = submitted.kind === 'committed' ? submitted.outcomes : [];
    return outcome ?? assert.fail('a submission of an item had no outcome');
  }
}

const blank = {
  channel: 'referral',
  sourceId: null,
  campaign: null,
  adId: null,
  cost: null,
  detail: null,
  arrival: null,
} as const;

/** A touch that names its campaign by utm parameters. */
export function utm(
  source: string,
  medium: string,
  campaign: string,
): Pick<TouchpointFacts, 'channel' | 'arrival'> {
  const arrival: Arrival = { pageHost: 'shop.example', source, medium, campaign, namesCampaign: true };
  return { channel: 'other-campaign', arrival };
}

function subjectOf(
  workspace: Workspace,
  user: string,
  { dialect = 'webengage', email }: Somebody & { email?: string },
) {
  const contacts: Key[] = email === undefined ? [] : [{ kind: 'email', value: email }];
  return {
    nodeId: defaultNode(workspace, dialect).id,
    subject: {
      keys: [{ kind: 'user', value: user }] as const,
      contacts,
      anonymous: false,
      expects: 'any',
    } as const,
  };
}

function eventItem(
  workspace: Workspace,
  user: string,
  occurredAt: number,
  { type = 'Ordered', value, currency = 'EUR', ...somebody }: Order & Somebody,
): Prepared {
  const metrics: MetricValue[] =
    value === undefined
      ? []
      : [{ key: 'amount', kind: 'statistic', value, currency, raw: value, occurredAt }];
  return {
    kind: 'event',
    ...subjectOf(workspace, user, somebody),
    event: {
      type,
      typeVersion: null,
      occurredAt,
      sourceId: null,
      context: null,
      properties: {},
      detail: null,
      metrics,
    },
  };
}

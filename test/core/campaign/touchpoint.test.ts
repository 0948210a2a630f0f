import assert from 'node:assert/strict';
import { before, it } from 'node:test';
import { readCampaignBySlug } from '../../../src/core/campaign/campaign-store.ts';
import type { TouchpointFacts } from '../../../src/core/campaign/touchpoint.ts';
import {
  type Touchpoint,
  type TouchpointRow,
  touchpointColumns,
  touchpointFromRow,
} from '../../../src/core/campaign/touchpoint-store.ts';
import { defaultNode, findSource, type Workspace } from '../../../src/core/workspace/workspace.ts';
import type { EventPart, KeyedSubject, Prepared } from '../../../src/ingest/item.ts';
import type { Submission } from '../../../src/ingest/submission.ts';
import { useApp } from '../../helpers/app.ts';

const test = await useApp();
let workspace: Workspace;
let sourceId: number;

before(async () => {
  workspace = await test.app.services.workspaces.get(test.workspace.created.id);
  const { wmktId } = test.workspace.credentials.webmarketer;
  sourceId = findSource(workspace, 'webmarketer', 'integration', wmktId)!.id;
});

/** The touchpoints of a profile, oldest first. */
async function readTouchpointsOf(profileId: string): Promise<Touchpoint[]> {
  const rows = await test.database.query<TouchpointRow>(
    `select ${touchpointColumns} from touchpoint
      where workspace_id = $1 and profile_id = $2 order by occurred_at, id`,
    [workspace.id, profileId],
  );
  return rows.map(touchpointFromRow);
}

function submissionOf(user: string, touchpoint: TouchpointFacts, withEvent: boolean): Submission {
  const subject: KeyedSubject = {
    keys: [{ kind: 'user', value: user }],
    contacts: [],
    anonymous: false,
    expects: 'any',
  };
  const common = { nodeId: defaultNode(workspace, 'webengage').id, subject, touchpoint };
  const event: EventPart = {
    type: 'Visited',
    typeVersion: null,
    occurredAt: touchpoint.at,
    sourceId: null,
    context: null,
    properties: {},
    detail: null,
    metrics: [],
  };
  const item: Prepared = withEvent ? { ...common, kind: 'event', event } : { ...common, kind: 'edit' };
  return {
    dialect: 'webengage',
    source: null,
    receivedAt: Date.now(),
    carriesEvents: withEvent,
    bytes: 100,
    size: 1,
    prepare: () => [item],
    raw: () => '{}',
    request: {},
  };
}

async function store(user: string, touchpoint: TouchpointFacts, withEvent: boolean) {
  const submitted = await test.app.services.ingest.submit(
    workspace.id,
    submissionOf(user, touchpoint, withEvent),
  );
  assert.equal(submitted.kind, 'committed');
  return submitted.kind === 'committed' ? submitted.outcomes[0]! : assert.fail();
}

const facts = (more: Partial<TouchpointFacts> = {}): TouchpointFacts => ({
  at: Date.parse('2026-01-01T00:00:00Z'),
  channel: 'paid',
  sourceId,
  campaign: { slug: 'engine' },
  adId: '23852030589290425',
  cost: { amount: 0.25, currency: 'EUR' },
  detail: { quoted: 'a "b" \\ {c}' },
  arrival: null,
  ...more,
});

it('stores a touchpoint beside the event that tells of it, of any dialect', async () => {
  const outcome = await store('ada', facts(), true);
  assert.equal(outcome.kind, 'stored');
  if (outcome.kind !== 'stored') return;
  const { eventId, profileId } = outcome;
  const [touchpoint] = await readTouchpointsOf(profileId);
  const campaign = await readCampaignBySlug(test.database, workspace.id, sourceId, 'engine');
  const { id, receivedAt, ...stored } = touchpoint!;
  assert.match(id, /^[0-9a-f-]{36}$/);
  assert.ok(receivedAt instanceof Date);
  assert.deepEqual(stored, {
    profileId,
    occurredAt: new Date('2026-01-01T00:00:00Z'),
    dialect: 'webengage',
    channel: 'paid',
    sourceId,
    campaignId: campaign?.id,
    adId: '23852030589290425',
    cost: { amount: 0.25, currency: 'EUR' },
    eventId,
    detail: { quoted: 'a "b" \\ {c}' },
  });
});

it('keeps the touchpoints of one batch apart, with and without campaign, ad, cost and detail', async () => {
  const bare = facts({ sourceId: null, campaign: null, adId: null, cost: null, detail: null });
  const outcomes = await Promise.all([
    store('grace', bare, false),
    store('grace', facts({ campaign: { slug: 'other' } }), false),
    store('grace', facts({ campaign: { slug: 'other' } }), false),
    store('grace', bare, false),
  ]);
  const [first] = outcomes;
  if (first?.kind !== 'saved') assert.fail();
  const touchpoints = await readTouchpointsOf(first.profileIds[0] ?? '');
  assert.equal(touchpoints.length, 4);
  const bareOnes = touchpoints.filter((touchpoint) => touchpoint.campaignId === null);
  assert.equal(bareOnes.length, 2);
  for (const touchpoint of bareOnes)
    assert.deepEqual(
      [touchpoint.adId, touchpoint.cost, touchpoint.detail, touchpoint.sourceId],
      [null, null, null, null],
    );
  const other = await readCampaignBySlug(test.database, workspace.id, sourceId, 'other');
  assert.equal(touchpoints.filter((touchpoint) => touchpoint.campaignId === other?.id).length, 2);
});

import assert from 'node:assert/strict';
import { it } from 'node:test';
import { field, WebmarketerClient } from '../../dialects/webmarketer/client.ts';
import { type TestWorkspace, useApp } from '../../helpers/app.ts';
import fc from '../../helpers/fast-check.ts';
import { rebuild } from '../../native/helpers.ts';
import { day, findFaults, retain, setDialects, trackOcteth } from './retention.ts';

const start = Date.UTC(2026, 2, 1, 12);
const types = ['due-soon', 'due-late', 'never', 'as-project'] as const;
const daysOfTypes = { 'due-soon': 5, 'due-late': 40, never: null } as const;

const test = await useApp();
let workspaces = 0;

interface Plan {
  readonly projectDays: number | null;
  readonly websiteDays: number | null;
}

type Step =
  | {
      readonly kind: 'event';
      readonly type: (typeof types)[number];
      readonly user: number;
      readonly age: number;
    }
  | { readonly kind: 'website'; readonly user: number }
  | { readonly kind: 'retention'; readonly slices: number }
  | { readonly kind: 'wait'; readonly days: number };

/** In days: what some rule takes, to the millisecond, once as many days have passed as are waited for most. */
const exactAges = fc
  .tuple(fc.constantFrom(5, 15, 40), fc.constantFrom(-1, 0, 1), fc.constantFrom(0, 1, 7))
  .map(([days, shift, waits]) => days - waits + shift / day);

const steps = fc.array(
  fc.oneof(
    {
      weight: 5,
      arbitrary: fc.record({
        kind: fc.constant('event' as const),
        type: fc.constantFrom(...types),
        user: fc.nat(4),
        age: fc.oneof(fc.nat(60), exactAges),
      }),
    },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant('website' as const), user: fc.nat(2) }) },
    {
      weight: 2,
      arbitrary: fc.record({
        kind: fc.constant('retention' as const),
        slices: fc.integer({ min: 1, max: 3 }),
      }),
    },
    {
      weight: 2,
      arbitrary: fc.record({
        kind: fc.constant('wait' as const),
        days: fc.oneof(fc.integer({ min: 1, max: 20 }), fc.constantFrom(1, 7)),
      }),
    },
  ),
  { minLength: 5, maxLength: 30 },
);
const plans = fc.record({
  projectDays: fc.constantFrom(null, 15),
  websiteDays: fc.constantFrom(null, 12),
});

interface Sent {
  readonly id: string;
  readonly type: (typeof types)[number];
  readonly user: number;
  readonly at: number;
}

async function perform(client: WebmarketerClient, workspace: TestWorkspace, given: readonly Step[]) {
  const sent: Sent[] = [];
  const website: number[] = [];
  for (const [index, step] of given.entries()) {
    if (step.kind === 'wait') test.time.now += step.days * day;
    else if (step.kind === 'retention') await retain(test, workspace, { slices: step.slices });
    else if (step.kind === 'website') {
      await trackOcteth(test, workspace, { Event: 'opened', Email: `visitor${step.user}@shop.example` });
      website.push(test.time.now);
    } else {
      const { type, user } = step;
      const at = Math.round(test.time.now - step.age * day);
      const data = { mail: `user${user}@private.example`, amount: index };
      const event = { eventType: type, nonce: `n${index}`, eventDate: new Date(at).toISOString(), data };
      sent.push({ id: await client.sendFine(event), type, user, at });
    }
  }
  return { sent, website };
}

async function readInsights(client: WebmarketerClient): Promise<unknown> {
  const reply = await client.request('POST', `/projects/${client.projectId}/events/insights`, {
    metrics: ['event-count', 'amount'],
    groupBy: 'event-type',
    interval: 'day',
    since: '2025-06-01T00:00:00Z',
    until: '2028-01-01T00:00:00Z',
  });
  assert.equal(reply.status < 300, true, reply.text);
  return reply.body;
}

async function checkEvents(
  client: WebmarketerClient,
  sent: readonly Sent[],
  isDue: (event: Sent) => boolean,
): Promise<void> {
  for (const event of sent) {
    const shown = (await client.get(`/events/${event.id}`)).body;
    assert.equal(
      shown.user.mail.anonymized,
      isDue(event),
      `${event.type} of ${new Date(event.at).toISOString()}`,
    );
    assert.equal(shown.user.mail.current === null, isDue(event));
  }
}

/** A user that came back after all it did was due is another one: of those that came by one address, one has it at most. */
async function checkUsers(
  client: WebmarketerClient,
  sent: readonly Sent[],
  isDue: (event: Sent) => boolean,
): Promise<void> {
  for (const user of new Set(sent.map((event) => event.user))) {
    const mail = `user${user}@private.example`;
    const search = { filters: { mail } };
    const reply = await client.request('POST', `/projects/${client.projectId}/users/search`, search);
    const isKnown = sent.some((event) => event.user === user && !isDue(event));
    assert.equal(reply.body.data.length, isKnown ? 1 : 0, mail);
  }
}

it('anonymizes and deletes just what is due, and leaves all else and every count true, whatever happened when', async () => {
  await fc.assert(
    fc.asyncProperty(plans, steps, async (plan: Plan, given) => {
      test.time.now = start;
      const workspace = await test.addWorkspace({ slug: `oracle-${++workspaces}` });
      const client = new WebmarketerClient(test, workspace);
      await setDialects(test, workspace, {
        webmarketer: { retentionDurationInDays: plan.projectDays },
        octeth: { eventRetentionDays: plan.websiteDays },
      });
      const fields = [
        field('user', 'email', 'mail', { discriminant: true, isPii: true }),
        field('statistic', 'number', 'amount'),
      ];
      for (const type of types) {
        const own = {
          from: 'event-type',
          retentionDurationInDays: type === 'as-project' ? null : daysOfTypes[type],
        };
        await client.defineType(type, fields, type === 'as-project' ? {} : { expirationPolicy: own });
      }
      const { sent, website } = await perform(client, workspace, given);
      const insights = await readInsights(client);
      // The first may be the rest of a run that began when less was due.
      await retain(test, workspace);
      await retain(test, workspace);
      const isOld = (at: number, days: number | null) => days !== null && at < test.time.now - days * day;
      const isDue = ({ type, at }: Sent) =>
        isOld(at, type === 'as-project' ? plan.projectDays : daysOfTypes[type]);
      await checkEvents(client, sent, isDue);
      await checkUsers(client, sent, isDue);
      const [left] = await test.database.query<{ total: number }>(
        `select count(*) as total from event e join event_type t on t.workspace_id = e.workspace_id and t.id = e.type_id
          where e.workspace_id = $1 and t.name = 'opened'`,
        [workspace.created.id],
      );
      assert.equal(left!.total, website.filter((at) => !isOld(at, plan.websiteDays)).length);
      assert.deepEqual(await readInsights(client), insights);
      assert.deepEqual(await findFaults(test, workspace), []);
      await rebuild(test, workspace);
      assert.deepEqual(await readInsights(client), insights);
      assert.deepEqual(await findFaults(test, workspace), []);
    }),
    { numRuns: 15 },
  );
});

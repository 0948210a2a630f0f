import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { apportionByKey } from '../../src/core/attribution/apportion.ts';
import { MarkovChain } from '../../src/core/attribution/markov.ts';
import { creditsOf, type RuleModel, wholeCredit } from '../../src/core/attribution/models.ts';
import { ShapleyGame } from '../../src/core/attribution/shapley.ts';
import type { Touch } from '../../src/core/attribution/touch.ts';
import { removalEffectsByWalking } from '../core/attribution/markov-oracle.ts';
import { day, settings, touch } from '../core/attribution/touches.ts';
import { type ChannelJourneys, readChannelJourneys } from './journeys.ts';

describe('over the 10,000 public journeys', () => {
  let journeys: ChannelJourneys[];
  before(() => {
    journeys = readChannelJourneys();
  });

  /** Each channel's conversions by a rule model, to six digits. */
  function conversionsBy(model: RuleModel): Record<string, number> {
    const credits = new Map<string, bigint>();
    for (const { channels, conversions } of journeys) {
      if (conversions === 0) continue;
      const path: Touch[] = channels.map((_, index) =>
        touch(`${index}`, { before: (channels.length - index) * day }),
      );
      for (const [index, credit] of creditsOf(model, settings, path).entries()) {
        const channel = channels[index] ?? '';
        credits.set(channel, (credits.get(channel) ?? 0n) + BigInt(credit) * BigInt(conversions));
      }
    }
    assert.equal(
      [...credits.values()].reduce((sum, credit) => sum + credit, 0n),
      19_785n * wholeCredit,
    );
    return inConversions(credits);
  }

  it('first, last and linear give the conversions that are known of them', () => {
    assert.deepEqual(conversionsBy('first'), {
      alpha: 6308,
      iota: 4606,
      eta: 3164,
      beta: 2831,
      theta: 1606,
      lambda: 902,
      gamma: 165,
      epsilon: 99,
      kappa: 74,
      zeta: 27,
      mi: 2,
      delta: 1,
    });
    assert.deepEqual(conversionsBy('last'), {
      alpha: 8447,
      eta: 4167,
      iota: 3355,
      lambda: 1207,
      beta: 989,
      theta: 653,
      epsilon: 531,
      kappa: 230,
      zeta: 107,
      gamma: 92,
      delta: 5,
      mi: 2,
    });
    assertNear(conversionsBy('linear'), {
      alpha: 7574.72,
      iota: 3857.1,
      eta: 3539.95,
      beta: 2083.5,
      lambda: 1035.26,
      theta: 1022.8,
      epsilon: 272.17,
      kappa: 137.96,
      zeta: 136.55,
      gamma: 121.04,
      mi: 2.22,
      delta: 1.72,
    });
  });

  it('position gives 40 percent to both ends and shares the rest', () => {
    const expected: Record<string, number> = {};
    for (const { channels, conversions } of journeys) {
      const shares = channels.map((_, index) => {
        if (channels.length < 3) return 1 / channels.length;
        return index === 0 || index === channels.length - 1 ? 0.4 : 0.2 / (channels.length - 2);
      });
      for (const [index, channel] of channels.entries())
        expected[channel] = (expected[channel] ?? 0) + conversions * (shares[index] ?? 0);
    }
    assertNear(conversionsBy('position'), expected);
  });

  it('Markov gives what walking the chain without each channel comes to, in whole parts of the conversions', async () => {
    const chain = new MarkovChain();
    for (const { channels, conversions, nulls } of journeys) chain.add(channels, conversions, nulls);
    const effects = await chain.removalEffects();
    const walked = removalEffectsByWalking(
      journeys.map(({ channels, ...rest }) => ({ keys: channels, ...rest })),
    );
    for (const [channel, effect] of walked)
      assert.ok(Math.abs((effects.get(channel) ?? 0) - effect) < 1e-10, channel);
    const credits = apportionByKey(19_785n * wholeCredit, effects);
    assert.equal(
      [...credits.values()].reduce((sum, credit) => sum + credit, 0n),
      19_785n * wholeCredit,
    );
    assertNear(inConversions(credits), {
      alpha: 5344.95,
      iota: 3884.61,
      eta: 3340.85,
      beta: 2527.35,
      theta: 1971.91,
      lambda: 1282.85,
      epsilon: 599.57,
      zeta: 381.06,
      kappa: 274.36,
      gamma: 171.15,
      delta: 4.61,
      mi: 1.72,
    });
  });

  it('Shapley gives each conversion to the different channels of its path alike', () => {
    const game = new ShapleyGame();
    const expected: Record<string, number> = {};
    for (const { channels, conversions } of journeys) {
      if (conversions > 0) game.add(channels, conversions, 0n);
      const different = new Set(channels);
      for (const channel of different)
        expected[channel] = (expected[channel] ?? 0) + conversions / different.size;
    }
    const credits = new Map([...game.shares()].map(([channel, { credit }]) => [channel, credit]));
    assertNear(inConversions(credits), expected);
  });
});

function inConversions(credits: ReadonlyMap<string, bigint>): Record<string, number> {
  return Object.fromEntries([...credits].map(([channel, credit]) => [channel, Number(credit) / 1e9]));
}

/** Known figures have two digits behind the point. */
function assertNear(actual: Record<string, number>, expected: Record<string, number>): void {
  assert.deepEqual(Object.keys(actual).sort(), Object.keys(expected).sort());
  for (const [channel, conversions] of Object.entries(expected))
    assert.ok(Math.abs((actual[channel] ?? 0) - conversions) <= 0.006, `${channel}: ${actual[channel]}`);
}

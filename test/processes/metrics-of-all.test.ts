import assert from 'node:assert/strict';
import { it } from 'node:test';
import { ProcessMetrics } from '../../src/http/metrics.ts';
import { sumUp } from '../../src/processes/metrics-of-all.ts';

async function measured(queuedItems: number, oldestWaitingMilliseconds: number) {
  const metrics = new ProcessMetrics(['octeth']);
  metrics.watchQueue({ queuedItems, queuedBytes: 10 * queuedItems, oldestWaitingMilliseconds });
  return metrics.registry.getMetricsAsJSON();
}

it('of several processes what waits is summed, and the oldest is the one that waits longest', async () => {
  const all = await sumUp([await measured(2, 3000), await measured(5, 1000)]).metrics();
  assert.match(all, /^throughline_queue_items 7$/m);
  assert.match(all, /^throughline_queue_bytes 70$/m);
  assert.match(all, /^throughline_queue_oldest_seconds 3$/m);
});

import { parseArgs } from 'node:util';
import { benchAds } from './ads.ts';
import { benchAttribution } from './attribution.ts';
import { benchAttributionReport } from './attribution-report.ts';
import { type BenchServer, startBenchServer } from './bench-server.ts';
import { benchBulk } from './bulk.ts';
import { benchCustomerSearch } from './customer-search.ts';
import { benchCustomers } from './customers.ts';
import { benchEventSearch } from './event-search.ts';
import { benchIngest } from './ingest.ts';
import { benchInsights } from './insights.ts';
import { benchKeyless } from './keyless.ts';
import { benchProcesses } from './processes.ts';
import { printReport, type Result } from './report.ts';
import { benchStates } from './states.ts';
import { benchUpdates } from './updates.ts';
import { benchUpload } from './upload.ts';
import { benchWebhook } from './webhook.ts';

/**
 * What the project aims at, measured over HTTP on the embedded database with its real settings. `--only ingest,insights` runs some
 * of it. The aim of insights is for `--insights 10000000`, which takes some 6 GB of disk for some minutes; that of reports of attribution
 * for `--conversions 1000000`.
 */
const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    seconds: { type: 'string', default: '8' },
    events: { type: 'string', default: '1000000' },
    insights: { type: 'string', default: '1000000' },
    conversions: { type: 'string', default: '100000' },
    customers: { type: 'string', default: '100000' },
    bulk: { type: 'string', default: '50000' },
    upload: { type: 'string', default: '100' },
    profile: { type: 'boolean', default: false },
  },
});
const seconds = Number(values.seconds);

const benches: Readonly<Record<string, (server: BenchServer) => Promise<Result>>> = {
  // First: it also looks at the memory that the process has ever taken.
  ingest: (server) => benchIngest(server, seconds, Number(values.events)),
  processes: () => benchProcesses(seconds),
  states: (server) => benchStates(server, seconds),
  attribution: (server) => benchAttribution(server, seconds),
  'attribution-report': (server) => benchAttributionReport(server, Number(values.conversions)),
  keyless: (server) => benchKeyless(server, seconds),
  webhook: (server) => benchWebhook(server, seconds),
  customers: (server) => benchCustomers(server, seconds),
  'customer-search': (server) => benchCustomerSearch(server, Number(values.customers)),
  'event-search': (server) => benchEventSearch(server, Number(values.events)),
  ads: (server) => benchAds(server),
  updates: (server) => benchUpdates(server),
  bulk: (server) => benchBulk(server, Number(values.bulk)),
  upload: () => benchUpload(Number(values.upload), seconds),
  insights: (server) => benchInsights(server, Number(values.insights)),
};

const wanted = values.only?.split(',') ?? Object.keys(benches);
const unknown = wanted.find((name) => !Object.hasOwn(benches, name));
if (unknown !== undefined)
  throw new Error(`there is no bench "${unknown}", but ${Object.keys(benches).join(', ')}`);

const starting = startBenchServer({ profile: values.profile });
// Else the database server and its folder would outlive a bench that is cut short.
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(signal, async () => {
    await (await starting).stop();
    process.exit(1);
  });
const server = await starting;
try {
  const results: Result[] = [];
  for (const [name, bench] of Object.entries(benches)) {
    if (!wanted.includes(name)) continue;
    console.log(`${name} …`);
    results.push(await bench(server));
  }
  if (!printReport(results)) process.exitCode = 1;
} finally {
  await server.stop();
}

/**
 * Kills the real server in mid-load, again and again, and proves each time that what was acknowledged is there exactly once.
 *
 *   npm run test:crash -- --rounds 20 --seed 7
 *
 * A round: clients of all five dialects send over several connections; the server is killed at a random moment, in half of the
 * rounds the database's processes too; it is started again on the same data folder; what had no answer is sent again under the same
 * key; then what is stored is put beside what the clients know. The last line is `N passed, N failed`.
 */
import { randomInt } from 'node:crypto';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { fetchFrom } from '../journeys/send.ts';
import { prepareVendors } from '../journeys/vendors.ts';
import { Ledger, Load } from './load.ts';
import { compare, readAllEvents, readOpenHours } from './proof.ts';
import { Random } from './random.ts';
import { removeDataFolder, type ServerProcess, startServerProcess } from './server.ts';
import { findGaps, verify } from './verify.ts';

const clients = 12;
const loadMilliseconds = { least: 400, most: 2500 };

const { values } = parseArgs({
  options: { rounds: { type: 'string', default: '20' }, seed: { type: 'string' } },
});
const rounds = wholeNumber('rounds', values.rounds);
const seed = values.seed === undefined ? randomInt(1, 2 ** 31) : wholeNumber('seed', values.seed);
const random = new Random(seed);
const ledger = new Ledger();

const folder = await mkdtemp(join(tmpdir(), 'tl-crash-'));
// Else, as root, the database's account could not enter it, and the cluster would lie elsewhere.
await chmod(folder, 0o755);
const dataDir = join(folder, 'data');
let server: ServerProcess | undefined;
let interrupted = false;

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    if (interrupted) return;
    interrupted = true;
    console.log(`\n${signal}: stopping`);
    void cleanUp().then(() => process.exit(1));
  });
}

console.log(`crash test: ${rounds} rounds, ${clients} connections, seed ${seed}`);
let passed = 0;
let failed = 0;
try {
  server = await startServerProcess({ dataDir });
  await prepareVendors(fetchFrom(server.baseUrl), server.credentials);
  for (let round = 1; round <= rounds; round++) {
    // The processes to kill differ from round to round, and in half of them the database is among them.
    const failures = await playRound(round, round % 2 === 0);
    if (failures.length === 0) passed++;
    else failed++;
    for (const failure of failures) console.log(`  ${failure}`);
  }
  const code = await server.stop();
  if (code !== 0) throw new Error(`the server ended with ${code} after SIGTERM`);
} catch (error) {
  if (!interrupted) console.log(error);
  failed++;
}
if (!interrupted) {
  await cleanUp();
  console.log(`${passed} passed, ${failed} failed`);
  process.exit(failed > 0 || passed < rounds ? 1 : 0);
}

/** Answers what is wrong. */
async function playRound(round: number, withDatabase: boolean): Promise<string[]> {
  const before = ledger.sent.length;
  const killed = await loadUntilKilled(withDatabase);
  const unanswered = ledger.unanswered();
  if (interrupted) throw new Error('interrupted');
  server = await startServerProcess({ dataDir });
  const recovered = Math.round(server.startedIn);
  const load = new Load(server.baseUrl, server.credentials, ledger, random);
  await load.sendAgain(unanswered, clients);

  const events = await readAllEvents(server.baseUrl, server.credentials);
  const { stored, lost, doubled } = compare(events, ledger);
  const openHours = await readOpenHours(server.baseUrl, server.credentials);
  const { gaps, highest } = await findGaps(dataDir);
  const verified = await verify(dataDir);
  const failures = [
    ...lost.slice(0, 20).map((marker) => `LOST ${marker}`),
    ...doubled.slice(0, 20).map((marker) => `DOUBLED ${marker}`),
    ...openHours.map((hour) => `ACCOUNTING DOES NOT CLOSE ${JSON.stringify(hour)}`),
    ...gaps.map((gap) => `GAP IN SEQ ${gap}`),
    ...verified.map((line) => `VERIFY ${line}`),
    ...ledger.oddities.splice(0).slice(0, 20),
  ];
  console.log(
    `round ${round}/${rounds}: killed ${withDatabase ? 'server and database' : 'server'} after ${killed} ms, ` +
      `sent ${ledger.sent.length - before} requests (${unanswered.length} sent again), ` +
      `${ledger.acknowledgedEvents} events acknowledged, ${stored} stored, ` +
      `lost ${lost.length}, doubled ${doubled.length}, seq 1 to ${highest}, recovered in ${recovered} ms`,
  );
  return failures;
}

/** Answers after how many milliseconds. */
async function loadUntilKilled(withDatabase: boolean): Promise<number> {
  const load = new Load(server!.baseUrl, server!.credentials, ledger, random);
  const running = load.run(clients);
  const after = Math.round(random.between(loadMilliseconds.least, loadMilliseconds.most));
  await delay(after);
  // At times the server sees its database die, with commits on the way, and dies a moment later itself.
  if (withDatabase && random.next() < 0.5) {
    await server!.killDatabase();
    await delay(random.between(0, 100));
  }
  await server!.kill(withDatabase);
  load.stop();
  await running;
  return after;
}

async function cleanUp(): Promise<void> {
  await removeDataFolder(dataDir);
  await rm(folder, { recursive: true, force: true });
}

function wholeNumber(name: string, text: string): number {
  if (!/^[1-9]\d{0,9}$/.test(text)) {
    console.error(`--${name} must be a whole number from 1 on, not "${text}"`);
    process.exit(2);
  }
  return Number(text);
}

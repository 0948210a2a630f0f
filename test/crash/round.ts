import { setTimeout as delay } from 'node:timers/promises';
import { Chores } from './chores.ts';
import { Client, type Sight } from './client.ts';
import { within } from './deadline.ts';
import type { Fault } from './faults/fault.ts';
import type { Ledger } from './ledger.ts';
import { Load } from './load.ts';
import { type Findings, readOpenHours, type Stored } from './proof.ts';
import type { Random } from './random.ts';
import type { Site } from './site.ts';
import { findGaps, runVerify, verify } from './verify.ts';

const clients = 12;
const choreClients = 2;
const loadMilliseconds = { before: { least: 300, most: 1_500 }, after: 300 };
/** A fault that can't be made or lifted, a server that does not recover, clients that do not end: each ends the run by then. */
const faultPatienceMilliseconds = 120_000;
const recoveryPatienceMilliseconds = 60_000;
const clientPatienceMilliseconds = 60_000;
const proofPatienceMilliseconds = 240_000;

/** One data folder and all that was done on it. */
export interface Stretch {
  readonly site: Site;
  readonly ledger: Ledger;
  readonly stored: Stored;
  /** Of the rounds before, which have to hold at the end, too. */
  readonly chores: Chores[];
}

export interface Played {
  readonly detail: string;
  readonly sight: Sight;
  readonly requests: number;
  readonly acknowledged: number;
  readonly sentAgain: number;
  readonly chores: number;
  /** From the fault's end to the first event that was stored for certain, in milliseconds. */
  readonly recovered: number;
  readonly proven: Proven;
  readonly failures: readonly string[];
}

export interface Proven extends Findings {
  readonly highestSeq: number;
  readonly failures: readonly string[];
}

/** Load, a fault in its midst, recovery, and the proof. @throws Error when something of it does not end */
export async function playRound(stretch: Stretch, fault: Fault, random: Random): Promise<Played> {
  const { site, ledger } = stretch;
  const before = { requests: ledger.sent.length, acknowledged: ledger.acknowledgedEvents };
  const client = new Client(site, random, fault.clientsWait);
  const load = new Load(site, client, ledger, random);
  const chores = new Chores(site, client, random);
  const running = Promise.all([load.run(clients), chores.run(choreClients)]);
  await delay(random.between(loadMilliseconds.before.least, loadMilliseconds.before.most));
  const made = await within(faultPatienceMilliseconds, `making "${fault.name}"`, fault.make(site, random));
  await delay(made.lasts ?? 0);
  const liftedAt = performance.now();
  if (made.lift) await within(faultPatienceMilliseconds, `lifting "${fault.name}"`, made.lift());
  await within(recoveryPatienceMilliseconds, 'the recovery', untilServing(site, load));
  const recovered = performance.now() - liftedAt;
  await delay(loadMilliseconds.after);
  load.stop();
  chores.stop();
  await within(clientPatienceMilliseconds, 'the end of the clients', running);
  const unanswered = ledger.unanswered();
  await within(clientPatienceMilliseconds, 'sending again', load.sendAgain(unanswered, clients));
  const proven = await prove(stretch);
  const wrong = await within(proofPatienceMilliseconds, 'the proof of the chores', chores.prove());
  stretch.chores.push(chores);
  return {
    detail: made.detail ?? '',
    sight: client.sight,
    requests: ledger.sent.length - before.requests,
    acknowledged: ledger.acknowledgedEvents - before.acknowledged,
    sentAgain: unanswered.length,
    chores: chores.count,
    recovered,
    proven,
    failures: [...proven.failures, ...wrong, ...client.sight.oddities.slice(0, 20)],
  };
}

/** Until an event was stored for certain, and the server says that it is ready. */
async function untilServing(site: Site, load: Load): Promise<void> {
  while (!(await load.tryOne()) || !(await isReady(site))) await delay(20);
}

async function isReady(site: Site): Promise<boolean> {
  try {
    const { status } = await fetch(`${site.baseUrl}/readyz`, { signal: AbortSignal.timeout(10_000) });
    return status === 200;
  } catch {
    return false;
  }
}

/** What has to hold of everything that is stored, while nothing is sent. */
export async function prove({ site, ledger, stored }: Omit<Stretch, 'chores'>): Promise<Proven> {
  const { baseUrl, credentials, dataDir } = site;
  const all = Promise.all([
    stored.readOn(baseUrl, credentials),
    readOpenHours(baseUrl, credentials),
    findGaps(dataDir),
    verify(dataDir),
  ]);
  const [, openHours, { gaps, highest }, verified] = await within(
    proofPatienceMilliseconds,
    'the proof',
    all,
  );
  const findings = stored.compare(ledger);
  return {
    ...findings,
    highestSeq: highest,
    failures: [
      ...findings.lost.slice(0, 20).map((marker) => `LOST ${marker}`),
      ...findings.doubled.slice(0, 20).map((marker) => `DOUBLED ${marker}`),
      ...openHours.map((hour) => `ACCOUNTING DOES NOT CLOSE ${JSON.stringify(hour)}`),
      ...gaps.map((gap) => `GAP IN SEQ ${gap}`),
      ...verified.map((line) => `VERIFY ${line}`),
    ],
  };
}

/** Once more, from the first event on, and with what is done behind the answers. */
export async function proveAll(stretch: Stretch, stored: Stored): Promise<readonly string[]> {
  const { failures } = await prove({ ...stretch, stored });
  const wrong = await runVerify(stretch.site.dataDir);
  for (const chores of stretch.chores)
    wrong.push(...(await within(proofPatienceMilliseconds, 'the proof of the chores', chores.prove(true))));
  return [...failures, ...wrong];
}

import { chmod, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fetchFrom } from '../journeys/send.ts';
import { prepareVendors } from '../journeys/vendors.ts';
import { Client } from './client.ts';
import { Disk } from './disk.ts';
import type { Fault } from './faults/fault.ts';
import { faultOf } from './faults/index.ts';
import { figuresOf, presentFigures } from './figures.ts';
import { Ledger } from './ledger.ts';
import { Load } from './load.ts';
import { Stored } from './proof.ts';
import { Random } from './random.ts';
import { type Played, playRound, prove, proveAll, type Stretch } from './round.ts';
import { RunFolder, type RunState } from './run-folder.ts';
import { Site } from './site.ts';

/** So many rounds share a data folder, whose every event is proven at the end. */
const roundsPerStretch = 50;

export interface RunOptions {
  readonly rounds: number;
  readonly seed: number;
  readonly faults: readonly Fault[];
  /** Of the server. */
  readonly processes: number;
  /** Undefined: one of its own. */
  readonly folder: string | undefined;
}

/** A run from its beginning, or from where it was stopped, to its end. */
export class CrashRun {
  wasInterrupted = false;
  readonly #options: RunOptions;
  readonly #folder: RunFolder;
  readonly #state: RunState;
  readonly #disk: Disk | undefined;
  readonly #faults: readonly Fault[];
  readonly #site: Site;
  #stretch: Stretch | undefined;

  private constructor(options: RunOptions, folder: RunFolder, disk: Disk | undefined) {
    this.#options = options;
    this.#folder = folder;
    this.#state = folder.read() ?? {
      seed: options.seed,
      round: 0,
      stretch: 1,
      failedRounds: 0,
      worked: 0,
      figures: {},
    };
    this.#disk = disk;
    this.#faults = options.faults.filter(
      ({ needsDisk, needsProcesses }) =>
        (disk !== undefined || !needsDisk) && (options.processes > 1 || !needsProcesses),
    );
    const settings = ['--processes', String(options.processes)];
    this.#site = new Site({ folder: folder.path, disk, settings });
  }

  static async begin(options: RunOptions): Promise<CrashRun> {
    const path =
      options.folder === undefined ? await mkdtemp(join(tmpdir(), 'tl-crash-')) : resolve(options.folder);
    await mkdir(path, { recursive: true });
    // Else, as root, the database's account could not enter it, and the cluster would lie elsewhere.
    await chmod(path, 0o755);
    const disk = await openDisk(path, options.faults);
    return new CrashRun(options, new RunFolder(path), disk);
  }

  /** Answers whether all is well. */
  async play(): Promise<boolean> {
    const { rounds } = this.#options;
    const state = this.#state;
    const from = state.round === 0 ? '' : `, going on behind round ${state.round}`;
    console.log(`crash test: ${rounds} rounds of ${this.#faults.length} faults, seed ${state.seed}${from}`);
    try {
      while (state.round < rounds && !this.wasInterrupted) await this.#playOne();
      if (this.#stretch) await this.#endStretch(this.#stretch);
    } catch (error) {
      if (this.wasInterrupted) return false;
      console.log(error);
      state.failedRounds++;
    }
    if (this.wasInterrupted) return false;
    return this.#finish();
  }

  /** Ends what runs. With a folder of its choice the run can be gone on with. */
  async interrupt(): Promise<void> {
    if (this.wasInterrupted) return;
    this.wasInterrupted = true;
    const { folder } = this.#options;
    if (folder === undefined) await this.#remove();
    else {
      await this.#site.stop().catch(() => undefined);
      // Something of the round may still be under way on it; who goes on takes it as it is.
      await this.#disk?.unmount().catch(() => undefined);
      console.log(`the same command, with --folder ${folder}, goes on behind round ${this.#state.round}`);
    }
  }

  async #playOne(): Promise<void> {
    const state = this.#state;
    const startedAt = performance.now();
    const round = state.round + 1;
    const random = new Random(state.seed + round * 1_000_003);
    this.#stretch ??= await this.#beginStretch(random);
    const fault = faultOf(round, this.#faults, state.seed);
    const played = await playRound(this.#stretch, fault, random);
    state.round = round;
    state.worked += performance.now() - startedAt;
    this.#count(fault, played);
    const took = ((performance.now() - startedAt) / 1000).toFixed(1);
    console.log(this.#presentRound(fault, played, took));
    for (const failure of played.failures) console.log(`  ${failure}`);
    this.#folder.store(state);
    if (round % roundsPerStretch === 0) await this.#endStretch(this.#stretch);
  }

  #count(fault: Fault, { acknowledged, proven, sight, recovered, failures }: Played): void {
    const figures = figuresOf(this.#state.figures, fault.name);
    figures.rounds++;
    figures.acknowledged += acknowledged;
    figures.lost += proven.lost.length;
    figures.doubled += proven.doubled.length;
    figures.refused += sight.refused;
    figures.unanswered += sight.unanswered;
    figures.longestWait = Math.max(figures.longestWait, sight.longestWait);
    figures.recoveries.push(Math.round(recovered));
    if (failures.length === 0) return;
    figures.failedRounds++;
    this.#state.failedRounds++;
  }

  #presentRound({ name }: Fault, played: Played, took: string): string {
    const { detail, sight, proven } = played;
    return (
      `round ${this.#state.round}/${this.#options.rounds}: ${name}${detail === '' ? '' : ` (${detail})`}; ` +
      `${played.requests} requests and ${played.chores} chores, ${sight.refused} told to come back, ${sight.unanswered} without an answer, ` +
      `${played.sentAgain} sent again, longest wait ${Math.round(sight.longestWait)} ms; ` +
      `${played.acknowledged} events acknowledged, ${proven.stored} stored so far, lost ${proven.lost.length}, doubled ${proven.doubled.length}, ` +
      `seq 1 to ${proven.highestSeq}; recovered in ${Math.round(played.recovered)} ms; ${took} s`
    );
  }

  /** A new data folder, or the one that a run which was stopped has left: that has to hold what was acknowledged, too. */
  async #beginStretch(random: Random): Promise<Stretch> {
    const ledger = new Ledger(this.#folder.ledgerOf(this.#state.stretch));
    const site = this.#site;
    site.setClock(0);
    await this.#disk?.empty();
    const { isNew } = site;
    await site.start();
    const stretch = { site, ledger, stored: new Stored(), chores: [] };
    if (isNew) await prepareVendors(fetchFrom(site.baseUrl), site.credentials);
    else if (ledger.sent.length > 0) {
      const client = new Client(site, random);
      const unanswered = ledger.unanswered();
      await new Load(site, client, ledger, random).sendAgain(unanswered, 12);
      const { failures, stored } = await prove(stretch);
      console.log(
        `found what was left: ${ledger.acknowledgedEvents} events acknowledged, ${unanswered.length} requests sent again, ${stored} stored`,
      );
      for (const failure of failures) console.log(`  ${failure}`);
      if (failures.length > 0) this.#state.failedRounds++;
    }
    return stretch;
  }

  /** Proves all that was stored once more, also after a last stop and start, and takes the data away if it is well. */
  async #endStretch(stretch: Stretch): Promise<void> {
    const { site, ledger } = stretch;
    await site.stop();
    await site.start();
    const failures = await proveAll(stretch, new Stored());
    console.log(
      `all ${ledger.acknowledgedEvents} events of data folder ${this.#state.stretch} proven again after a stop and a start: ${failures.length === 0 ? 'well' : 'NOT WELL'}`,
    );
    for (const failure of failures.slice(0, 40)) console.log(`  ${failure}`);
    await site.stop();
    ledger.close();
    this.#stretch = undefined;
    if (failures.length > 0) {
      this.#state.failedRounds++;
      throw new Error('what was stored before is not as it was');
    }
    await site.remove();
    await rm(site.logFile, { force: true });
    await rm(this.#folder.ledgerOf(this.#state.stretch), { force: true });
    this.#state.stretch++;
    this.#folder.store(this.#state);
  }

  async #finish(): Promise<boolean> {
    const { round, failedRounds, figures, worked } = this.#state;
    const { rounds, folder } = this.#options;
    console.log(`\n${presentFigures(figures)}\n`);
    console.log(`${(worked / 1000 / Math.max(1, round)).toFixed(1)} s a round`);
    const isWell = failedRounds === 0 && round >= rounds;
    if (!isWell) await this.#leave();
    else if (folder === undefined) await this.#remove();
    else await this.#disk?.remove();
    console.log(`${Math.max(0, round - failedRounds)} passed, ${failedRounds} failed`);
    return isWell;
  }

  /** For who looks what went wrong. */
  async #leave(): Promise<void> {
    await this.#site.stop().catch(() => undefined);
    this.#folder.store(this.#state);
    const { dataDir, logFile } = this.#site;
    const mounted = this.#disk ? ` (its disk is mounted: umount ${this.#disk.path} when done)` : '';
    console.log(
      `the data is kept in ${dataDir}${mounted}, the server's log in ${logFile}, what was sent in ${this.#folder.path}`,
    );
    console.log(`to look at it: node scripts/bootstrap.js start --data-dir ${dataDir}`);
  }

  async #remove(): Promise<void> {
    await this.#site.remove();
    await this.#disk?.remove();
    await rm(this.#folder.path, { recursive: true, force: true });
  }
}

/** Undefined, with a line that says why, where there can be none. */
async function openDisk(path: string, faults: readonly Fault[]): Promise<Disk | undefined> {
  const needing = faults.filter((fault) => fault.needsDisk);
  if (needing.length === 0) return undefined;
  const disk = new Disk(path);
  try {
    await disk.open();
    return disk;
  } catch (error) {
    const reason = error instanceof Error ? error.message.trim().split('\n').at(-1) : String(error);
    console.log(
      `skipped, for want of a disk of its own (${reason}): ${needing.map(({ name }) => name).join(', ')}`,
    );
    return undefined;
  }
}

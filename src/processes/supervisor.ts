import cluster, { type Worker } from 'node:cluster';
import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { EmbeddedConnection } from '../store/backends/embedded.ts';
import { StartupError } from '../store/startup-error.ts';
import { closeWhatItLeaves } from './handed-connections.ts';
import type { Hub } from './hub.ts';
import { type Patience, Pulse } from './pulse.ts';

/** One that has lived so long is started again at once, and has died for a reason of its own. */
const soundMilliseconds = 10_000;
const firstPauseMilliseconds = 100;
const longestPauseMilliseconds = 10_000;
/** One that ends so often, each time soon after its start, is not started any more. */
const maximumFailures = 10;
/** A process cuts what does not end after eight seconds by itself (cli/start.ts). */
const stopMilliseconds = 9_000;

/** A place for a process that serves requests. */
interface Place {
  readonly number: number;
  worker: Worker | undefined;
  /** Ends in a row, each soon after a start. */
  failures: number;
}

/**
 * The processes that serve requests on one port: starts them, and starts again who dies. The port is this process's, which hands each
 * connection to the next of them in turn, so that one that dies takes no connection with it that it has not begun with.
 */
export class Supervisor {
  readonly #hub: Hub;
  readonly #embedded: EmbeddedConnection | undefined;
  readonly #logger: Logger;
  readonly #patience: Patience | undefined;
  readonly #places: readonly Place[];
  readonly #baseUrl = Promise.withResolvers<string>();
  readonly #allGone = Promise.withResolvers<void>();
  #listening = 0;
  #isReady = false;
  #isStopping = false;

  /** @param patience with one that says nothing any more */
  constructor(
    count: number,
    hub: Hub,
    embedded: EmbeddedConnection | undefined,
    logger: Logger,
    patience?: Patience,
  ) {
    this.#hub = hub;
    this.#embedded = embedded;
    this.#logger = logger;
    this.#patience = patience;
    this.#places = Array.from({ length: count }, (_, index) => ({
      number: index + 1,
      worker: undefined,
      failures: 0,
    }));
  }

  /** Resolves when each of them has died too often. */
  get allGone(): Promise<void> {
    return this.#allGone.promise;
  }

  /** Starts all; answers their address when all take requests. @throws StartupError when one ends before that, and then all do */
  start(): Promise<string> {
    // So that what is no number, and what is not there, comes over as it is.
    cluster.setupPrimary({ serialization: 'advanced' });
    for (const place of this.#places) this.#fork(place);
    return this.#baseUrl.promise;
  }

  /** As a stop of the server does it: each answers what it has accepted. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    const stopped = this.#running().map((worker) => this.#stopOne(worker));
    await Promise.all(stopped);
  }

  /** At once. */
  kill(): void {
    this.#isStopping = true;
    for (const worker of this.#running()) worker.process.kill('SIGKILL');
  }

  #running(): Worker[] {
    return this.#places.flatMap(({ worker }) => worker ?? []);
  }

  async #stopOne(worker: Worker): Promise<void> {
    const ended = new Promise<void>((resolve) => worker.once('exit', () => resolve()));
    worker.process.kill('SIGTERM');
    const timer = setTimeout(() => {
      this.#logger.warn({ pid: worker.process.pid }, 'a process did not end in time and is killed');
      worker.process.kill('SIGKILL');
    }, stopMilliseconds);
    await ended;
    clearTimeout(timer);
  }

  #fork(place: Place): void {
    const startedAt = performance.now();
    const worker = cluster.fork();
    place.worker = worker;
    closeWhatItLeaves(worker);
    const { line, dismiss } = this.#hub.admit(
      { number: place.number, embedded: this.#embedded },
      // What can't be sent is for a process that has ended, or is about to.
      (letter) => worker.send(letter, () => {}),
      (baseUrl) => this.#hearListening(place, baseUrl),
    );
    let isSilent = false;
    const pulse = new Pulse(
      () => line.tell('isAlive'),
      (milliseconds) => {
        isSilent = true;
        this.#endSilent(place, worker, milliseconds);
      },
      this.#patience,
    );
    worker.on('message', (letter) => {
      pulse.hear();
      line.receive(letter);
    });
    worker.on('error', (error) => this.#logger.error({ err: error, of: place.number }, 'a process is amiss'));
    worker.once('exit', (code, signal) => {
      place.worker = undefined;
      pulse.stop();
      if (!this.#isStopping) this.#hub.countEnd(isSilent ? 'silent' : 'died');
      void dismiss();
      const isSound = this.#isReady && performance.now() - startedAt > soundMilliseconds;
      place.failures = isSound ? 0 : place.failures + 1;
      this.#hearEnd(place, worker, code, signal);
    });
  }

  /** Its loop hangs, or its process was stopped: nobody else would end it, and who waits for it waits for ever. */
  #endSilent({ number }: Place, worker: Worker, milliseconds: number): void {
    this.#logger.error(
      { of: number, pid: worker.process.pid, silentMilliseconds: milliseconds },
      'a process answers nothing any more and is killed',
    );
    worker.process.kill('SIGKILL');
  }

  #hearListening({ number }: Place, baseUrl: string): void {
    if (this.#isReady) this.#logger.info({ of: number }, 'the process takes requests again');
    else if (++this.#listening === this.#places.length) {
      this.#isReady = true;
      this.#baseUrl.resolve(baseUrl);
    }
  }

  #hearEnd(place: Place, { process: { pid } }: Worker, code: number | null, signal: string | null): void {
    if (this.#isStopping) return;
    const about = { of: place.number, pid, code, signal };
    if (!this.#isReady) {
      this.kill();
      const how = signal === null ? `with code ${code}` : `by ${signal}`;
      this.#baseUrl.reject(new StartupError(`process ${place.number} ended ${how} before it took requests`));
    } else if (place.failures < maximumFailures) {
      this.#logger.error(about, 'a process ended unexpectedly; starting it again');
      void this.#startAgain(place);
    } else {
      this.#logger.fatal(about, `a process ended ${maximumFailures} times in a row; the others go on`);
      if (this.#places.every(({ worker, failures }) => !worker && failures >= maximumFailures))
        this.#allGone.resolve();
    }
  }

  async #startAgain(place: Place): Promise<void> {
    const pause = firstPauseMilliseconds * 2 ** (place.failures - 1);
    if (place.failures > 0) await delay(Math.min(pause, longestPauseMilliseconds), undefined, { ref: false });
    if (!this.#isStopping) this.#fork(place);
  }
}

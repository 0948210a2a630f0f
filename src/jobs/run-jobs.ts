import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { Clock } from '../core/clock.ts';
import { newId } from '../core/id.ts';
import { listDueJobs } from '../core/job/due-job-store.ts';
import type { Job, JobStep } from '../core/job/job.ts';
import {
  ClaimLostError,
  claimJob,
  type DueJob,
  readJob,
  readOpenJob,
  releaseJob,
  renewClaim,
  storeJobStep,
} from '../core/job/job-store.ts';
import { changeWorkspace } from '../core/workspace/change-workspace.ts';
import type { WorkspaceId } from '../core/workspace/workspace.ts';
import type { Database } from '../store/database.ts';
import { isConnectionError, isOutage } from '../store/transaction.ts';
import { type JobKind, SliceFailure } from './job-kind.ts';
import { attempt, type Rounds, startRounds } from './rounds.ts';

/*
 * Any number of processes run jobs. A job is claimed by one of them, which says by each slice, and by a heartbeat beside a long one,
 * that it is alive; when it is not, the claim runs out and another goes on from the last slice that was stored. A slice that fails is
 * tried again, later each time.
 */

/** A process that has died keeps its jobs for so long. */
const claimMilliseconds = 60_000;
const heartbeatMilliseconds = 15_000;
const lookMilliseconds = 10_000;
/** Who waits for a job that another process has looks so often how far it is. */
const followMilliseconds = 100;
const jobsAtOnce = 2;
const firstRetryMilliseconds = 5_000;
const longestRetryMilliseconds = 60 * 60 * 1000;
/** About ten hours of trying; then somebody has to look. While the database can't work it is none of the job's. */
const maximumAttempts = 20;
/** Between two slices the workspace's own work has as much of the time, but a job is not to take days. */
const longestRestMilliseconds = 200;

/** What became of a job with a slice; the job itself where its row is gone with its workspace. */
type SliceEnd = 'open' | 'over' | Job;

/** How far a job is run for who waits for it; without bounds to its end. */
export interface RunBounds {
  readonly slices?: number;
  /** Milliseconds since the epoch: what is said to slices (job-kind.ts). */
  readonly deadline?: number;
}

export interface JobServices {
  readonly database: Database;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Where another process takes up jobs, and this one runs only what somebody waits for: has it look. */
  readonly lookElsewhere?: (() => Promise<void>) | undefined;
}

export class JobRunner {
  readonly #services: JobServices;
  readonly #listKinds: () => readonly JobKind[];
  #knownKinds: ReadonlyMap<string, JobKind> | undefined;
  /** What claims say of this process. */
  readonly #id: string;
  readonly #stopping = new AbortController();
  readonly #running = new Map<string, Promise<void>>();
  #rounds: Rounds | undefined;
  #looking = Promise.resolve();

  /** @param listKinds is called once, when the first job is looked for: what kinds work with may include this runner */
  constructor(services: JobServices, listKinds: () => readonly JobKind[]) {
    this.#services = services;
    this.#listKinds = listKinds;
    this.#id = newId(services.clock());
  }

  /** Looks for jobs from now on. */
  start(): void {
    const times = { firstMilliseconds: 0, intervalMilliseconds: lookMilliseconds };
    this.#rounds = startRounds(times, () => this.look());
  }

  /** Takes what is due, as far as this process (or that which takes up jobs) has room; resolves when that is under way. What fails is logged. */
  look(): Promise<void> {
    const { lookElsewhere } = this.#services;
    if (lookElsewhere) return attempt(this.#services.logger, { job: 'look for jobs' }, lookElsewhere);
    this.#looking = this.#looking.then(() =>
      attempt(this.#services.logger, { job: 'look for jobs' }, () => this.#lookOnce()),
    );
    return this.#looking;
  }

  /** Resolves when nothing is under way here and nothing was due at the last look. */
  async settle(): Promise<void> {
    for (;;) {
      await this.look();
      if (this.#running.size === 0) return;
      await Promise.all(this.#running.values());
    }
  }

  /**
   * Runs a job here and now, for who waits for it. Answers it as it is then: over, or, within the bounds, under way; or `busy` when
   * another has it. @throws what its slice threw; the job is tried again by itself
   */
  async run(due: DueJob, bounds: RunBounds = {}): Promise<Job | 'busy'> {
    const job = await this.#claim(due);
    if (!job) return 'busy';
    const gone = await this.#track(due, this.#work(due, job, bounds));
    return gone ?? (await this.#read(due)) ?? job;
  }

  /**
   * Runs a job, for who waits for it, or waits for whoever has it. Answers it as it is then: over, unless this process stops before.
   * @throws what its slice threw; the job is tried again by itself
   */
  async runToEnd(due: DueJob): Promise<Job | undefined> {
    for (;;) {
      const ran = await this.run(due);
      if (ran !== 'busy') return ran;
      const job = await this.#read(due);
      const isOpen = job?.state === 'waiting' || job?.state === 'running';
      if (!isOpen || this.#stopping.signal.aborted) return job;
      await sleep(followMilliseconds);
    }
  }

  /** Runs the job of a kind and subject that is open, if there is one, as `runToEnd` does. */
  async runOpen(workspaceId: WorkspaceId, kind: string, subject?: string): Promise<Job | undefined> {
    const open = await readOpenJob(this.#services.database, workspaceId, kind, subject);
    return open && this.runToEnd({ workspaceId, id: open.id });
  }

  /** Ends after the slices that are under way; what is not over is given back. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#rounds?.stop();
    await this.#looking;
    await Promise.all(this.#running.values());
  }

  get #kinds(): ReadonlyMap<string, JobKind> {
    this.#knownKinds ??= new Map(this.#listKinds().map((kind) => [kind.name, kind]));
    return this.#knownKinds;
  }

  async #lookOnce(): Promise<void> {
    const room = jobsAtOnce - this.#running.size;
    if (room <= 0 || this.#stopping.signal.aborted) return;
    const { database, clock } = this.#services;
    const due = await listDueJobs(database, [...this.#kinds.keys()], new Date(clock()), room);
    for (const one of due) if (!this.#stopping.signal.aborted) this.#begin(one);
  }

  #begin(due: DueJob): void {
    if (this.#running.has(due.id)) return;
    const { logger } = this.#services;
    const about = { job: due.id, workspace: due.workspaceId };
    const run = attempt(
      logger,
      about,
      async () => {
        const job = await this.#claim(due);
        if (job) await this.#work(due, job, {});
      },
      (error) => error instanceof SliceFailure || isConnectionError(error),
    );
    void this.#track(due, run).then(() => {
      // There may be one that had no room before.
      if (!this.#stopping.signal.aborted) void this.look();
    });
  }

  /** Counts work on a job among what this process does and ends before it stops. */
  async #track<Result>(due: DueJob, work: Promise<Result>): Promise<Result> {
    const end = () => {
      if (this.#running.get(due.id) === ended) this.#running.delete(due.id);
    };
    const ended = work.then(end, end);
    this.#running.set(due.id, ended);
    return work;
  }

  #read({ workspaceId, id }: DueJob): Promise<Job | undefined> {
    return readJob(this.#services.database, workspaceId, id);
  }

  #claim(due: DueJob): Promise<Job | undefined> {
    return claimJob(this.#services.database, due, this.#claimNow());
  }

  #claimNow() {
    const now = this.#services.clock();
    return { by: this.#id, now: new Date(now), until: new Date(now + claimMilliseconds) };
  }

  /** Answers the job as it ended where its row is gone with its workspace. */
  async #work(due: DueJob, claimed: Job, bounds: RunBounds): Promise<Job | undefined> {
    const { slices = Number.POSITIVE_INFINITY, deadline = null } = bounds;
    const { clock, logger } = this.#services;
    const kind = this.#kinds.get(claimed.kind);
    if (!kind) throw new Error(`there is no job of the kind ${claimed.kind}`);
    let { attempts } = claimed;
    try {
      for (let done = 0; done < slices && !this.#stopping.signal.aborted; done++) {
        const began = performance.now();
        const end = await this.#runSlice(kind, due, deadline);
        if (end === 'over') {
          this.#logEnd(due, await this.#read(due));
          return undefined;
        }
        if (end !== 'open') {
          this.#logEnd(due, end);
          return end;
        }
        attempts = 0;
        await sleep(Math.min(performance.now() - began, longestRestMilliseconds));
      }
      await this.#release(due, null, new Date(clock()));
      return undefined;
    } catch (error) {
      if (error instanceof ClaimLostError) {
        logger.info({ job: due.id, kind: kind.name }, 'a job went on elsewhere');
        return undefined;
      }
      await this.#release(due, describe(error), this.#nextTry(error, attempts + 1));
      throw error;
    }
  }

  #logEnd(due: DueJob, job: Job | undefined): void {
    const about = { job: due.id, workspace: due.workspaceId, kind: job?.kind, result: job?.result };
    this.#services.logger.info(about, 'a job has ended');
  }

  #release(due: DueJob, error: string | null, dueAt: Date | null): Promise<void> {
    const { database, clock } = this.#services;
    return releaseJob(database, due, this.#id, { error, dueAt }, new Date(clock()));
  }

  /** When a job whose slice has failed is gone on with; null: not by itself. `failures`: in a row. */
  #nextTry(error: unknown, failures: number): Date | null {
    if (error instanceof SliceFailure) return error.nextTry;
    if (failures >= maximumAttempts && !isOutage(error)) return null;
    const wait = Math.min(firstRetryMilliseconds * 2 ** (failures - 1), longestRetryMilliseconds);
    return new Date(this.#services.clock() + wait);
  }

  async #runSlice(kind: JobKind, due: DueJob, deadline: number | null): Promise<SliceEnd> {
    const { database, clock } = this.#services;
    const { workspaceId, id } = due;
    const stopping = this.#stopping.signal;
    if (kind.under === 'claim') {
      const job = await readJob(database, workspaceId, id);
      if (job?.state !== 'running') return 'over';
      const step = await this.#beating(due, () => kind.slice({ workspaceId, job, deadline, stopping }));
      return this.#storeStep(due, job, step);
    }
    return changeWorkspace({ database }, workspaceId, new Date(clock()), async (change) => {
      const job = await readJob(change.tx, workspaceId, id);
      if (job?.state !== 'running') return 'over';
      const step = await kind.slice({ ...change, job, deadline, stopping });
      await storeJobStep(change.tx, workspaceId, job, this.#claimNow(), step);
      return step.result === undefined ? 'open' : 'over';
    });
  }

  /** One that was asked for anew meanwhile begins again. @throws ClaimLostError */
  async #storeStep(due: DueJob, job: Job, step: JobStep): Promise<SliceEnd> {
    const { database, clock } = this.#services;
    const { result, progress } = step;
    if (step.isGone && result)
      return { ...job, state: 'finished', progress, result, finishedAt: new Date(clock()) };
    try {
      await storeJobStep(database, due.workspaceId, job, this.#claimNow(), step);
      return result === undefined ? 'open' : 'over';
    } catch (error) {
      if (!(error instanceof ClaimLostError)) throw error;
      await renewClaim(database, due, this.#claimNow());
      return 'open';
    }
  }

  /** Keeps the claim while a slice takes its time. One that is lost shows when the slice's end is stored. */
  async #beating<Result>(due: DueJob, work: () => Promise<Result>): Promise<Result> {
    const beat = setInterval(() => {
      renewClaim(this.#services.database, due, this.#claimNow()).catch(() => undefined);
    }, heartbeatMilliseconds);
    try {
      return await work();
    } finally {
      clearInterval(beat);
    }
  }
}

/** One line, without what a value of somebody's may stand in: PostgreSQL's detail is not part of its message. */
function describe(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.split('\n', 1)[0]!.slice(0, 500);
}

import { Counter, Gauge, type Registry } from 'prom-client';
import type { Clock } from '../core/clock.ts';
import type { AddressAllowance } from '../core/rate-limit/address-limiter.ts';
import { alone, type News, type Together } from '../core/together.ts';
import type { WorkspaceId } from '../core/workspace/workspace.ts';
import type { EmbeddedConnection } from '../store/backends/embedded.ts';
import { Line, within } from './line.ts';
import { type Measured, onlyCounts, sumUp } from './metrics-of-all.ts';
import { Others } from './others.ts';
import type { WorkerQuestions } from './worker-end.ts';

/** No copy of what seldom changes is used for longer (core/fresh-cache.ts): who has not confirmed by then has none that old. */
const newsMilliseconds = 5_000;
/** Of one that does not answer in time the figures of the last time are shown. */
const measureMilliseconds = 2_000;

/** What a process that serves requests begins with. */
export interface Order {
  /** From 1 on; who takes the place of one that has died has its number. */
  readonly number: number;
  /** How to reach the embedded server; undefined: the settings name an external one. */
  readonly embedded: EmbeddedConnection | undefined;
}

/** A process that serves requests. */
interface Member {
  readonly line: Line<WorkerQuestions>;
  /** At the last time that somebody asked for it. */
  measured: Measured;
}

/** What its own services are, when they are made. */
export interface HubServices {
  readonly lookForJobs: () => Promise<void>;
  readonly registry: Registry;
}

/** `silent`: it said nothing any more, and was killed for it. */
const endCauses = ['died', 'silent'] as const;

export type PrimaryQuestions = ReturnType<Hub['admit']>['answers'];

/**
 * What is kept once for all processes that serve requests, in the process that has started them: counts that have to hold over all, who
 * tells whom, the figures of all.
 */
export class Hub {
  readonly together: Together;
  readonly #kept: ReturnType<typeof alone>;
  readonly #others: Others;
  readonly #members = new Set<Member>();
  #services: HubServices | undefined;
  #gone: Measured = [];
  #ends: Counter<'cause'> | undefined;

  constructor(allowance: AddressAllowance, clock: Clock) {
    this.#others = new Others({
      news: (news) => this.#spreadNews(news),
      commits: (workspaceIds) => this.#spreadCommits(workspaceIds),
    });
    this.#kept = alone(allowance, clock);
    this.together = { ...this.#kept, others: this.#others };
  }

  /** When the services of this process are made. */
  serve(services: HubServices): void {
    const members = this.#members;
    this.#services = services;
    new Gauge({
      name: 'throughline_processes',
      help: 'Processes that take requests.',
      registers: [services.registry],
      collect() {
        this.set(members.size);
      },
    });
    this.#ends = new Counter({
      name: 'throughline_process_ends_total',
      help: 'Processes that took requests and ended though nobody had asked for it, by cause.',
      labelNames: ['cause'],
      registers: [services.registry],
    });
    for (const cause of endCauses) this.#ends.inc({ cause }, 0);
  }

  countEnd(cause: (typeof endCauses)[number]): void {
    this.#ends?.inc({ cause });
  }

  /** The line to a process that was started, what it may ask, and what to do when it has ended. */
  admit(order: Order, send: (letter: object) => void, listens: (baseUrl: string) => void) {
    const { rateWindows, visitors, signInThrottle, signInLinks } = this.#kept;
    const answers = {
      begin: () => order,
      listens: (baseUrl: string) => {
        this.#members.add(member);
        listens(baseUrl);
      },
      addToRate: rateWindows.add.bind(rateWindows),
      beginVisit: visitors.begin.bind(visitors),
      addVisitBytes: visitors.addBytes.bind(visitors),
      signInWait: signInThrottle.waitSeconds.bind(signInThrottle),
      beginSignIn: signInThrottle.begin.bind(signInThrottle),
      succeedSignIn: signInThrottle.succeed.bind(signInThrottle),
      makeSignInLink: signInLinks.make.bind(signInLinks),
      takeSignInLink: signInLinks.take.bind(signInLinks),
      tell: async (news: News) => {
        await Promise.all([this.#others.hear(news), this.#spreadNews(news, member)]);
      },
      committed: (workspaceIds: readonly WorkspaceId[]) => this.#spreadCommits(workspaceIds, member),
      lookForJobs: async () => {
        await this.#services?.lookForJobs();
      },
      readMetrics: () => this.#readMetrics(),
    };
    const member: Member = { line: new Line<WorkerQuestions>(send, answers), measured: [] };
    return { line: member.line, answers, dismiss: () => this.#dismiss(member) };
  }

  async #dismiss(member: Member): Promise<void> {
    member.line.close();
    this.#members.delete(member);
    this.#gone = await sumUp([this.#gone, onlyCounts(member.measured)]).getMetricsAsJSON();
  }

  #membersBut(sender: Member | undefined): Member[] {
    return [...this.#members].filter((member) => member !== sender);
  }

  async #spreadNews(news: News, sender?: Member): Promise<void> {
    await Promise.all(
      this.#membersBut(sender).map(({ line }) => within(newsMilliseconds, line.ask('hear', news))),
    );
  }

  #spreadCommits(workspaceIds: readonly WorkspaceId[], sender?: Member): void {
    for (const { line } of this.#membersBut(sender)) line.tell('hearOfCommits', workspaceIds);
  }

  async #readMetrics(): Promise<string> {
    await Promise.all([...this.#members].map(measure));
    const own = (await this.#services?.registry.getMetricsAsJSON()) ?? [];
    return sumUp([own, this.#gone, ...[...this.#members].map(({ measured }) => measured)]).metrics();
  }
}

async function measure(member: Member): Promise<void> {
  member.measured = (await within(measureMilliseconds, member.line.ask('measure'))) ?? member.measured;
}

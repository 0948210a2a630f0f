import type { Clock } from './clock.ts';
import { SignInLinks } from './credential/sign-in-links.ts';
import { SignInThrottle } from './credential/sign-in-throttle.ts';
import { type AddressAllowance, AddressLimiter } from './rate-limit/address-limiter.ts';
import { RateWindows } from './rate-limit/rate-windows.ts';
import type { WorkspaceId } from './workspace/workspace.ts';

/** What may be in another process, so that each answer may have to be waited for. Arguments and answers are plain data. */
export type Reachable<Service> = {
  readonly [Name in keyof Service]: Service[Name] extends (...parameters: infer Parameters) => infer Answer
    ? (...parameters: Parameters) => Answer | Promise<Answer>
    : never;
};

/** What a process has changed of what others hold copies of. */
export type News =
  /** Its configuration. */
  | { readonly kind: 'workspace'; readonly workspaceId: WorkspaceId }
  /** By which names dialects call workspaces. */
  | { readonly kind: 'bindings' }
  /** One was revoked or given an end. */
  | { readonly kind: 'credentials' };

/** The other processes of the same start. */
export interface OtherProcesses {
  /** Resolves when none of them answers by its old copy any more. It does not fail. */
  tell(news: News): Promise<void>;
  onNews(listener: (news: News) => Promise<void>): void;
  /** Something was committed here: they hear of it soon. */
  committed(workspaceId: WorkspaceId): void;
  onCommit(listener: (workspaceId: WorkspaceId) => void): void;
}

/** What the processes of one start have in common. Where there is one alone it holds all of it (docs/decisions/0020-processes.md). */
export interface Together {
  readonly rateWindows: Reachable<RateWindows>;
  /** Of messages without a key, by address. */
  readonly visitors: Reachable<AddressLimiter>;
  readonly signInThrottle: Reachable<SignInThrottle>;
  readonly signInLinks: Reachable<SignInLinks>;
  readonly others: OtherProcesses;
  /** Where another process runs the jobs: has it look for them. */
  readonly lookForJobs?: () => Promise<void>;
  /** Of all processes, as Prometheus reads them; undefined: there is this one alone. */
  readonly readMetrics?: () => Promise<string>;
}

const nobody: OtherProcesses = {
  tell: () => Promise.resolve(),
  onNews: () => {},
  committed: () => {},
  onCommit: () => {},
};

/** Everything in this process. */
export function alone(allowance: AddressAllowance, clock: Clock) {
  return {
    rateWindows: new RateWindows(clock),
    visitors: new AddressLimiter(allowance, clock),
    signInThrottle: new SignInThrottle(clock),
    signInLinks: new SignInLinks(clock),
    others: nobody,
  } satisfies Together;
}

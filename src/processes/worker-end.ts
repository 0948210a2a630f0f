import type { Registry } from 'prom-client';
import type { News, Together } from '../core/together.ts';
import type { WorkspaceId } from '../core/workspace/workspace.ts';
import type { PrimaryQuestions } from './hub.ts';
import { Line } from './line.ts';
import { Others } from './others.ts';

export type WorkerQuestions = ReturnType<typeof answersOf>;

/** What the process that has started this one may ask of it. */
function answersOf(others: Others, registry: () => Registry | undefined) {
  return {
    hear: (news: News) => others.hear(news),
    hearOfCommits: (workspaceIds: readonly WorkspaceId[]) => others.hearOfCommits(workspaceIds),
    /** That there is an answer is the answer. */
    isAlive: () => true,
    measure: () => registry()?.getMetricsAsJSON() ?? [],
  };
}

/** The end of a process that serves requests: what all of them have in common is kept by the one that has started it (hub.ts). */
export function openWorkerEnd(
  send: (letter: object) => void,
  registry: () => Registry | undefined,
): { readonly primary: Line<PrimaryQuestions>; readonly together: Together } {
  const others: Others = new Others({
    // When the one that is asked has ended, this process ends, too.
    news: (news) => primary.ask('tell', news).catch(() => {}),
    commits: (workspaceIds) => primary.tell('committed', workspaceIds),
  });
  const primary: Line<PrimaryQuestions> = new Line(send, answersOf(others, registry));
  const together: Together = {
    rateWindows: { add: (name, amount) => primary.ask('addToRate', name, amount) },
    visitors: {
      begin: (address) => primary.ask('beginVisit', address),
      // Nobody waits for what only the next message is judged by.
      addBytes: (address, bytes) => primary.tell('addVisitBytes', address, bytes),
    },
    signInThrottle: {
      waitSeconds: (attempt) => primary.ask('signInWait', attempt),
      begin: (attempt) => primary.ask('beginSignIn', attempt),
      succeed: (attempt) => primary.ask('succeedSignIn', attempt),
    },
    signInLinks: {
      make: (keyId) => primary.ask('makeSignInLink', keyId),
      take: (secret) => primary.ask('takeSignInLink', secret),
    },
    others,
    lookForJobs: () => primary.ask('lookForJobs'),
    readMetrics: () => primary.ask('readMetrics'),
  };
  return { primary, together };
}

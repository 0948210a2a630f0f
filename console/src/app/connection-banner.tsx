import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useSyncExternalStore } from 'react';
import { Problem } from '../api/problem.ts';

const lookMilliseconds = 1500;

/**
 * Says that the server has gone away, and asks for all that is shown again when it is back. What was shown before stays meanwhile.
 */
export function ConnectionBanner() {
  const isAway = useIsAway();
  const queryClient = useQueryClient();
  useEffect(() => {
    if (!isAway) return undefined;
    const timer = setInterval(async () => {
      const isBack = await fetch('/healthz').then(
        ({ ok }) => ok,
        () => false,
      );
      // Also what has failed for good by now: it was refused by nobody.
      if (isBack) await queryClient.refetchQueries({ type: 'active' });
    }, lookMilliseconds);
    return () => clearInterval(timer);
  }, [isAway, queryClient]);
  return (
    <div role="status" className="banner-place">
      {isAway ? (
        <p className="banner">
          The server does not answer. What you see is what it said last; this page goes on by itself when it
          is back.
        </p>
      ) : null}
    </div>
  );
}

/** Whether something that is shown could not be asked for, as nobody answered. */
function useIsAway(): boolean {
  const queryClient = useQueryClient();
  const cache = queryClient.getQueryCache();
  return useSyncExternalStore(
    (listener) => cache.subscribe(listener),
    () =>
      cache
        .findAll({ type: 'active' })
        .some(({ state }) => isUnanswered(state.error) || isUnanswered(state.fetchFailureReason)),
  );
}

function isUnanswered(error: unknown): boolean {
  return error instanceof Problem && error.status === undefined;
}

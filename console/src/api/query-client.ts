import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query';
import { Problem } from './problem.ts';

/** What the app does when something of a request concerns all of it. */
export interface Listeners {
  readonly signedOut: () => void;
}

/**
 * What is asked for is kept for a while and shown at once when it is wanted again. What may pass is tried again by itself; a refusal
 * is final.
 */
export function createQueryClient(listeners: Listeners): QueryClient {
  const onError = (error: Error) => {
    if (error instanceof Problem && error.isSignedOut) listeners.signedOut();
  };
  return new QueryClient({
    queryCache: new QueryCache({ onError }),
    mutationCache: new MutationCache({ onError }),
    defaultOptions: {
      queries: {
        networkMode: 'always',
        staleTime: 5_000,
        retry: (failures, error) => failures < 2 && error instanceof Problem && error.isPassing,
        retryDelay: (failures) => 500 * 2 ** failures,
      },
      mutations: { networkMode: 'always' },
    },
  });
}

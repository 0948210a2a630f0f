import { useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useState } from 'react';
import { Problem } from '../../api/problem.ts';
import { type EventFilter, type LiveEvent, readNewest } from './queries.ts';

/** So many are kept; older ones are found by a person's timeline. */
const kept = 500;
/** However many come, the page is drawn anew no more often. */
const drawMilliseconds = 150;
const retryMilliseconds = 2_000;

export type StreamState = 'connecting' | 'open' | 'away';

export interface LiveEvents {
  /** Newest first; undefined until the first have come. */
  readonly events: readonly LiveEvent[] | undefined;
  readonly state: StreamState;
  readonly error: Error | undefined;
  /** How many have come while it was paused. */
  readonly held: number;
}

/** What comes in, from now on. While it is paused what comes is held back, and shown when it goes on. */
export function useLiveEvents(workspace: string, filter: EventFilter, isPaused: boolean): LiveEvents {
  const { api, type, person } = filter;
  const [events, setEvents] = useState<readonly LiveEvent[]>();
  const [waiting, setWaiting] = useState<readonly LiveEvent[]>([]);
  const [state, setState] = useState<StreamState>('connecting');
  const [error, setError] = useState<Error>();
  const queryClient = useQueryClient();
  const receive = useCallback(
    (received: readonly LiveEvent[]) => setWaiting((before) => [...received, ...before].slice(0, kept)),
    [],
  );
  useEffect(() => {
    setEvents(undefined);
    setWaiting([]);
    setError(undefined);
    setState('connecting');
    const filter = { api, type, person };
    return follow(workspace, filter, {
      // By a query, so that who is signed out meanwhile is told so as everywhere.
      read: () =>
        queryClient.fetchQuery({
          queryKey: ['newest-events', workspace, filter],
          queryFn: () => readNewest(workspace, filter),
          staleTime: 0,
          gcTime: 0,
        }),
      begin: setEvents,
      receive,
      state: setState,
      fail: setError,
    });
  }, [workspace, api, type, person, receive, queryClient]);
  useEffect(() => {
    if (isPaused || waiting.length === 0) return;
    setEvents((before = []) => join(waiting, before));
    setWaiting([]);
  }, [isPaused, waiting]);
  return { events, state, error, held: waiting.length };
}

interface Listener {
  readonly read: () => ReturnType<typeof readNewest>;
  readonly begin: (events: readonly LiveEvent[]) => void;
  /** Newest first. */
  readonly receive: (events: readonly LiveEvent[]) => void;
  readonly state: (state: StreamState) => void;
  readonly fail: (error: Error) => void;
}

/** Reads what is there, then what comes. Answers how to end it. */
function follow(workspace: string, filter: EventFilter, listener: Listener): () => void {
  let isOver = false;
  let retry: ReturnType<typeof setTimeout> | undefined;
  let end = () => {};
  const begin = async () => {
    try {
      const { events, seq } = await listener.read();
      if (isOver) return;
      listener.begin(events);
      end = listen(workspace, filter, seq, listener, again);
    } catch (cause) {
      if (isOver) return;
      const problem = cause instanceof Error ? cause : new Error(String(cause));
      if (problem instanceof Problem && problem.isPassing) again();
      else listener.fail(problem);
    }
  };
  const again = () => {
    end();
    if (isOver) return;
    listener.state('away');
    retry = setTimeout(() => void begin(), retryMilliseconds);
  };
  void begin();
  return () => {
    isOver = true;
    clearTimeout(retry);
    end();
  };
}

/** `lost`: the stream has ended, and does not come back by itself. */
function listen(
  workspace: string,
  { api, type, person }: EventFilter,
  afterSeq: number,
  { receive, state }: Listener,
  lost: () => void,
): () => void {
  const query = new URLSearchParams({ afterSeq: String(afterSeq) });
  for (const [name, value] of Object.entries({ dialect: api, type, person }))
    if (value !== undefined) query.set(name, value);
  const source = new EventSource(
    `/throughline/v1/workspaces/${encodeURIComponent(workspace)}/events/live?${query}`,
  );
  let received: LiveEvent[] = [];
  let timer: ReturnType<typeof setTimeout> | undefined;
  source.onopen = () => state('open');
  source.onmessage = ({ data }: MessageEvent<string>) => {
    received.unshift(JSON.parse(data));
    timer ??= setTimeout(() => {
      timer = undefined;
      receive(received);
      received = [];
    }, drawMilliseconds);
  };
  // It comes back by itself, and misses nothing, unless the server has refused it.
  source.onerror = () => {
    if (source.readyState === EventSource.CLOSED) lost();
    else state('connecting');
  };
  return () => {
    clearTimeout(timer);
    source.close();
  };
}

/** Nothing stands there twice: a stream that begins anew may tell of what was read already. */
function join(newer: readonly LiveEvent[], older: readonly LiveEvent[]): readonly LiveEvent[] {
  const known = new Set(older.map(({ id }) => id));
  return [...newer.filter(({ id }) => !known.has(id)), ...older].slice(0, kept);
}

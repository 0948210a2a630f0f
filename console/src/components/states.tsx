import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Problem } from '../api/problem.ts';
import { Button } from './button.tsx';

/** Something is asked for. It shows after a moment alone, so that what is quick does not flicker. */
export function Loading({ label = 'Loading …' }: { readonly label?: string }) {
  return (
    <p className="state state-loading" role="status">
      <span className="spinner" aria-hidden="true" />
      {label}
    </p>
  );
}

interface EmptyProps {
  readonly title: string;
  /** Why there is nothing, and what to do next. */
  readonly children?: ReactNode;
  readonly action?: ReactNode;
}

export function Empty({ title, children, action }: EmptyProps) {
  return (
    <div className="state state-empty">
      <p className="state-title">{title}</p>
      {children ? <div className="soft">{children}</div> : null}
      {action}
    </div>
  );
}

/** What went wrong and what to do next; `retry` asks again. */
export function Failure({ error, retry }: { readonly error: Error; readonly retry?: () => void }) {
  return (
    <div className="state state-failure" role="alert">
      <p className="state-title">{titleOf(error)}</p>
      <p className="soft foreign">{adviceOf(error)}</p>
      {retry ? <Button onClick={retry}>Try again</Button> : null}
    </div>
  );
}

function titleOf(error: Error): string {
  if (!(error instanceof Problem)) return 'This page has a fault';
  switch (error.status) {
    case undefined:
      return 'The server does not answer';
    case 404:
      return 'There is no such thing here';
    default:
      return error.isPassing ? 'Not now' : 'This could not be done';
  }
}

function adviceOf(error: Error): string {
  if (!(error instanceof Problem))
    return `${error.message}. Load the page again; if it stays so, tell whoever runs the server.`;
  if (error.status === undefined)
    return 'It may be starting, or the connection is gone. What is shown comes back by itself as soon as it answers.';
  return error.message;
}

interface LoadedProps<Data> {
  readonly query: UseQueryResult<Data>;
  readonly label?: string;
  readonly children: (data: Data) => ReactNode;
}

/** What a query has found. What was found before stays while it is asked for again, also when that fails. */
export function Loaded<Data>({ query, label, children }: LoadedProps<Data>) {
  if (query.data !== undefined) return <>{children(query.data)}</>;
  if (query.error) return <Failure error={query.error} retry={() => void query.refetch()} />;
  return label === undefined ? <Loading /> : <Loading label={label} />;
}

import { useMutation, useQueryClient } from '@tanstack/react-query';
import { getRouteApi, useRouter } from '@tanstack/react-router';
import { type FormEvent, useEffect, useState } from 'react';
import { Problem } from '../api/problem.ts';
import { type Session, sessionQuery, signInByKey, signInByLink } from '../api/session.ts';
import { Button } from '../components/button.tsx';
import { TextField } from '../components/field.tsx';
import { Loading } from '../components/states.tsx';
import { Brand } from './brand.tsx';

const route = getRouteApi('/sign-in');

/** Asks for a key; a link that a start has printed brings what it needs behind its #. */
export function SignIn() {
  const { ended } = route.useSearch();
  const [link] = useState(takeLink);
  const [key, setKey] = useState('');
  const enter = useEnter();
  const signIn = useMutation({ mutationFn: signInByKey, onSuccess: enter });
  const { mutate: followLink, ...following } = useMutation({ mutationFn: signInByLink, onSuccess: enter });
  useEffect(() => {
    document.title = 'Sign in · Throughline';
    if (link) followLink(link);
  }, [link, followLink]);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (key.trim() !== '') signIn.mutate(key.trim());
  };
  if (link && !following.error) return <Loading label="Signing in …" />;
  return (
    <main className="sign-in">
      <Brand />
      <h1>Sign in</h1>
      {ended ? <p role="status">Your session has ended. Sign in again to go on where you were.</p> : null}
      {following.error ? <p role="alert">{following.error.message}</p> : null}
      <form onSubmit={submit} noValidate>
        <TextField
          label="Key"
          type="password"
          name="key"
          autoComplete="current-password"
          spellCheck={false}
          autoFocus
          required
          value={key}
          onChange={(event) => setKey(event.target.value)}
          problem={signIn.error ? problemOf(signIn.error) : undefined}
          hint={
            <>
              A key of the native API: the administrator’s is <code>admin.token</code> of{' '}
              <code>credentials.json</code> in the data folder.
            </>
          }
        />
        <Button look="primary" type="submit" busy={signIn.isPending}>
          Sign in
        </Button>
      </form>
    </main>
  );
}

function problemOf(error: Error): string {
  if (error instanceof Problem && error.status === undefined)
    return 'The server does not answer. Try again in a moment.';
  return error.message;
}

/** Goes where somebody wanted to go, as who has signed in. */
function useEnter(): (session: Session | null) => void {
  const { next = '/' } = route.useSearch();
  const queryClient = useQueryClient();
  const router = useRouter();
  return (session) => {
    // What another key has seen is none of this one's.
    queryClient.clear();
    queryClient.setQueryData(sessionQuery.queryKey, session);
    router.history.replace(router.basepath + next);
  };
}

/** What stands behind the #, which is taken out of the address at once: no history keeps it. */
function takeLink(): string | undefined {
  const link = window.location.hash.slice(1);
  if (!link.startsWith('tl_link_')) return undefined;
  window.history.replaceState(window.history.state, '', window.location.pathname + window.location.search);
  return link;
}

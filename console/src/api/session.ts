import { queryOptions } from '@tanstack/react-query';
import { api, take } from './client.ts';

/** Who is signed in; null: nobody. */
export const sessionQuery = queryOptions({
  queryKey: ['session'],
  queryFn: async () => (await take(api.GET('/session'))).session,
  staleTime: 60_000,
});

export type Session = NonNullable<Awaited<ReturnType<typeof signInByKey>>>;

/** @throws Problem with `path` `body/key` when it is no key */
export async function signInByKey(key: string) {
  return (await take(api.POST('/session', { body: { key } }))).session;
}

/** `link`: what stands behind the # of a link that a start has printed. @throws Problem when it was used, or is too old */
export async function signInByLink(link: string) {
  return (await take(api.POST('/session/link', { body: { link } }))).session;
}

export async function signOut(): Promise<void> {
  await take(api.DELETE('/session'));
}

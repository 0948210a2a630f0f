import createClient from 'openapi-fetch';
import type { paths } from './native.d.ts';
import { Problem, readProblem, unreachable } from './problem.ts';

/**
 * The native API, typed by its own OpenAPI document: `take(api.GET('/workspaces/{workspace}/jobs', { params: … }))`. The session's
 * cookie goes along by itself.
 */
export const api = createClient<paths>({ baseUrl: '/throughline/v1' });

interface Answer<Data> {
  readonly data?: Data;
  readonly error?: unknown;
  readonly response: Response;
}

/** What was asked for. @throws Problem */
export async function take<Data>(asking: Promise<Answer<Data>>): Promise<NonNullable<Data>> {
  const { data, response } = await answered(asking);
  if (data === undefined || data === null)
    throw new Problem(response.status, 'empty', 'The server answered with nothing.');
  return data;
}

/** Waits for what is answered with nothing. @throws Problem */
export async function done(asking: Promise<Answer<unknown>>): Promise<void> {
  await answered(asking);
}

async function answered<Data>(asking: Promise<Answer<Data>>): Promise<Answer<Data>> {
  const answer = await asking.catch((cause: unknown) => {
    // Who has navigated away has asked for nothing any more.
    if (cause instanceof DOMException && cause.name === 'AbortError') throw cause;
    throw unreachable();
  });
  if (!answer.response.ok) throw readProblem(answer.response.status, answer.error);
  return answer;
}

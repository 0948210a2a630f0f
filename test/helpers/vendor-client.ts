import type { InjectOptions, LightMyRequestResponse } from 'fastify';
import type { TestApp, TestWorkspace } from './app.ts';

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'HEAD' | 'OPTIONS';

export interface Reply {
  readonly status: number;
  /** Whatever came, parsed where it is JSON and not compressed; each test looks for what it expects. */
  readonly body: ReturnType<typeof JSON.parse>;
  /** As it came. */
  readonly text: string;
  readonly bytes: Buffer;
  readonly headers: LightMyRequestResponse['headers'];
}

export interface Sending {
  readonly method: Method;
  readonly url: string;
  readonly query?: Record<string, string>;
  readonly headers?: Record<string, string>;
  readonly remoteAddress?: string;
  /**
   * An object goes as JSON and URLSearchParams as a form. Text and bytes go as they are, so that a test can send what no client
   * would; they are said to be JSON unless the headers say otherwise.
   */
  readonly body?: unknown;
}

/** The one way in which tests send to the app of their process. */
export async function inject(
  test: Pick<TestApp, 'app'>,
  { method, url, query, headers, remoteAddress, body }: Sending,
): Promise<Reply> {
  const contentType =
    body instanceof URLSearchParams ? 'application/x-www-form-urlencoded' : 'application/json';
  const options: InjectOptions = {
    method,
    url,
    headers: { ...(body === undefined ? {} : { 'content-type': contentType }), ...headers },
    ...(query && { query }),
    ...(remoteAddress && { remoteAddress }),
    ...(body === undefined ? {} : { payload: payloadOf(body) }),
  };
  return replyOf(await test.app.http.inject(options));
}

function payloadOf(body: unknown): string | Buffer {
  if (typeof body === 'string' || Buffer.isBuffer(body)) return body;
  return body instanceof URLSearchParams ? body.toString() : JSON.stringify(body);
}

/** An `authorization` header; an empty secret is that of a caller who shows none. */
export function bearer(secret: string): Record<string, string> {
  return secret === '' ? {} : { authorization: `Bearer ${secret}` };
}

function replyOf(response: LightMyRequestResponse): Reply {
  const { 'content-type': type, 'content-encoding': encoding } = response.headers;
  const isJson = /[/+]json\b/.test(String(type ?? '')) && encoding === undefined;
  return {
    status: response.statusCode,
    body: isJson && response.body !== '' ? response.json() : response.body,
    text: response.body,
    bytes: response.rawPayload,
    headers: response.headers,
  };
}

/** One who calls an API with the keys of one workspace; without one given, with those of the workspace that the test stands in. */
export abstract class VendorClient {
  readonly test: TestApp;
  readonly #workspace: TestWorkspace | undefined;

  constructor(test: TestApp, workspace?: TestWorkspace) {
    this.test = test;
    this.#workspace = workspace;
  }

  get workspace(): TestWorkspace {
    return this.#workspace ?? this.test.workspace;
  }

  get credentials(): TestWorkspace['credentials'] {
    return this.workspace.credentials;
  }

  protected inject(sending: Sending): Promise<Reply> {
    return inject(this.test, sending);
  }
}

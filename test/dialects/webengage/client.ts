import { bearer, type Method, type Reply, VendorClient } from '../../helpers/vendor-client.ts';

export type Path = '/events' | '/users' | '/bulk-events' | '/bulk-users';

/** What a call to each endpoint takes for good. */
export const goodBodies: Readonly<Record<Path, object>> = {
  '/events': { userId: 'ada', eventName: 'Paid' },
  '/users': { userId: 'ada', firstName: 'Ada' },
  '/bulk-events': { events: [{ userId: 'ada', eventName: 'Paid' }] },
  '/bulk-users': { users: [{ userId: 'ada', firstName: 'Ada' }] },
};
export const paths = Object.keys(goodBodies) as Path[];

export interface CallOptions {
  headers?: Record<string, string>;
  method?: Method;
  /** Undefined: the workspace's; empty: none. */
  key?: string;
  licenseCode?: string;
}

export class WebengageClient extends VendorClient {
  /** Below the account's path. */
  call(path: string, body: unknown, { headers, method = 'POST', key, licenseCode }: CallOptions = {}) {
    const { webengage } = this.credentials;
    return this.inject({
      method,
      url: `/v1/accounts/${licenseCode ?? webengage.licenseCode}${path}`,
      headers: { ...bearer(key ?? webengage.apiKey), 'content-type': 'application/json', ...headers },
      body,
    });
  }
}

/** Checks that it is an error in the vendor's envelope, and answers its message. */
export function messageOf(reply: Reply): string {
  const { response, ...rest } = JSON.parse(reply.text);
  if (Object.keys(rest).length > 0 || response.status !== 'error' || typeof response.message !== 'string')
    throw new Error(`not the vendor's form: ${reply.text}`);
  if (!String(reply.headers['content-type']).startsWith('application/json'))
    throw new Error(`not JSON: ${reply.headers['content-type']}`);
  return response.message;
}

import type { TestApp, TestWorkspace } from './app.ts';
import { bearer, inject, type Method, type Reply, VendorClient } from './vendor-client.ts';

export interface Asking {
  /** The administrator's unless another is given; null: none. */
  readonly key?: string | null;
  readonly body?: unknown;
}

/** Asks the native API. */
export function ask(
  test: TestApp,
  method: Method,
  path: string,
  { key = test.workspace.credentials.admin.token, body }: Asking = {},
): Promise<Reply> {
  return inject(test, { method, url: `/throughline/v1${path}`, headers: bearer(key ?? ''), body });
}

/** The path of a workspace. */
export function at(workspace: TestWorkspace, path = ''): string {
  return `/workspaces/${workspace.created.publicId}${path}`;
}

/** Asks the native API about one workspace. */
export class NativeClient extends VendorClient {
  /** Below the workspace's path. */
  call(method: Method, path: string, asking: Asking = {}): Promise<Reply> {
    return ask(this.test, method, at(this.workspace, path), asking);
  }

  /** What a path shows; fails unless it shows something. */
  async read(path: string): Promise<Reply['body']> {
    const { status, body } = await this.call('GET', path);
    if (status !== 200) throw new Error(`${path}: ${status} ${JSON.stringify(body)}`);
    return body;
  }
}

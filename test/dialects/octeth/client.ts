import type { TestWorkspace } from '../../helpers/app.ts';
import { VendorClient } from '../../helpers/vendor-client.ts';

/** The API, whose callers say in each body whose they are. */
export class OctethClient extends VendorClient {
  get apiKey(): string {
    return this.credentials.octeth.apiKey;
  }

  post(url: string, body: unknown, headers: Record<string, string> = {}) {
    return this.inject({ method: 'POST', url, headers, body });
  }

  /** An event with the workspace's key and list. */
  track(body: Record<string, unknown>, { credentials }: TestWorkspace = this.workspace) {
    const { apiKey, listId } = credentials.octeth;
    return this.post('/api/v1/event', { APIKey: apiKey, ListID: Number(listId), ...body });
  }
}

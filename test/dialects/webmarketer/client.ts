import assert from 'node:assert/strict';
import { bearer, type Method, VendorClient } from '../../helpers/vendor-client.ts';

/** Calls the API as one workspace's service account. */
export class WebmarketerClient extends VendorClient {
  get projectId(): string {
    return this.credentials.webmarketer.projectId;
  }

  request(method: Method, path: string, body?: unknown, token = this.credentials.webmarketer.accessToken) {
    return this.inject({ method, url: `/api/v1${path}`, headers: bearer(token), body });
  }

  get(path: string) {
    return this.request('GET', `/projects/${this.projectId}${path}`);
  }

  /** Makes an event type and fails unless that worked. */
  async defineType(reference: string, fields: readonly object[], more: object = {}): Promise<void> {
    const body = { reference, name: reference, fields, ...more };
    const reply = await this.request('POST', `/projects/${this.projectId}/event-types`, body);
    assert.equal(reply.status, 201, reply.text);
  }

  send(event: object, mode: 'sync' | 'async' = 'async') {
    const path = mode === 'sync' ? '/events/sync' : '/events';
    return this.request('POST', path, { projectId: this.projectId, ...event });
  }

  /** Sends an event and answers its id. */
  async sendFine(event: object, mode: 'sync' | 'async' = 'sync'): Promise<string> {
    const reply = await this.send(event, mode);
    assert.equal(reply.status, 200, reply.text);
    return reply.body;
  }
}

/** A field as the vendor's samples write it. */
export function field(entity: string, type: string, storageKey: string, more: object = {}) {
  return { entity, type, storageKey, ingestionKey: storageKey, ...more };
}

import assert from 'node:assert/strict';
import type { TestApp, TestWorkspace } from '../../helpers/app.ts';

export interface GivenAd {
  readonly id: string;
  readonly adAccountId: string;
  readonly campaignId?: string;
  readonly adSet?: { readonly id: string; readonly name?: string; readonly status?: string };
  readonly page?: { readonly id: string; readonly name?: string };
  readonly name?: string;
  readonly createdTime?: string;
  readonly updatedTime?: string;
}

export interface GivenCampaign {
  readonly id: string;
  readonly adAccountId: string;
  readonly name?: string;
  readonly status?: string;
  readonly startTime?: string;
  readonly stopTime?: string;
  readonly page?: { readonly id: string; readonly name?: string };
}

export interface GivenDay {
  readonly adId: string;
  readonly day: string;
  readonly clicks: number;
  readonly impressions: number;
  readonly spend: number;
}

/** Tells of ads and their numbers by hand, by the native API. */
export class Advertising {
  readonly #test: TestApp;
  readonly #workspace: TestWorkspace;

  constructor(test: TestApp, workspace: TestWorkspace = test.workspace) {
    this.#test = test;
    this.#workspace = workspace;
  }

  async addFacebookAccount(id: string, email: string): Promise<void> {
    await this.#send('PUT', `/facebook-accounts/${id}`, { email });
  }

  async addAdAccount(id: string, account: Record<string, unknown>): Promise<void> {
    await this.#send('PUT', `/ad-accounts/${id}`, account);
  }

  async addAds(ads: readonly GivenAd[], campaigns: readonly GivenCampaign[] = []): Promise<void> {
    await this.#send('PUT', '/ads', { ads, campaigns });
  }

  async addDays(days: readonly GivenDay[]): Promise<void> {
    await this.#send('POST', '/ad-days', { days });
  }

  async #send(method: 'PUT' | 'POST', path: string, body: object): Promise<void> {
    const reply = await this.#test.app.http.inject({
      method,
      url: `/throughline/v1/workspaces/${this.#workspace.created.publicId}/signals${path}`,
      headers: {
        authorization: `Bearer ${this.#test.workspace.credentials.admin.token}`,
        'content-type': 'application/json',
      },
      payload: JSON.stringify(body),
    });
    assert.ok(reply.statusCode < 300, `${path}: ${reply.body}`);
  }
}

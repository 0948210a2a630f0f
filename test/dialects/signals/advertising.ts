import assert from 'node:assert/strict';
import { NativeClient } from '../../helpers/native-client.ts';

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
export class Advertising extends NativeClient {
  async addFacebookAccount(id: string, email: string): Promise<void> {
    await this.#tell('PUT', `/facebook-accounts/${id}`, { email });
  }

  async addAdAccount(id: string, account: Record<string, unknown>): Promise<void> {
    await this.#tell('PUT', `/ad-accounts/${id}`, account);
  }

  async addAds(ads: readonly GivenAd[], campaigns: readonly GivenCampaign[] = []): Promise<void> {
    await this.#tell('PUT', '/ads', { ads, campaigns });
  }

  async addDays(days: readonly GivenDay[]): Promise<void> {
    await this.#tell('POST', '/ad-days', { days });
  }

  async #tell(method: 'PUT' | 'POST', path: string, body: object): Promise<void> {
    const reply = await this.call(method, `/signals${path}`, { body });
    assert.ok(reply.status < 300, `${path}: ${JSON.stringify(reply.body)}`);
  }
}

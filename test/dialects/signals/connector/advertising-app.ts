import type { AdvertisingServices } from '../../../../src/dialects/signals/advertising/advertising-services.ts';
import { advertisingOf } from '../../../../src/dialects/signals/connector/connect-advertising.ts';
import { MetaPlatform } from '../../../../src/dialects/signals/connector/meta/meta-platform.ts';
import { startTestApp, type TestApp, type TestWorkspace } from '../../../helpers/app.ts';
import { inject } from '../../../helpers/vendor-client.ts';
import { GraphServer } from './graph-server.ts';

/** The app with Meta beside it, which it asks without losing time between attempts. */
export async function startWithMeta() {
  const graph = new GraphServer();
  const baseUrl = await graph.start();
  const environment = { THROUGHLINE_META_URL: baseUrl };
  const test = await startTestApp({ environment });
  const advertising = advertisingOf(test.app.services);
  const timing = { firstWaitMilliseconds: 1, longestWaitMilliseconds: 2, requestMilliseconds: 2_000 };
  const hurried: Pick<AdvertisingServices, 'connectPlatform'> = {
    connectPlatform: (accessToken, limits) =>
      new MetaPlatform({ baseUrl, version: 'v25.0', appSecret: undefined, timing }, accessToken, limits),
  };
  Object.assign(advertising, hurried);
  return {
    test,
    graph,
    async close() {
      await test.close();
      await graph.stop();
    },
  };
}

/** Posts to a route of Signals as the workspace's client. */
export function post(test: TestApp, workspace: TestWorkspace, path: string, token?: string | null) {
  const { clientId, appId, token: own } = workspace.credentials.signals;
  const key = token === undefined ? own : token;
  return inject(test, {
    method: 'POST',
    url: `/v1/clients/${clientId}/apps/${appId}${path}`,
    headers: key === null ? {} : { authorization: `Bearer ${key}` },
  });
}

export interface StoredDay {
  ad_id: string;
  day: string;
  clicks: number;
  impressions: number;
  spend: string;
}

export async function readDays(test: TestApp, workspace: TestWorkspace): Promise<StoredDay[]> {
  const rows = await test.database.query<StoredDay>(
    'select ad_id, day, clicks, impressions, spend from ad_day where workspace_id = $1 order by ad_id, day',
    [workspace.created.id],
  );
  return [...rows];
}

export function readStoredAds(test: TestApp, workspace: TestWorkspace) {
  return test.database.query<Record<string, string | null>>(
    `select id, ad_account_id, campaign_id, ad_set_name, page_id, page_name, name, status from ad
      where workspace_id = $1 order by id`,
    [workspace.created.id],
  );
}

import { after } from 'node:test';
import type { AdvertisingServices } from '../../../../src/dialects/signals/advertising/advertising-services.ts';
import { advertisingOf } from '../../../../src/dialects/signals/connector/connect-advertising.ts';
import { MetaPlatform } from '../../../../src/dialects/signals/connector/meta/meta-platform.ts';
import { type TestApp, type TestWorkspace, useApp } from '../../../helpers/app.ts';
import { inject } from '../../../helpers/vendor-client.ts';
import { GraphServer } from './graph-server.ts';

/** The app for the tests of a file, with Meta beside it, which it asks without losing time between attempts. */
export async function useAppWithMeta(): Promise<{ readonly test: TestApp; readonly graph: GraphServer }> {
  const graph = new GraphServer();
  const baseUrl = await graph.start();
  const test = await useApp({ environment: { THROUGHLINE_META_URL: baseUrl } });
  after(() => graph.stop());
  const timing = { firstWaitMilliseconds: 1, longestWaitMilliseconds: 2, requestMilliseconds: 2_000 };
  const hurried: Pick<AdvertisingServices, 'connectPlatform'> = {
    connectPlatform: (accessToken, limits) =>
      new MetaPlatform({ baseUrl, version: 'v25.0', appSecret: undefined, timing }, accessToken, limits),
  };
  Object.assign(advertisingOf(test.app.services), hurried);
  return { test, graph };
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

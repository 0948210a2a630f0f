import type { TestApp } from '../../helpers/app.ts';
import { Store } from '../../helpers/store.ts';

/** An access token of a service account of a workspace, which has expired. */
export async function expiredToken(test: TestApp): Promise<string> {
  const workspace = await test.addWorkspace();
  await new Store(test, workspace).expireCredentials();
  return workspace.credentials.webmarketer.accessToken;
}

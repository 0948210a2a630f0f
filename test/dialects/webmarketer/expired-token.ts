import type { TestApp } from '../../helpers/app.ts';

/** An access token of a service account of a workspace, which has expired. */
export async function expiredToken(test: TestApp): Promise<string> {
  const { created, credentials } = await test.addWorkspace();
  await test.database.query('update credential set expires_at = $2 where workspace_id = $1', [
    created.id,
    new Date(Date.now() - 1000),
  ]);
  return credentials.webmarketer.accessToken;
}

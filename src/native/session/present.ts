import type { Static } from 'typebox';
import type { Credential } from '../../core/credential/credential.ts';
import type { WorkspaceCache } from '../../core/workspace/workspace-cache.ts';
import { timeOf } from '../date-times.ts';
import type { SessionSchema } from './schemas.ts';

/** Null when its workspace was deleted a moment ago. */
export async function presentSession(
  workspaces: WorkspaceCache,
  { madeFrom, workspaceId, expiresAt }: Credential,
): Promise<Static<typeof SessionSchema> | null> {
  if (madeFrom === null || expiresAt === null) return null;
  const shown = { keyId: madeFrom, expiresAt: timeOf(expiresAt) };
  if (workspaceId === null) return { ...shown, role: 'admin', workspace: null };
  const workspace = await workspaces.getIfThere(workspaceId);
  if (!workspace) return null;
  return { ...shown, role: 'workspace', workspace: { id: workspace.publicId, slug: workspace.slug } };
}

import type { Queryable } from '../../store/queryable.ts';
import type { DialectName } from '../dialect-name.ts';
import type { CreatedWorkspace, DialectNames } from './create-workspace.ts';
import { defaultNode, type Workspace } from './workspace.ts';

interface Binding {
  external_id: string;
  settings: Record<string, unknown>;
}

/**
 * What a workspace is called in each dialect, read back. Where it has several names of a kind (lists, WhatsApp numbers), the one
 * it was created with.
 */
export async function readDialectNames(
  connection: Queryable,
  workspace: Workspace,
): Promise<CreatedWorkspace> {
  const sourceOf = (dialect: DialectName, kind: string) => {
    for (const source of workspace.sources.values()) {
      if (source.dialect === dialect && source.kind === kind && !source.archivedAt) return source;
    }
    throw new Error(`workspace ${workspace.slug} has no ${kind} of ${dialect}`);
  };
  const bindingOf = async (dialect: DialectName, kind: string, externalId?: string) => {
    const [binding] = await connection.query<Binding>(
      `select external_id, settings from dialect_binding
        where workspace_id = $1 and dialect = $2 and kind = $3 and external_id = coalesce($4::text, external_id)
        order by external_id limit 1`,
      [workspace.id, dialect, kind, externalId ?? null],
    );
    if (!binding) throw new Error(`workspace ${workspace.slug} has no ${kind} of ${dialect}`);
    return binding;
  };
  const app = sourceOf('signals', 'app');
  const clientId = String(app.settings.clientId);
  const [license, project, client] = await Promise.all([
    bindingOf('webengage', 'license'),
    bindingOf('webmarketer', 'project'),
    bindingOf('signals', 'client', clientId),
  ]);
  const names: DialectNames = {
    licenseCode: license.external_id,
    projectId: project.external_id,
    wmktId: sourceOf('webmarketer', 'integration').externalId,
    listId: sourceOf('octeth', 'list').externalId,
    contacthubNodeId: defaultNode(workspace, 'contacthub').publicId,
    partnerId: String(client.settings.partnerId),
    clientId,
    appId: app.externalId,
    adAccountId: String(app.settings.adAccountId),
  };
  return { id: workspace.id, publicId: workspace.publicId, names };
}

import type { WorkspaceId } from '../../src/core/workspace/workspace.ts';
import type { OpenDatabase } from '../../src/store/database.ts';

/** All that is stored of who is who, by what people are called instead of their ids: their keys that begin with `user ` or `browser `. */
export async function readWhoIsWho(database: OpenDatabase, workspaceId: WorkspaceId) {
  const query = (text: string) => database.query<Record<string, unknown>>(text, [workspaceId]);
  const name = (column: string) =>
    `(select min(n.value) from identity n where n.workspace_id = $1 and n.profile_id = ${column} and n.value ~ '^(user|browser) ')`;
  return {
    profiles: await query(
      `select ${name('p.id')} as name, ${name('p.record_id')} as record, ${name('p.person_id')} as person, anonymous, created_seq, version, attributes
         from profile p where workspace_id = $1 order by created_seq`,
    ),
    keys: await query(
      `select kind, value, ${name('i.profile_id')} as name from identity i where workspace_id = $1 order by kind, value, name`,
    ),
    changes: await query(
      `select seq, entity, operation, node_id from change where workspace_id = $1 order by seq`,
    ),
    links: await query(
      `select ${name('first_profile')} as first, ${name('second_profile')} as second, scope, evidence, created_seq
         from link where workspace_id = $1 order by created_seq`,
    ),
  };
}

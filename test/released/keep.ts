/**
 * Keeps what a version has left in a data folder, for test/released/upgrade.test.ts: npm run keep-release -- NAME DATA_FOLDER, while a server
 * of that version runs there, which began with an empty folder and has been sent "throughline demo". NAME is the version's, or its commit's.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { credentialsPath } from '../../src/cli/start/credentials-file.ts';
import { findRunningEmbedded } from '../../src/store/backends/embedded.ts';
import { connectDatabase, embeddedTarget, type OpenDatabase } from '../../src/store/database.ts';
import { askQuestions, listTables, type StateHead, stateText } from './state.ts';

async function keep(name: string, dataDir: string): Promise<void> {
  const server = await findRunningEmbedded(dataDir);
  if (!server) throw new Error(`no server runs on ${dataDir}`);
  const { baseUrl, workspace, admin, webengage } = JSON.parse(
    await readFile(credentialsPath(dataDir), 'utf8'),
  );
  const keys = { adminToken: admin.token, licenseCode: webengage.licenseCode, apiKey: webengage.apiKey };
  await sendBad(baseUrl, keys);
  const answers = await askQuestions(async (path) => {
    const headers = { authorization: `Bearer ${keys.adminToken}` };
    const reply = await fetch(`${baseUrl}/throughline/v1/workspaces/${workspace.id}${path}`, { headers });
    if (!reply.ok) throw new Error(`${path}: ${reply.status} ${await reply.text()}`);
    return reply.json();
  });
  const database = await connectDatabase(embeddedTarget(server), 2);
  try {
    const migrations = await listMigrations(database);
    const head: StateHead = { migrations, workspaceId: workspace.id, ...keys, answers };
    const file = join(import.meta.dirname, `${name}.sql`);
    await writeFile(file, stateText(head, await dumpRows(database)));
  } finally {
    await database.close();
  }
}

/** So that something is in quarantine. */
async function sendBad(
  baseUrl: string,
  { licenseCode, apiKey }: Pick<StateHead, 'licenseCode' | 'apiKey'>,
): Promise<void> {
  await fetch(`${baseUrl}/v1/accounts/${licenseCode}/events`, {
    method: 'POST',
    headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' },
    body: JSON.stringify({ userId: 'ada', eventName: 'we_reserved' }),
  });
}

async function listMigrations(database: OpenDatabase): Promise<string[]> {
  const rows = await database.query<{ name: string }>('select name from schema_migration order by number');
  return rows.map(({ name }) => name);
}

/** As statements; documents stay the texts that they are. */
async function dumpRows(database: OpenDatabase): Promise<string[]> {
  const statements: string[] = [];
  for (const { name, columns } of await listTables(database)) {
    const [row] = await database.query<{ statement: string | null }>(
      `select format('insert into ${name} (${columns}) select ${columns} from json_populate_recordset(null::${name}, %L)',
                     E'[\\n' || string_agg(row_to_json(t)::text, E',\\n') || ']') as statement from ${name} t having count(*) > 0`,
    );
    if (row?.statement) statements.push(row.statement);
  }
  return statements;
}

const [name, dataDir] = process.argv.slice(2);
if (!name || !dataDir) throw new Error('usage: npm run keep-release -- NAME DATA_FOLDER');
await keep(name, dataDir);

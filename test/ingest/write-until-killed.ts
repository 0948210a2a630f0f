/** Stores events until it is killed, and prints the id of each one that was acknowledged. Arguments: target, workspace. */
import { writeSync } from 'node:fs';
import { listWorkspaceIds } from '../../src/core/workspace/workspace-store.ts';
import { connectDatabase } from '../../src/store/database.ts';
import { eventOf, makeIngest, submissionOf } from './engine.ts';

const database = await connectDatabase(JSON.parse(process.argv[2] as string), 3);
const ids = await listWorkspaceIds(database);
const workspaceId = ids.find((id) => id === Number(process.argv[3]))!;
const ingest = makeIngest(database);

async function write(writer: number): Promise<never> {
  for (let index = 0; ; index++) {
    const outcome = await ingest.submit(workspaceId, submissionOf(eventOf(`killed-${writer}-${index % 9}`)));
    if (outcome.kind !== 'committed') continue;
    const [stored] = outcome.outcomes;
    if (stored?.kind === 'stored') writeSync(1, `${stored.eventId}\n`);
  }
}

await Promise.all(Array.from({ length: 16 }, (_, writer) => write(writer)));

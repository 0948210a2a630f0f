import { type CredentialsFile, isWhole } from '../core/workspace/credentials-file.ts';
import { dialects } from '../dialects/registry.ts';
import { type Command, CommandError, expectPositionals, parseOptions } from './command.ts';
import { DemoClient } from './demo/client.ts';
import { person } from './demo/person.ts';
import { lookUpPerson, presentTimeline, readTimeline } from './demo/timeline.ts';
import { credentialsPath, readCredentials } from './start/credentials-file.ts';
import { formatTable } from './table.ts';

export const demo: Command = {
  help: `Usage: throughline demo [SETTINGS]

Sends the vendors' documented sample requests for one person through all APIs to the running server, looks the person up by
e-mail and prints the timeline that results. Needs a server that was started on the same data folder (throughline start);
its address and keys come from credentials.json there. It can be run again: the person is the same, the events are new.
`,
  async run(args, config) {
    expectPositionals(parseOptions(args, {}).positionals);
    const path = credentialsPath(config.dataDir);
    const credentials = await readCredentials(path, dialects);
    if (typeof credentials === 'string')
      throw new CommandError(
        `${path} is ${credentials}; start the server first (throughline start), or have new keys (throughline credentials)`,
      );
    if (!isWhole(credentials, dialects))
      throw new CommandError(`${path} is of before; start the server first (throughline start)`);
    const failures = await sendSamples(credentials);
    for (const failure of failures) process.stderr.write(`throughline: ${failure}\n`);
    await showPerson(credentials);
    return failures.length === 0 ? 0 : 1;
  },
};

/** Sends every API's samples; one API's failure does not keep the others from being sent. */
async function sendSamples(credentials: CredentialsFile): Promise<string[]> {
  const rows = [['api', 'request', 'answer']];
  const failures: string[] = [];
  const demos = dialects.flatMap(({ demo }) => demo ?? []);
  process.stdout.write(
    `Sending one person's events through ${demos.length} APIs to ${credentials.baseUrl}\n\n`,
  );
  for (const { api, send } of demos) {
    const client = new DemoClient(credentials.baseUrl, ({ method, path }, { status }) => {
      rows.push([api, `${method} ${path}`, String(status)]);
    });
    try {
      await send(client, credentials);
    } catch (error) {
      if (!(error instanceof CommandError)) throw error;
      failures.push(`${api}: ${error.message}`);
    }
  }
  process.stdout.write(`${formatTable(rows)}\n`);
  return failures;
}

async function showPerson(credentials: CredentialsFile): Promise<void> {
  const client = new DemoClient(credentials.baseUrl, () => {});
  const { id, profiles } = await lookUpPerson(client, credentials, person.email);
  const events = await readTimeline(client, credentials, id);
  const dialects = new Set(profiles.map((profile) => profile.dialect));
  const workspace = `${credentials.baseUrl}/throughline/v1/workspaces/${credentials.workspace.id}`;
  process.stdout.write(`${person.firstName} ${person.lastName} (${person.email}, ${person.phone}) is one person: ${profiles.length} records in ${dialects.size} APIs.
The newest ${events.length} events of the timeline, newest first:

${presentTimeline(events)}
Next:
  - the same over HTTP, with the key admin.token of the credentials file: ${workspace}/people/${id}/timeline
  - all requests there are: ${credentials.baseUrl}/docs
  - whether every event is accounted for: throughline verify
`);
}

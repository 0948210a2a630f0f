import type { CredentialsFile } from '../../core/workspace/credentials-file.ts';

export interface StartedServer {
  readonly version: string;
  readonly baseUrl: string;
  readonly dataDir: string;
  readonly database: string;
  readonly credentialsPath: string;
  readonly credentials: CredentialsFile;
}

const email = 'ada@example.com';

/** What `throughline start` prints when requests are taken. */
export function presentBanner(server: StartedServer): string {
  return `
Throughline ${server.version} is listening on ${server.baseUrl}

  Data folder    ${server.dataDir} (${server.database})
  Credentials    ${server.credentialsPath}
  API reference  ${server.baseUrl}/docs

Send one person's events through two vendors' APIs, then look the person up. The commands read the keys from the credentials file.

${sampleCommands(server).join('\n\n')}

"npx throughline demo" does so through all of them. Ctrl-C stops the server.

`;
}

/**
 * Three commands to paste into a POSIX shell, in this order, from any folder. No key is in them: what is printed ends up in logs and
 * in screenshots.
 */
function sampleCommands({ baseUrl, credentialsPath, credentials }: StartedServer): string[] {
  const file = quote(credentialsPath);
  const secret = (path: string) => `"$(node -p 'require(process.argv[1]).${path}' ${file})"`;
  const bearer = (path: string) =>
    `-H "Authorization: Bearer $(node -p 'require(process.argv[1]).${path}' ${file})"`;
  const json = "-H 'Content-Type: application/json'";
  const person = `${baseUrl}/throughline/v1/workspaces/${credentials.workspace.id}/people/lookup?kind=email&value=${email}`;
  return [
    `curl -sS -w '\\n' ${quote(`${baseUrl}/v1/accounts/${credentials.webengage.licenseCode}/events`)} ${bearer('webengage.apiKey')} ${json} -d '{"userId":"ada","eventName":"Added to Cart","eventData":{"Product":"Difference Engine","Price":39.8,"email":"${email}"}}'`,
    `curl -sS -w '\\n' ${quote(`${baseUrl}/api/v1/event`)} ${json} -d '{"APIKey":"'${secret('octeth.apiKey')}'","ListID":${credentials.octeth.listId},"Event":"newsletter-opened","Email":"${email}"}'`,
    `curl -sS -w '\\n' ${quote(person)} ${bearer('admin.token')}`,
  ];
}

/** A word for a POSIX shell. */
function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

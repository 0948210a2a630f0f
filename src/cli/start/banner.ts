import type { CredentialsFile } from '../../core/workspace/credentials-file.ts';
import { dialects } from '../../dialects/registry.ts';

export interface StartedServer {
  readonly version: string;
  readonly baseUrl: string;
  readonly dataDir: string;
  readonly database: string;
  readonly credentialsPath: string;
  /** Undefined: the file is gone. */
  readonly credentials: CredentialsFile | undefined;
  /** Undefined: it can't be made. */
  readonly signInLink: string | undefined;
  /** Where clients reach it, if that is elsewhere. */
  readonly publicUrl: string | undefined;
}

const email = 'ada@example.com';

/** What `throughline start` prints when requests are taken. */
export function presentBanner(server: StartedServer): string {
  const { baseUrl, publicUrl, credentials } = server;
  return `
Throughline ${server.version} is listening on ${baseUrl}${publicUrl === undefined ? '' : `, for clients at ${publicUrl}`}

  Data folder    ${server.dataDir} (${server.database})
  Credentials    ${credentials ? server.credentialsPath : 'none here: "npx throughline credentials" issues new keys'}
  API reference  ${publicUrl ?? baseUrl}/docs
  Console        ${presentConsole(server)}

${credentials ? presentSamples(server, credentials) : ''}Ctrl-C stops the server.

`;
}

function presentSamples(server: StartedServer, credentials: CredentialsFile): string {
  return `Send one person's events through two vendors' APIs, then look the person up. The commands read the keys from the credentials file.

${sampleCommands(server, credentials).join('\n\n')}

"npx throughline demo" does so through all of them. `;
}

/** A browser sends what stands behind the # to nobody, so that no log of a proxy has it. */
function presentConsole({ baseUrl: ownUrl, publicUrl, signInLink }: StartedServer): string {
  const baseUrl = publicUrl ?? ownUrl;
  if (signInLink === undefined) return `${baseUrl}/console`;
  return `${baseUrl}/console/sign-in#${signInLink}\n                 (this link signs you in, once and within ten minutes)`;
}

/**
 * Commands to paste into a POSIX shell, in this order, from any folder. No key is in them: what is printed ends up in logs and
 * in screenshots.
 */
function sampleCommands({ baseUrl, credentialsPath }: StartedServer, credentials: CredentialsFile): string[] {
  const file = quote(credentialsPath);
  const curl = (path: string) => `curl -sS -w '\\n' ${quote(`${baseUrl}${path}`)}`;
  const secret = (member: string) => `"$(node -p 'require(process.argv[1]).${member}' ${file})"`;
  const bearer = (member: string) =>
    `-H "Authorization: Bearer $(node -p 'require(process.argv[1]).${member}' ${file})"`;
  const json = "-H 'Content-Type: application/json'";
  const person = `/throughline/v1/workspaces/${credentials.workspace.id}/people/lookup?kind=email&value=${email}`;
  const samples = dialects.flatMap(({ name: dialect, demo }) =>
    demo?.command && demo.isShownAtStart
      ? demo.command({
          email,
          curl,
          json,
          name: (member) => String(Reflect.get(credentials[dialect], member)),
          secret: (member) => secret(`${dialect}.${member}`),
          bearer: (member) => bearer(`${dialect}.${member}`),
        })
      : [],
  );
  return [...samples, `${curl(person)} ${bearer('admin.token')}`];
}

/** A word for a POSIX shell. */
function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

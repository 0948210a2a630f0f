import { randomUUID } from 'node:crypto';
import { importPKCS8, SignJWT } from 'jose';
import { type DemoClient, textMember } from '../../cli/demo/client.ts';
import { person } from '../../cli/demo/person.ts';
import type { CredentialsFile } from '../../core/workspace/credentials-file.ts';
import type { DialectDemo } from '../dialect.ts';

export const demo: DialectDemo = {
  api: 'Webmarketer',
  send: sendSamples,
  // A type of event is declared before its first event.
  command: ({ name, email, curl, bearer, json }) => {
    const type = JSON.stringify({
      reference: 'signup',
      name: 'Sign-up',
      metadata: {},
      fields: [field('user', 'email', 'email', { discriminant: true, isPii: true })],
    });
    const event = `{"projectId":"${name('projectId')}","eventType":"signup","nonce":"first-event","data":{"email":"${email}"}}`;
    const headers = `${bearer('accessToken')} ${json}`;
    return `${curl(`/api/v1/projects/${name('projectId')}/event-types`)} ${headers} -d '${type}'
${curl('/api/v1/events/sync')} ${headers} -d '${event}'`;
  },
};

async function sendSamples(client: DemoClient, credentials: CredentialsFile): Promise<void> {
  const { projectId } = credentials.webmarketer;
  const headers = { authorization: `Bearer ${await getToken(client, credentials)}` };
  const types = `/api/v1/projects/${projectId}/event-types`;
  const known = await client.send({ method: 'GET', path: `${types}/purchase`, headers }, [404]);
  if (known.status === 404) {
    await client.send({ method: 'POST', path: types, headers, body: purchaseType });
  }
  await client.send({
    method: 'POST',
    path: '/api/v1/events/sync',
    headers,
    body: {
      projectId,
      eventType: 'purchase',
      nonce: randomUUID(),
      data: {
        first_name: person.firstName,
        last_name: person.lastName,
        email: person.email,
        amount: { amount: 100, currency: 'EUR' },
      },
    },
  });
}

/** As the vendor's PHP client does it (docs/spec/webmarketer.md 0, grant 1). */
async function getToken(client: DemoClient, credentials: CredentialsFile): Promise<string> {
  const { clientId, privateKey, privateKeyId, serviceAccountEmail } = credentials.webmarketer.serviceAccount;
  const assertion = await new SignJWT({ scope: 'full_access' })
    .setProtectedHeader({ alg: 'RS256', typ: 'JWT', kid: privateKeyId })
    .setIssuer(clientId)
    .setSubject(serviceAccountEmail)
    .setAudience(`${credentials.baseUrl}/oidc/token`)
    .setExpirationTime('300s')
    .sign(await importPKCS8(privateKey, 'RS256'));
  const grant_type = 'urn:ietf:params:oauth:grant-type:jwt-bearer';
  const body = new URLSearchParams({ grant_type, client_id: clientId, assertion });
  return textMember((await client.send({ method: 'POST', path: '/oidc/token', body })).body, 'access_token');
}

const field = (entity: string, key: string, type: string, more: object = {}) => ({
  entity,
  type,
  storageKey: key,
  ingestionKey: key,
  ...more,
});

const purchaseType = {
  reference: 'purchase',
  name: 'Purchase',
  fields: [
    field('user', 'first_name', 'string', { optional: true }),
    field('user', 'last_name', 'string', { optional: true }),
    field('user', 'email', 'email', { discriminant: true, isPii: true }),
    field('event', 'amount', 'currency', { optional: true }),
  ],
  metadata: {},
};

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { importPKCS8, SignJWT } from 'jose';
import { toObjectId } from '../../../src/core/id.ts';
import { useApp } from '../../helpers/app.ts';
import { inject } from '../../helpers/vendor-client.ts';
import { WebmarketerClient } from './client.ts';

const test = await useApp({ currency: 'EUR', timezone: 'Europe/Paris' });
const client = new WebmarketerClient(test);

async function changeWorkspace(changes: object): Promise<void> {
  const { credentials } = test.workspace;
  const reply = await inject(test, {
    method: 'PATCH',
    url: `/throughline/v1/workspaces/${credentials.workspace.slug}`,
    headers: { authorization: `Bearer ${credentials.admin.token}` },
    body: changes,
  });
  assert.equal(reply.status, 200, reply.text);
}

/** A token as the vendor's client gets one. */
async function signIn(): Promise<string> {
  const { clientId, serviceAccountEmail, privateKey, privateKeyId } =
    test.workspace.credentials.webmarketer.serviceAccount;
  const assertion = await new SignJWT({ scope: 'full_access' })
    .setProtectedHeader({ alg: 'RS256', typ: 'JWT', kid: privateKeyId })
    .setIssuer(clientId)
    .setSubject(serviceAccountEmail)
    .setAudience('http://localhost/oidc/token')
    .setExpirationTime('300s')
    .sign(await importPKCS8(privateKey, 'RS256'));
  const reply = await inject(test, {
    method: 'POST',
    url: '/oidc/token',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({
      grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
      client_id: clientId,
      assertion,
    }).toString(),
  });
  assert.equal(reply.status, 200, reply.text);
  return reply.body.access_token;
}

describe('GET /projects/{projectId}', () => {
  it('answers the project with what is set where nothing is', async () => {
    const reply = await client.get('?');
    assert.equal(reply.status, 200, reply.text);
    const { createdAt, ...project } = reply.body;
    assert.equal(new Date(createdAt).toISOString(), createdAt);
    assert.deepEqual(project, {
      id: client.projectId,
      name: client.projectId,
      workspaceId: toObjectId(test.workspace.credentials.workspace.id),
      mode: 'simple',
      retentionDurationInDays: null,
      picture: null,
      domain: null,
      currency: 'EUR',
      phoneParsingConfig: [{ order: 1, countryCode: 'FR' }],
      updatedAt: createdAt,
    });
  });

  it('follows the settings that the native API changes, and takes no nonsense for one', async () => {
    const webmarketer = {
      domain: 'shop.example',
      mode: 'e-commerce',
      retentionDurationInDays: 365,
      picture: 'https://shop.example/logo.png',
    };
    await changeWorkspace({
      name: 'Shop',
      currency: 'CHF',
      phoneCountries: ['CH', 'FR'],
      dialects: { webmarketer },
    });
    const project = (await client.get('')).body;
    assert.partialDeepStrictEqual(project, {
      ...webmarketer,
      name: 'Shop',
      currency: 'CHF',
      phoneParsingConfig: [
        { order: 1, countryCode: 'CH' },
        { order: 2, countryCode: 'FR' },
      ],
    });
    const nonsense = { domain: 7, mode: 'chaos', retentionDurationInDays: -1, picture: {} };
    // As an older version let it in.
    await test.store.setSettings({ dialects: { webmarketer: nonsense } });
    await changeWorkspace({ name: 'Shop' });
    assert.partialDeepStrictEqual((await client.get('')).body, {
      domain: null,
      mode: 'simple',
      retentionDurationInDays: null,
      picture: null,
    });
  });
});

describe('GET /agents/me', () => {
  it('answers the service account that signed in, the same at every sign-in', async () => {
    const { serviceAccountEmail, clientId } = test.workspace.credentials.webmarketer.serviceAccount;
    const reply = await client.request('GET', '/agents/me?', undefined, await signIn());
    assert.equal(reply.status, 200, reply.text);
    const { id, ...agent } = reply.body;
    assert.match(id, /^[0-9a-f]{24}$/);
    const none = { firstname: null, lastname: null, phone: null, picture: null };
    assert.deepEqual(agent, { email: serviceAccountEmail, ...none });
    const token = await signIn();
    assert.equal((await client.request('GET', '/agents/me', undefined, token)).body.id, id);
    const [workspace] = (await client.request('GET', '/agents/me/workspaces', undefined, token)).body;
    assert.equal(workspace.clientId, clientId);
  });

  it('answers the permanent token as an agent without an address', async () => {
    const agent = (await client.request('GET', '/agents/me')).body;
    assert.match(agent.id, /^[0-9a-f]{24}$/);
    assert.equal(agent.email, null);
  });

  it('sees one project and one workspace, as bare arrays', async () => {
    await test.addWorkspace();
    const projects = (await client.request('GET', '/agents/me/projects?')).body;
    assert.deepEqual(projects, [(await client.get('')).body]);
    const workspaces = (await client.request('GET', '/agents/me/workspaces?')).body;
    const { slug, id } = test.workspace.credentials.workspace;
    assert.equal(workspaces.length, 1);
    const { createdAt, updatedAt, name, ...workspace } = workspaces[0];
    assert.equal(createdAt, projects[0].createdAt);
    assert.equal(updatedAt, createdAt);
    assert.equal(name, projects[0].name);
    assert.deepEqual(workspace, { id: toObjectId(id), slug, billingId: null, clientId: null });
    assert.equal(projects[0].workspaceId, workspace.id);
  });
});

it('project and account are shown to who has a key', async () => {
  const foreign = new WebmarketerClient(test, await test.addWorkspace());
  const { contacthub } = test.workspace.credentials;
  const project = `/projects/${client.projectId}`;
  for (const path of ['/agents/me', '/agents/me/projects', '/agents/me/workspaces', project]) {
    for (const token of ['', 'wrong', contacthub.token]) {
      const reply = await client.request('GET', path, undefined, token);
      assert.equal(reply.status, 401, path);
      assert.deepEqual(reply.body, { statusCode: 401, message: 'Unauthorized' });
    }
  }
  const reply = await foreign.request('GET', project);
  assert.equal(reply.status, 403);
  assert.deepEqual(reply.body, { statusCode: 403, message: 'Forbidden resource', error: 'Forbidden' });
  assert.equal((await foreign.request('GET', '/projects/no-such-project')).status, 404);
  assert.equal((await foreign.request('GET', '/agents/me/projects')).body[0].id, foreign.projectId);
});

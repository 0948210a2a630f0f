import assert from 'node:assert/strict';
import { chmod, mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { importPKCS8, SignJWT } from 'jose';
import { pino } from 'pino';
import { openDatabase } from '../../src/store/database.ts';
import { removeDataFolder, type ServerProcess, startServerProcess } from '../crash/server.ts';
import { fetchFrom } from '../journeys/send.ts';
import { prepareVendors, type Send, vendorRequests } from '../journeys/vendors.ts';
import { hostileValues } from './hostile.ts';
import { secretsOf } from './two-tenants.ts';

const somebody = { email: 'secret.person@private.example', phone: '+33639987654' };
const wrongPassword = 'correct-horse-battery-staple';

let folder: string;
let dataDir: string;
let server: ServerProcess;
let send: Send;
/** What must be in no log: keys, tokens, passwords, personal data, and what bodies hold. */
const secrets = new Set<string>();
/** Keys and passwords alone: what the database must not hold in clear. */
const keys = new Set<string>();

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tl-secrets-'));
  await chmod(folder, 0o755);
  dataDir = join(folder, 'data');
  server = await startServerProcess({ dataDir, logLevel: 'trace' });
  send = fetchFrom(server.baseUrl);
});
after(async () => {
  await server?.stop();
  await removeDataFolder(dataDir);
  await rm(folder, { recursive: true, force: true });
});

const json = { 'content-type': 'application/json' };

async function post(path: string, body: object | URLSearchParams, headers: Record<string, string> = json) {
  const isForm = body instanceof URLSearchParams;
  const type = isForm ? { 'content-type': 'application/x-www-form-urlencoded' } : {};
  const reply = await send({
    method: 'POST',
    path,
    headers: { ...headers, ...type },
    body: isForm ? body.toString() : JSON.stringify(body),
  });
  return { ...reply, json: () => JSON.parse(reply.text) as Record<string, string> };
}

/** Signs in wherever one can, rightly and wrongly; the tokens that come back are secrets too. */
async function signIn(): Promise<void> {
  const { octeth, signals, webmarketer } = server.credentials;
  const { username: Username, password: Password } = octeth;
  const session = await post('/api.php', { Command: 'User.Login', Username, Password });
  keys.add(session.json().SessionID!);
  await post('/api.php', { Command: 'User.Login', Username, Password: wrongPassword });
  const token = await post('/api/v2/token', { username: signals.username, password: signals.password });
  keys.add(token.json().access_token!);
  await post('/api/v2/token', { username: signals.username, password: wrongPassword });
  const { clientId, privateKey, privateKeyId, serviceAccountEmail } = webmarketer.serviceAccount;
  const assertion = await new SignJWT({ scope: 'full_access offline_access' })
    .setProtectedHeader({ alg: 'RS256', typ: 'JWT', kid: privateKeyId })
    .setIssuer(clientId)
    .setSubject(serviceAccountEmail)
    .setAudience(`${server.baseUrl}/oidc/token`)
    .setExpirationTime('300s')
    .sign(await importPKCS8(privateKey, 'RS256'));
  const grant_type = 'urn:ietf:params:oauth:grant-type:jwt-bearer';
  const grant = new URLSearchParams({ grant_type, client_id: clientId, assertion });
  const granted = (await post('/oidc/token', grant)).json();
  keys.add(granted.access_token!);
  if (granted.refresh_token) keys.add(granted.refresh_token);
  secrets.add(assertion);
}

/** Each vendor's requests: good, repeated, with a wrong key, cut off, and with what the database refuses. */
async function sendEverything(): Promise<number> {
  let accepted = 0;
  for (const make of Object.values(vendorRequests)) {
    const request = make(server.credentials, somebody);
    for (const marker of request.markers) secrets.add(marker);
    for (let times = 0; times < 2; times++) if ((await send(request)).status < 300) accepted++;
    const authorization = `Bearer ${wrongPassword}`;
    await send({ ...request, headers: { ...request.headers, authorization } });
    await send({ ...request, body: request.body.slice(0, -3) });
    for (const value of hostileValues.slice(0, 8)) {
      const body = request.body.replace(new RegExp(`"[^"]*${somebody.email}"`), () => value);
      await send({ ...request, headers: { ...request.headers, 'x-request-id': value.slice(1, 5) }, body });
    }
    await send({ ...request, path: `${request.path}/${encodeURIComponent(somebody.email)}` });
  }
  return accepted;
}

async function read(): Promise<void> {
  const { workspace, admin, contacthub, signals } = server.credentials;
  const native = `/throughline/v1/workspaces/${workspace.id}`;
  const questions: [string, string][] = [
    [`${native}/people/lookup?kind=email&value=${somebody.email}`, admin.token],
    [`${native}/people/lookup?kind=phone&value=${encodeURIComponent(somebody.phone)}`, admin.token],
    [`${native}/people/lookup?kind=email&value=${somebody.email}`, wrongPassword],
    [`${native}/quarantine`, admin.token],
    [
      `/hub/v1/workspaces/${contacthub.workspaceId}/customers?nodeId=${contacthub.nodeId}&externalId=${somebody.email}`,
      contacthub.token,
    ],
    [
      `/webhooks/whatsapp/${signals.appId}?hub.mode=subscribe&hub.verify_token=${signals.verifyToken}&hub.challenge=1`,
      '',
    ],
    [`/no/such/path/${somebody.email}?token=${admin.token}`, admin.token],
  ];
  for (const [path, token] of questions)
    await send({ method: 'GET', path, headers: token === '' ? {} : { authorization: `Bearer ${token}` } });
}

async function untilReady(): Promise<void> {
  const deadline = performance.now() + 20_000;
  const isReady = async () => (await send({ method: 'GET', path: '/readyz', headers: {} })).status === 200;
  while (!(await isReady())) {
    assert.ok(performance.now() < deadline, 'the database did not come back');
    await delay(25);
  }
}

function findSecrets(text: string, among: Iterable<string>): string[] {
  return [...among].filter((secret) => text.includes(secret));
}

it('no log holds a key, a token, a password, personal data or a body, even at the level trace', async () => {
  for (const secret of secretsOf(server.credentials)) keys.add(secret.split('\n')[1] ?? secret);
  for (const secret of [somebody.email, somebody.phone.slice(1), wrongPassword, 'Added to Cart'])
    secrets.add(secret);
  await prepareVendors(send, server.credentials);
  await signIn();
  const accepted = await sendEverything();
  assert.equal(accepted, 2 * Object.keys(vendorRequests).length);
  await read();
  await server.killDatabase();
  await Promise.all([sendEverything(), signIn().catch(() => {}), read()]);
  await untilReady();
  await sendEverything();

  const { log } = server;
  assert.match(log, /PostgreSQL ended unexpectedly/, 'the log tells what happened');
  assert.match(log, /refused items go to quarantine/);
  const all = [...keys, ...secrets];
  assert.deepEqual(findSecrets(log, all), []);
  const databaseLog = await readFile(join(dataDir, 'postgres.log'), 'utf8');
  assert.match(databaseLog, /database system is ready/);
  assert.deepEqual(findSecrets(databaseLog, all), []);
  const metrics = await send({ method: 'GET', path: '/metrics', headers: {} });
  assert.deepEqual(findSecrets(metrics.text, all), []);
});

it('the database holds no key or password in clear, and the file that does is its owner’s alone', async () => {
  const database = await openDatabase(
    { dataDir, databaseUrl: undefined, databasePoolSize: 2 },
    pino({ level: 'silent' }),
    'attach',
  );
  try {
    const rows = await database.query<{ row: string }>(
      // An app's secret is kept as it is: checking a signature takes it.
      `select c::text as row from credential c where kind <> 'app-secret' union all select a::text from account a
       union all select b::text from dialect_binding b`,
    );
    assert.ok(rows.length > 10, `${rows.length} rows`);
    const found = rows.flatMap(({ row }) => findSecrets(row, keys));
    assert.deepEqual(found, []);
    const [plain] = await database.query<{ bytes: string }>(
      `select string_agg(encode(secret_hash, 'escape'), ' ') as bytes from credential`,
    );
    assert.deepEqual(findSecrets(plain!.bytes, keys), [], 'the hash is not the key itself');
  } finally {
    await database.close();
  }
  const { mode } = await stat(join(dataDir, 'credentials.json'));
  assert.equal(mode & 0o777, 0o600);
});

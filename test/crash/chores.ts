import { randomBytes, randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { VendorReply } from '../journeys/vendors.ts';
import type { Client } from './client.ts';
import type { Random } from './random.ts';
import type { Site } from './site.ts';

/** What one chore does at a time, and what has to hold of it afterwards. */
interface Chore {
  step(): Promise<void>;
  /** What is wrong; nothing when all that was acknowledged is so. `wait`: also what is done behind the answers is over. */
  prove(wait: boolean): Promise<string[]>;
}

const rowsPerFile = 20;
const proofsAtOnce = 8;
const jobPatienceMilliseconds = 120_000;

/** Work that is no event, in flight with them: customers made, edited, deleted and forgotten, joined and parted, and files of them. */
export class Chores {
  readonly #site: Site;
  readonly #random: Random;
  readonly #api: Api;
  readonly #all: Chore[] = [];
  #stopped = false;

  constructor(site: Site, client: Client, random: Random) {
    this.#site = site;
    this.#random = random;
    this.#api = new Api(site, client);
  }

  async run(clients: number): Promise<void> {
    await Promise.all(Array.from({ length: clients }, () => this.#runClient()));
  }

  stop(): void {
    this.#stopped = true;
  }

  get count(): number {
    return this.#all.length;
  }

  async prove(wait = false): Promise<string[]> {
    const wrong: string[] = [];
    const waiting = [...this.#all];
    const proveNext = async () => {
      for (let chore = waiting.pop(); chore; chore = waiting.pop()) wrong.push(...(await chore.prove(wait)));
    };
    await Promise.all(Array.from({ length: proofsAtOnce }, proveNext));
    return wrong;
  }

  async #runClient(): Promise<void> {
    while (!this.#stopped) {
      const chore = this.#make();
      this.#all.push(chore);
      const steps = Math.round(this.#random.between(2, 8));
      for (let step = 0; step < steps && !this.#stopped; step++) {
        await chore.step();
        await delay(this.#random.between(50, 150));
      }
    }
  }

  #make(): Chore {
    const kind = this.#random.next();
    if (kind < 0.7) return new Customer(this.#site, this.#api, this.#random);
    if (kind < 0.9) return new Pair(this.#site, this.#api);
    return new CustomerFile(this.#site, this.#api);
  }
}

/** Undefined: it is open what became of it. */
type Answer = VendorReply | undefined;

class Api {
  readonly #site: Site;
  readonly #client: Client;

  constructor(site: Site, client: Client) {
    this.#site = site;
    this.#client = client;
  }

  hub(
    method: 'GET' | 'POST' | 'PATCH' | 'DELETE',
    path: string,
    expected: readonly number[],
    body?: object,
  ): Promise<Answer> {
    const { contacthub } = this.#site.credentials;
    const json = body && JSON.stringify(body);
    return this.send(method, `/hub/v1/workspaces/${contacthub.workspaceId}${path}`, expected, {
      token: contacthub.token,
      body: json,
    });
  }

  native(method: 'GET' | 'POST', path: string, expected: readonly number[], body?: object): Promise<Answer> {
    const { workspace, admin } = this.#site.credentials;
    const json = body && JSON.stringify(body);
    return this.send(method, `/throughline/v1/workspaces/${workspace.id}${path}`, expected, {
      token: admin.token,
      body: json,
    });
  }

  async send(
    method: 'GET' | 'POST' | 'PATCH' | 'DELETE',
    path: string,
    expected: readonly number[],
    { token, body, type = 'application/json' }: { token: string; body: string | undefined; type?: string },
  ): Promise<Answer> {
    const headers = {
      authorization: `Bearer ${token}`,
      ...(body === undefined ? {} : { 'content-type': type }),
    };
    const name = `${method} ${path}`;
    const reply = await this.#client.send({ method, path, headers, ...(body ? { body } : {}) }, name);
    if (!reply || expected.includes(reply.status)) return reply;
    this.#client.sight.oddities.push(`${name} was answered ${reply.status}: ${reply.text.slice(0, 300)}`);
    return undefined;
  }

  /** Asks until there is an answer. */
  async ask(ask: () => Promise<Answer>): Promise<VendorReply> {
    for (let tries = 0; tries < 100; tries++) {
      const answer = await ask();
      if (answer) return answer;
      await delay(50);
    }
    throw new Error('a question was never answered');
  }
}

function newAddress(): string {
  return `chore-${randomBytes(8).toString('hex')}@example.com`;
}

/** The customer's id, once it is made. */
async function create(site: Site, api: Api, email: string, firstName: string): Promise<string | undefined> {
  const base = { firstName, contacts: { email } };
  const reply = await api.hub('POST', '/customers', [201], {
    nodeId: site.credentials.contacthub.nodeId,
    base,
  });
  return reply && JSON.parse(reply.text).id;
}

/** Made, edited several times, and in the end deleted, or forgotten with an erasure's receipt. */
class Customer implements Chore {
  readonly #site: Site;
  readonly #api: Api;
  readonly #end: 'delete' | 'erase' | 'stay';
  readonly #email = newAddress();
  #id: string | undefined;
  #version = 0;
  /** What may be shown: the last that was acknowledged, and whatever was not answered, which may have come after it. */
  #acknowledged: string | undefined;
  readonly #open = new Set<string>();
  #gone: 'no' | 'asked' | 'yes' = 'no';

  constructor(site: Site, api: Api, random: Random) {
    this.#site = site;
    this.#api = api;
    this.#end = random.pick(['delete', 'erase', 'stay'] as const);
  }

  async step(): Promise<void> {
    const text = `version ${this.#version}`;
    if (this.#id === undefined) {
      this.#id = await create(this.#site, this.#api, this.#email, text);
      if (this.#id === undefined) this.#open.add(text);
      else this.#acknowledged = text;
      return;
    }
    if (this.#version >= 3 && this.#end !== 'stay') return this.#finish(this.#id);
    const next = `version ${++this.#version}`;
    this.#open.add(next);
    const body = { base: { firstName: next } };
    const reply = await this.#api.hub('PATCH', `/customers/${this.#id}`, [200], body);
    if (!reply) return;
    this.#open.delete(next);
    this.#acknowledged = next;
  }

  async #finish(id: string): Promise<void> {
    if (this.#gone === 'yes') return;
    // Who has asked before, and had no answer, may find it done.
    const expected = this.#gone === 'asked' ? [200, 404] : [200];
    this.#gone = 'asked';
    const reply =
      this.#end === 'delete'
        ? await this.#api.hub('DELETE', `/customers/${id}`, expected)
        : await this.#api.native('POST', `/people/${id}/erase`, expected);
    if (reply) this.#gone = 'yes';
  }

  async prove(): Promise<string[]> {
    const id = this.#id;
    if (id === undefined) return [];
    const found = await this.#api.ask(() => this.#api.hub('GET', `/customers/${id}`, [200, 404]));
    // Of who was forgotten Contacthub shows a skeleton.
    const isEmpty = found.status === 404 || !/version \d|chore-/.test(found.text);
    if (this.#gone === 'yes') {
      const path = `/people/lookup?kind=email&value=${this.#email}`;
      const byKey = await this.#api.ask(() => this.#api.native('GET', path, [200, 404]));
      const isGone = byKey.status === 404 && (found.status === 404 || (this.#end === 'erase' && isEmpty));
      return isGone ? [] : [`LOST a ${this.#end} of the customer ${id} that was acknowledged`];
    }
    if (isEmpty) return this.#gone === 'asked' ? [] : [`LOST the customer ${id}`];
    const shown = JSON.parse(found.text).base.firstName;
    if (shown === this.#acknowledged || this.#open.has(shown)) return [];
    return [`LOST an edit of the customer ${id}: it is ${shown}, ${this.#acknowledged} was acknowledged`];
  }
}

/** Two customers that are joined by hand, and parted again. */
class Pair implements Chore {
  readonly #site: Site;
  readonly #api: Api;
  readonly #ids: string[] = [];
  #link: string | undefined;
  #isOne: boolean | 'open' = false;

  constructor(site: Site, api: Api) {
    this.#site = site;
    this.#api = api;
  }

  async step(): Promise<void> {
    if (this.#ids.length < 2) {
      const id = await create(this.#site, this.#api, newAddress(), 'One of two');
      if (id !== undefined) this.#ids.push(id);
      return;
    }
    const [first, second] = this.#ids;
    if (this.#isOne === true && this.#link !== undefined) {
      this.#isOne = 'open';
      const reply = await this.#api.native('POST', `/links/${this.#link}/undo`, [200]);
      if (reply) this.#isOne = false;
      return;
    }
    this.#isOne = 'open';
    const reply = await this.#api.native('POST', '/links', [200, 201], { first, second });
    if (!reply) return;
    this.#link = JSON.parse(reply.text).link.id;
    this.#isOne = true;
  }

  async prove(): Promise<string[]> {
    if (this.#ids.length < 2 || this.#isOne === 'open') return [];
    const [first, second] = await Promise.all(this.#ids.map((id) => this.#personOf(id)));
    if ((first === second) === this.#isOne) return [];
    return [`LOST a link or its undoing: ${this.#ids.join(' and ')} are${this.#isOne ? ' not' : ''} one`];
  }

  async #personOf(id: string): Promise<string> {
    const reply = await this.#api.ask(() => this.#api.native('GET', `/people/${id}`, [200]));
    return JSON.parse(reply.text).id;
  }
}

/** A file of customers, whose rows are written by a job after the answer. */
class CustomerFile implements Chore {
  readonly #site: Site;
  readonly #api: Api;
  readonly #addresses = Array.from({ length: rowsPerFile }, newAddress);
  #id: string | undefined;

  constructor(site: Site, api: Api) {
    this.#site = site;
    this.#api = api;
  }

  async step(): Promise<void> {
    if (this.#id !== undefined) return;
    const rows = this.#addresses.map((address, index) => `${index},${address}`);
    const csv = `externalId,base.contacts.email\n${rows.join('\n')}\n`;
    const boundary = randomUUID();
    const form = [
      `--${boundary}\r\nContent-Disposition: form-data; name="operation"\r\n\r\nUPSERT`,
      `--${boundary}\r\nContent-Disposition: form-data; name="file"; filename="rows.csv"\r\nContent-Type: text/csv\r\n\r\n${csv}`,
      `--${boundary}--\r\n`,
    ];
    const reply = await this.#api.send('POST', this.#path, [201], {
      token: this.#site.credentials.contacthub.adminToken,
      body: form.join('\r\n'),
      type: `multipart/form-data; boundary=${boundary}`,
    });
    if (reply) this.#id = JSON.parse(reply.text).id;
  }

  async prove(wait: boolean): Promise<string[]> {
    if (this.#id === undefined) return [];
    const until = performance.now() + jobPatienceMilliseconds;
    for (;;) {
      const job = await this.#read();
      if (!job) return [`LOST the bulk job ${this.#id}`];
      const { status, processedEntities, failedEntities } = job;
      if (status === 'PROCESSED') {
        if (processedEntities === rowsPerFile && failedEntities === 0) return [];
        return [`LOST rows of the bulk job ${this.#id}: ${processedEntities} done, ${failedEntities} failed`];
      }
      if (!wait) return [];
      if (performance.now() > until) return [`STUCK the bulk job ${this.#id}: it is ${status}`];
      await delay(100);
    }
  }

  async #read(): Promise<{ status: string; processedEntities: number; failedEntities: number } | undefined> {
    const path = `${this.#path}/${this.#id}`;
    const token = this.#site.credentials.contacthub.adminToken;
    const reply = await this.#api.ask(() =>
      this.#api.send('GET', path, [200, 404], { token, body: undefined }),
    );
    return reply.status === 404 ? undefined : JSON.parse(reply.text);
  }

  get #path(): string {
    const { workspaceId, nodeId } = this.#site.credentials.contacthub;
    return `/hub/v1/workspaces/${workspaceId}/nodes/${nodeId}/bulk-jobs`;
  }
}

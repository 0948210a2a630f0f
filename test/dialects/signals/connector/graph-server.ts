import { createHmac } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** An object of Graph, by its field names. */
export type GraphObject = Record<string, unknown> & { id: string };

export interface GraphDay {
  readonly ad_id: string;
  readonly day: string;
  readonly clicks: number;
  readonly impressions: number;
  readonly spend: string;
}

/** What was asked of it, the parts of a batch by themselves. */
export interface GraphRequest {
  readonly path: string;
  readonly parameters: Record<string, string>;
  readonly authorization: string | undefined;
  readonly inBatch: boolean;
}

/** An answer that is given in place of the right one. */
export interface Misbehaviour {
  readonly status?: number;
  readonly body?: unknown;
  /** Sent as it is. */
  readonly text?: string;
  readonly headers?: Record<string, string>;
  /** Drops the connection. */
  readonly hangUp?: boolean;
  /** Never answers. */
  readonly silent?: boolean;
  /** Only of requests whose path holds this. */
  readonly of?: string;
  /** How many such requests are answered rightly before. */
  after?: number;
}

const version = 'v25.0';

/**
 * Speaks the documented shapes of Meta's Graph API over HTTP: nodes, edges with cursors, daily insights, batches, errors, usage
 * headers. What it is to hold is set by a test; what it was asked is kept.
 */
export class GraphServer {
  readonly token = 'EAAB-good-token-0123456789';
  appSecret: string | undefined;
  /** Rows of a page at most, whatever was asked for. */
  pageSize = 100;
  /** Answers of pages with more rows than this are "too much data". */
  mostRows = Number.POSITIVE_INFINITY;
  /** Sent with every answer. */
  usage: Record<string, string> = {};
  readonly accounts: GraphObject[] = [];
  readonly campaigns: GraphObject[] = [];
  readonly ads: GraphObject[] = [];
  readonly pages: GraphObject[] = [];
  readonly days: GraphDay[] = [];
  readonly requests: GraphRequest[] = [];
  /** Each is used up by one request. */
  readonly misbehaviours: Misbehaviour[] = [];
  readonly #server = createServer((request, response) => {
    this.#answer(request, response).catch((error: unknown) => {
      response.statusCode = 500;
      response.end(String(error));
    });
  });

  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  /** Forgets everything, the account too. */
  reset(): void {
    for (const list of [this.accounts, this.campaigns, this.ads, this.pages, this.days, this.requests])
      list.length = 0;
    this.misbehaviours.length = 0;
    this.usage = {};
    this.pageSize = 100;
    this.mostRows = Number.POSITIVE_INFINITY;
    this.appSecret = undefined;
  }

  addAccount(id: string, more: Record<string, unknown> = {}): void {
    this.accounts.push({
      id: `act_${id}`,
      account_id: id,
      name: `Account ${id}`,
      currency: 'EUR',
      timezone_name: 'Europe/Berlin',
      ...more,
    });
  }

  addCampaign(id: string, accountId: string, more: Record<string, unknown> = {}): void {
    this.campaigns.push({
      id,
      account_id: accountId,
      name: `Campaign ${id}`,
      status: 'ACTIVE',
      effective_status: 'ACTIVE',
      start_time: '2022-11-30T14:05:08+0100',
      ...more,
    });
  }

  addAd(id: string, accountId: string, campaignId: string, more: Record<string, unknown> = {}): GraphObject {
    const ad = {
      id,
      account_id: accountId,
      campaign_id: campaignId,
      name: `Ad ${id}`,
      status: 'ACTIVE',
      effective_status: 'ACTIVE',
      created_time: '2022-11-01T10:05:08+0100',
      updated_time: '2022-11-30T14:05:08+0100',
      adset: { id: '77', name: 'Spot ad set', status: 'ACTIVE', effective_status: 'ACTIVE' },
      creative: { id: '88', object_story_spec: { page_id: '460293477343848' } },
      ...more,
    };
    this.ads.push(ad);
    return ad;
  }

  setDay(ad_id: string, day: string, numbers: { clicks: number; impressions: number; spend: string }): void {
    const index = this.days.findIndex((known) => known.ad_id === ad_id && known.day === day);
    if (index >= 0) this.days.splice(index, 1);
    this.days.push({ ad_id, day, ...numbers });
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url!, 'http://graph');
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const form = new URLSearchParams(Buffer.concat(chunks).toString('utf8'));
    const parameters = { ...Object.fromEntries(url.searchParams), ...Object.fromEntries(form) };
    const path = url.pathname.replace(`/${version}/`, '').replace(/^\//, '');
    const { authorization } = request.headers;
    this.requests.push({ path, parameters, authorization, inBatch: false });
    const wrong = this.#misbehave(path);
    if (wrong?.silent) return;
    if (wrong?.hangUp) {
      request.socket.destroy();
      return;
    }
    const right = wrong ? { status: 200, body: {} } : this.#reply(path, parameters, authorization);
    const { status, body } = { ...right, ...wrong };
    response.writeHead(status, { 'content-type': 'application/json', ...this.usage, ...wrong?.headers });
    response.end(wrong?.text ?? JSON.stringify(body));
  }

  #misbehave(path: string): Misbehaviour | undefined {
    const index = this.misbehaviours.findIndex(({ of }) => of === undefined || path.includes(of));
    const found = this.misbehaviours[index];
    if (found?.after) {
      found.after--;
      return undefined;
    }
    return index < 0 ? undefined : this.misbehaviours.splice(index, 1)[0];
  }

  #reply(path: string, parameters: Record<string, string>, authorization: string | undefined) {
    if (authorization !== `Bearer ${this.token}`)
      return fail(401, 190, 'Error validating access token: Session has expired.', 463);
    if (this.appSecret !== undefined) {
      const proof = createHmac('sha256', this.appSecret).update(this.token).digest('hex');
      if (parameters.appsecret_proof !== proof) return fail(400, 100, 'Invalid appsecret_proof provided');
    }
    if (parameters.batch !== undefined) return this.#batch(parameters.batch, authorization);
    return this.#get(path, parameters);
  }

  #batch(text: string, authorization: string) {
    const operations = JSON.parse(text) as { method: string; relative_url: string }[];
    if (operations.length > 50) return fail(400, 100, 'Too many requests in batch message.');
    const body = operations.map(({ relative_url }) => {
      const url = new URL(relative_url, 'http://graph/');
      const path = url.pathname.replace(`/${version}/`, '');
      const parameters = Object.fromEntries(url.searchParams);
      this.requests.push({ path, parameters, authorization, inBatch: true });
      const wrong = this.#misbehave(`batch:${path}`);
      const answer = { ...this.#get(path, parameters), ...wrong };
      return { code: answer.status, body: JSON.stringify(answer.body) };
    });
    return { status: 200, body };
  }

  #get(path: string, parameters: Record<string, string>): { status: number; body: unknown } {
    const [node, edge] = path.split('/') as [string, string | undefined];
    if (edge === undefined) {
      const found = [...this.accounts, ...this.campaigns, ...this.ads, ...this.pages].find(
        ({ id }) => id === node,
      );
      if (!found) return noSuchObject(node);
      return { status: 200, body: this.#withCampaign(found) };
    }
    const rows = this.#edge(node, edge, parameters);
    return rows ? this.#page(path, rows, parameters) : noSuchObject(node);
  }

  #edge(node: string, edge: string, parameters: Record<string, string>): GraphObject[] | undefined {
    if (node === 'me') return edge === 'adaccounts' ? this.accounts : undefined;
    const accountId = node.startsWith('act_') ? node.slice(4) : undefined;
    if (accountId !== undefined && !this.accounts.some(({ id }) => id === node)) return undefined;
    const within = (object: GraphObject) =>
      accountId === undefined
        ? object.campaign_id === node || object.id === node
        : object.account_id === accountId;
    const statuses = parameters.effective_status;
    const hasStatus = ({ effective_status }: GraphObject) =>
      statuses === undefined
        ? !['ARCHIVED', 'DELETED'].includes(String(effective_status))
        : (JSON.parse(statuses) as unknown[]).includes(effective_status);
    if (edge === 'campaigns') return this.campaigns.filter(within).filter(hasStatus);
    if (edge === 'ads')
      return this.ads
        .filter(within)
        .filter(hasStatus)
        .map((ad) => this.#withCampaign(ad));
    return edge === 'insights' ? this.#insights(this.ads.filter(within), parameters) : undefined;
  }

  #insights(ads: GraphObject[], parameters: Record<string, string>): GraphObject[] {
    const { since, until } = JSON.parse(parameters.time_range!) as { since: string; until: string };
    if (parameters.level !== 'ad' || parameters.time_increment !== '1') return [];
    return this.days
      .filter(({ day, ad_id }) => day >= since && day <= until && ads.some(({ id }) => id === ad_id))
      .map(({ ad_id, day, clicks, impressions, spend }) => ({
        id: ad_id,
        ad_id,
        campaign_id: ads.find(({ id }) => id === ad_id)!.campaign_id,
        clicks: String(clicks),
        impressions: String(impressions),
        spend,
        date_start: day,
        date_stop: day,
      }));
  }

  #withCampaign(object: GraphObject): GraphObject {
    const campaign = this.campaigns.find(({ id }) => id === object.campaign_id);
    return campaign ? { ...object, campaign } : object;
  }

  #page(path: string, rows: GraphObject[], parameters: Record<string, string>) {
    const limit = Math.min(Number(parameters.limit ?? 25), this.pageSize);
    if (limit > this.mostRows)
      return fail(500, 1, "Please reduce the amount of data you're asking for, then retry your request");
    const start = parameters.after ? Number(Buffer.from(parameters.after, 'base64').toString()) : 0;
    const end = start + limit;
    const cursors = { before: cursorOf(start), after: cursorOf(end) };
    // A real `next` holds the token: one that follows it would send it to wherever an answer says.
    const next = `https://elsewhere.invalid/${version}/${path}?access_token=${this.token}&after=${cursors.after}`;
    return {
      status: 200,
      body: { data: rows.slice(start, end), paging: { cursors, ...(end < rows.length ? { next } : {}) } },
    };
  }
}

function cursorOf(position: number): string {
  return Buffer.from(String(position)).toString('base64');
}

/** An error as Graph writes it. */
export function fail(status: number, code: number, message: string, subcode?: number) {
  const error = { message, type: 'OAuthException', code, error_subcode: subcode, fbtrace_id: 'AbC' };
  return { status, body: { error } };
}

function noSuchObject(id: string) {
  const message = `Unsupported get request. Object with ID '${id}' does not exist`;
  return fail(400, 100, message, 33);
}

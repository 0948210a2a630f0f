import type {
  FastifyInstance,
  FastifyReply,
  FastifyRequest,
  FastifySchema,
  FastifySchemaCompiler,
  RouteOptions,
} from 'fastify';
import type { Static, TSchema } from 'typebox';
import { type AnswerText, type RequestHead, restOfShortWay, type ShortWay } from './short-way.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** What the operation's guard answered: who asks. Handlers get it, typed, as `access`. */
    guarded: unknown;
  }
  interface FastifyContextConfig {
    /** The operation that a route was made from, for who walks over all routes. */
    operation?: Operation<never>;
  }
}

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/**
 * Lets a request in, or throws the refusal, before its body is read. There is no default: what anybody may call says `open()`.
 */
export interface Guard<Services, Access> {
  readonly admit: (services: Services, request: FastifyRequest, reply: FastifyReply) => Promise<Access>;
  /** The roles that it lets in; absent: any that the key has. */
  readonly roles?: readonly string[];
  readonly isOpen?: true;
}

/** The guard of what anybody may call. */
export function open<Services>(): Guard<Services, undefined> {
  return { admit: async () => undefined, isOpen: true };
}

/** A request as its operation sees it: the parts that have a schema are of that schema's type, the others `unknown`. */
export interface Call<Services, Access, Path, Query, Body> {
  readonly services: Services;
  readonly access: Access;
  readonly path: Path;
  readonly query: Query;
  readonly body: Body;
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
}

export interface Definition<
  Services,
  Access,
  Path extends TSchema,
  Query extends TSchema,
  Body extends TSchema,
> {
  readonly method: Method;
  /** Below the table's prefix. Several where the vendor has several for one operation. */
  readonly path: string | readonly string[];
  readonly summary: string;
  readonly description?: string;
  readonly guard: Guard<Services, Access>;
  /** These are checked before the handler runs. */
  readonly checks?: {
    readonly path?: Path;
    readonly query?: Query;
    readonly body?: Body;
    /** The handler finds them on the request, as they were checked. */
    readonly headers?: TSchema;
  };
  /** These are documentation alone: the handler reads such a part, which is `unknown` to it, in the vendor's own words. */
  readonly documents?: {
    readonly query?: object;
    readonly body?: object;
    readonly headers?: object;
    /** The body's media types; JSON unless said. */
    readonly consumes?: readonly string[];
  };
  /** A body that can be sent, for who tries the operation where the reference shows it; ids and keys in it are the reader's to fill in. */
  readonly example?: object;
  /** By status. */
  readonly replies?: Readonly<Record<number, object>>;
  /** Of the answer, unless the handler sets another; 200 unless said. */
  readonly status?: number;
  /** In bytes; the server's limit unless said. */
  readonly bodyLimit?: number;
  /** Answers plain requests without Fastify, just as `handle` would. */
  readonly short?: ShortForm<Services>['admit'];
  /** False: no HEAD beside the GET, which may change something. */
  readonly hasHead?: false;
  readonly handle: (
    call: Call<Services, Access, Static<Path>, Static<Query>, Static<Body>>,
  ) => Promise<unknown> | unknown;
}

/** What a definition says of a request's form. */
type Form = Omit<Definition<never, unknown, TSchema, TSchema, TSchema>, 'handle'>;

/** An operation as tables list it. Only `operation` makes one. */
export interface Operation<Services> {
  readonly method: Method;
  readonly paths: readonly string[];
  readonly guard: Pick<Guard<Services, unknown>, 'admit' | 'roles' | 'isOpen'>;
  readonly schema: FastifySchema;
  readonly example: object | undefined;
  /** The parts of a request that its schema checks. */
  readonly checked: ReadonlySet<string>;
  readonly bodyLimit: number | undefined;
  readonly hasHead: boolean;
  readonly answer: (services: Services, request: FastifyRequest, reply: FastifyReply) => Promise<unknown>;
  readonly short: ShortForm<Services> | undefined;
}

/** An operation's short way (short-way.ts), whatever the services are. */
export interface ShortForm<Services> {
  readonly status: number;
  readonly admit: (services: Services, head: RequestHead) => Promise<AnswerText | undefined>;
}

/** Declares an operation: where it is, who may call it, what it takes and gives, and what it does. */
export function operation<
  Services,
  Access,
  Path extends TSchema,
  Query extends TSchema,
  Body extends TSchema,
>(definition: Definition<Services, Access, Path, Query, Body>): Operation<Services> {
  const { method, path, guard, example, bodyLimit, hasHead = true, status = 200, short, handle } = definition;
  return {
    method,
    paths: typeof path === 'string' ? [path] : path,
    guard,
    schema: schemaOf(definition),
    example,
    checked: checkedParts(definition),
    bodyLimit,
    hasHead,
    short: short && { status, admit: short },
    answer: async (services, request, reply) => {
      // The one cast: Fastify has checked these parts by the schemas that their types are of, and the guard has set `guarded`.
      const {
        guarded: access,
        params: path,
        query,
        body,
      } = request as unknown as {
        guarded: Access;
        params: Static<Path>;
        query: Static<Query>;
        body: Static<Body>;
      };
      reply.code(status);
      return handle({ services, access, path, query, body, request, reply });
    },
  };
}

function schemaOf({
  summary,
  description,
  guard,
  checks = {},
  documents = {},
  replies,
}: Form): FastifySchema {
  const query = checks.query ?? documents.query;
  const body = checks.body ?? documents.body;
  const headers = checks.headers ?? documents.headers;
  return {
    summary,
    ...(description === undefined ? {} : { description }),
    ...(guard.isOpen ? { security: [] } : {}),
    ...(checks.path ? { params: checks.path } : {}),
    ...(query ? { querystring: query } : {}),
    ...(body ? { body } : {}),
    ...(headers ? { headers } : {}),
    ...(documents.consumes ? { consumes: documents.consumes } : {}),
    ...(replies ? { response: replies } : {}),
  };
}

function checkedParts({ checks = {} }: Form): ReadonlySet<string> {
  const names = { path: 'params', query: 'querystring', body: 'body', headers: 'headers' } as const;
  return new Set(
    (['path', 'query', 'body', 'headers'] as const).filter((part) => checks[part]).map((part) => names[part]),
  );
}

/** How a table's operations are served. */
export interface TableOptions {
  /** Leads each path. */
  readonly prefix?: string;
  /** The heading in the API's document; an operation of several resources has its own. */
  readonly tag: string;
  /** Makes the checks out of schemas. */
  readonly compile: FastifySchemaCompiler<object>;
}

export function registerOperations<Services>(
  app: FastifyInstance,
  services: Services,
  operations: readonly Operation<Services>[],
  options: TableOptions,
): void {
  for (const one of operations)
    for (const path of one.paths) app.route(routeOf(one, path, services, options));
}

function routeOf<Services>(
  one: Operation<Services>,
  path: string,
  services: Services,
  { prefix = '', tag, compile }: TableOptions,
): RouteOptions {
  return {
    method: one.method,
    url: prefix + path,
    schema: { tags: [tag], ...one.schema },
    config: { operation: one, ...(one.short && { shortWay: bindShortWay(one.short, services) }) },
    ...(one.bodyLimit === undefined ? {} : { bodyLimit: one.bodyLimit }),
    ...(one.hasHead ? {} : { exposeHeadRoute: false }),
    validatorCompiler: (route) => (one.checked.has(route.httpPart ?? '') ? compile(route) : () => true),
    onRequest: async (request, reply) => {
      request.guarded = await one.guard.admit(services, request, reply);
    },
    handler: (request, reply) => {
      const rest = restOfShortWay(request.raw);
      if (!rest) return one.answer(services, request, reply);
      reply.code(one.short?.status ?? reply.statusCode);
      return rest(request, reply);
    },
  };
}

function bindShortWay<Services>({ status, admit }: ShortForm<Services>, services: Services): ShortWay {
  return { status, admit: (head) => admit(services, head) };
}

const methods: readonly Method[] = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'];

/** A path or a method that is not there, as a vendor refuses it. */
export interface Refusal<Services> {
  /** Runs first, but on a path whose operations are all open: who shows no key is told nothing else. */
  readonly guard: Guard<Services, unknown>;
  readonly refuse: (request: FastifyRequest) => Error;
}

/** Answers the methods that the table's paths do not have. */
export function refuseOtherMethods<Services>(
  app: FastifyInstance,
  services: Services,
  operations: readonly Operation<Services>[],
  { guard, refuse }: Refusal<Services>,
  prefix = '',
): void {
  const located = operations.flatMap((one) => one.paths.map((path) => ({ path, one })));
  for (const [path, known] of Map.groupBy(located, (each) => each.path)) {
    const isOpen = known.every(({ one }) => one.guard.isOpen);
    app.route({
      method: methods.filter((method) => !known.some(({ one }) => one.method === method)),
      url: prefix + path,
      schema: { hide: true },
      // Before the body is read.
      onRequest: async (request, reply) => {
        if (!isOpen) await guard.admit(services, request, reply);
        throw refuse(request);
      },
      handler: () => undefined,
    });
  }
}

/** Answers what stands below the prefix, but is no path of the table. */
export function refuseOtherPaths<Services>(
  app: FastifyInstance,
  services: Services,
  { guard, refuse }: Refusal<Services>,
  prefix: string,
): void {
  app.route({
    method: [...methods],
    url: `${prefix}/*`,
    schema: { hide: true },
    onRequest: async (request, reply) => {
      await guard.admit(services, request, reply);
      throw refuse(request);
    },
    handler: () => undefined,
  });
}

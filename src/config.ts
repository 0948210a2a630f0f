import { isIP, isIPv4 } from 'node:net';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { plainAddress } from './core/rate-limit/network.ts';

const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;
export type LogLevel = (typeof logLevels)[number];

export type Config = Readonly<{
  /** Address to listen on. */
  host: string;
  /** Port to listen on; 0 lets the system choose one. */
  port: number;
  /** How many processes take requests, on the one port. */
  processes: number;
  /** Absolute path of the data folder. */
  dataDir: string;
  /** An external PostgreSQL; undefined means the embedded one. Holds a password: never log it. */
  databaseUrl: string | undefined;
  logLevel: LogLevel;
  /** Whether each request gets a line in the log, which says nothing of whom it is about. */
  logsRequests: boolean;
  /** Where clients reach the server, where that is not where it listens (behind TLS): `https://host[:port]`. */
  publicUrl: string | undefined;
  /** Who asks for /metrics has to show it as a bearer token; undefined: nobody has to. A secret: never log it. */
  metricsToken: string | undefined;
  /** Addresses and networks (CIDR) of the proxies whose X-Forwarded-For, -Proto and -Host are believed; none unless named. */
  trustedProxies: readonly string[];
  /** How long the whole of a request may take to come in. */
  requestMilliseconds: number;
  /** Connections at one time; of one address that is no trusted proxy's, a quarter. */
  maximumConnections: number;
  /** What one address may send without a key in a minute; 0 is no limit. */
  visitorAllowance: Readonly<{ messages: number; bytes: number }>;
  /** Largest request body taken, in bytes. */
  bodyLimitBytes: number;
  /** Largest file of rows taken (Contacthub's bulk jobs), in bytes. */
  bulkLimitBytes: number;
  /** How many bytes of events may wait for a commit before requests are refused with 503. */
  queueLimitBytes: number;
  /** Connections for what requests ask, and as many again for events; work beside them has a few more. */
  databasePoolSize: number;
  /** How long the database may work at a question of a request. */
  readMilliseconds: number;
  /** How many questions of one workspace the database works at, at once. */
  readsPerWorkspace: number;
  /** Meta's Marketing API (docs/connectors/meta.md). */
  meta: Readonly<{
    /** Where Graph is; without a slash at the end. */
    baseUrl: string;
    /** `v25.0` */
    version: string;
    /** Of the Meta app, to prove requests by. A secret: never log it. */
    appSecret: string | undefined;
    /** How many days of numbers the first refresh of an ad account asks for. */
    backfillDays: number;
  }>;
}>;

/** A setting that can't be used. The message is one line that names the setting; it never repeats a database address. */
export class ConfigError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'ConfigError';
  }
}

const flags = {
  host: { type: 'string' },
  port: { type: 'string' },
  processes: { type: 'string' },
  'data-dir': { type: 'string' },
  'database-url': { type: 'string' },
} as const;

/** The settings of this process: `loadConfig` with its environment. @throws ConfigError */
export function loadProcessConfig(argv: string[]): Config {
  return loadConfig(process.env, argv);
}

const KIB = 1024;
const MIB = 1024 * KIB;
/** More take more connections than a database has to give. */
const mostProcesses = 32;
/** What `bulkLimitBytes` can be at most. */
export const largestBulkLimit = 64 * 1024 * MIB;

/**
 * The settings of this process, from the environment and the command line's settings flags (which win). An empty value
 * counts as not given.
 * @throws ConfigError on an unknown flag or a value that can't be used
 */
export function loadConfig(environment: NodeJS.ProcessEnv, argv: string[]): Config {
  const given = parseFlags(argv);
  const poolSize = integer('THROUGHLINE_DATABASE_POOL', environment.THROUGHLINE_DATABASE_POOL, 8, 2, 40);
  const processes = integer(
    'THROUGHLINE_PROCESSES (--processes)',
    given.processes || environment.THROUGHLINE_PROCESSES,
    1,
    1,
    mostProcesses,
  );
  return Object.freeze({
    host: given.host || environment.HOST || '127.0.0.1',
    port: integer('PORT (--port)', given.port || environment.PORT, 8080, 0, 65_535),
    processes,
    dataDir: resolve(given['data-dir'] || environment.THROUGHLINE_DATA_DIR || './data'),
    databaseUrl: databaseUrl(given['database-url'] || environment.DATABASE_URL || undefined),
    logLevel: logLevel(environment.LOG_LEVEL || 'info'),
    logsRequests: isSwitchedOn('LOG_REQUESTS', environment.LOG_REQUESTS),
    publicUrl: publicUrl(environment.THROUGHLINE_PUBLIC_URL || undefined),
    metricsToken: metricsToken(environment.THROUGHLINE_METRICS_TOKEN || undefined),
    trustedProxies: trustedProxies(environment.TRUSTED_PROXIES || ''),
    requestMilliseconds:
      1000 * integer('THROUGHLINE_REQUEST_SECONDS', environment.THROUGHLINE_REQUEST_SECONDS, 30, 1, 3600),
    maximumConnections: integer(
      'THROUGHLINE_CONNECTIONS',
      environment.THROUGHLINE_CONNECTIONS,
      4096,
      4,
      1_000_000,
    ),
    visitorAllowance: visitorAllowance(environment),
    ...bodySettings(environment, processes),
    bulkLimitBytes: integer(
      'THROUGHLINE_BULK_LIMIT',
      environment.THROUGHLINE_BULK_LIMIT,
      1024 * MIB,
      KIB,
      largestBulkLimit,
    ),
    databasePoolSize: poolSize,
    ...readSettings(environment, poolSize),
    meta: metaSettings(environment),
  });
}

/** Each of several processes has its share of the queue, and each takes bodies of every size. */
function bodySettings(
  { THROUGHLINE_BODY_LIMIT: body, THROUGHLINE_QUEUE_LIMIT: queue }: NodeJS.ProcessEnv,
  processes: number,
): Pick<Config, 'bodyLimitBytes' | 'queueLimitBytes'> {
  const bodyLimitBytes = integer('THROUGHLINE_BODY_LIMIT', body, MIB, KIB, 64 * MIB);
  const queueLimitBytes = integer('THROUGHLINE_QUEUE_LIMIT', queue, 64 * MIB, MIB, 4096 * MIB);
  const least = processes * bodyLimitBytes;
  if (processes > 1 && queueLimitBytes < least)
    throw new ConfigError(
      `THROUGHLINE_QUEUE_LIMIT must be ${least} or more where ${processes} processes take bodies of ${bodyLimitBytes} bytes (THROUGHLINE_BODY_LIMIT)`,
    );
  return { bodyLimitBytes, queueLimitBytes };
}

/** Whose word on addresses is believed, everywhere an address counts: a typing error must not open it to all. */
function trustedProxies(text: string): readonly string[] {
  const proxies = text
    .split(',')
    .map((proxy) => proxy.trim())
    .filter((proxy) => proxy !== '');
  for (const proxy of proxies) {
    if (!isAddressOrNetwork(proxy))
      throw new ConfigError(
        `TRUSTED_PROXIES must be addresses or networks such as 10.0.0.0/8, separated by commas, not "${proxy}"`,
      );
  }
  return Object.freeze(proxies);
}

/** By default more than an office behind one address sends: twenty page views a second. */
function visitorAllowance(environment: NodeJS.ProcessEnv): Config['visitorAllowance'] {
  const { THROUGHLINE_ADDRESS_MESSAGES: messages, THROUGHLINE_ADDRESS_BYTES: bytes } = environment;
  return Object.freeze({
    messages: integer('THROUGHLINE_ADDRESS_MESSAGES', messages, 1200, 0, 1_000_000_000),
    bytes: integer('THROUGHLINE_ADDRESS_BYTES', bytes, 8 * MIB, 0, 1024 * 1024 * MIB),
  });
}

function isAddressOrNetwork(text: string): boolean {
  const [address = '', bits, ...rest] = text.split('/');
  const version = isIP(address);
  if (version === 0 || address.includes('%') || rest.length > 0) return false;
  if (bits === undefined) return true;
  // A network of IPv4 that is written as IPv6 could be meant in bits of either.
  const isMapped = version === 6 && isIPv4(plainAddress(address) ?? '');
  const most = version === 6 ? 128 : 32;
  return !isMapped && /^\d{1,3}$/.test(bits) && Number(bits) >= 1 && Number(bits) <= most;
}

/** So few that the questions of three workspaces leave room for a fourth. */
export function defaultReadsPerWorkspace(poolSize: number): number {
  return Math.max(1, Math.floor(poolSize / 4));
}

function readSettings(
  environment: NodeJS.ProcessEnv,
  poolSize: number,
): Pick<Config, 'readMilliseconds' | 'readsPerWorkspace'> {
  const { THROUGHLINE_READ_TIMEOUT: seconds, THROUGHLINE_READS_PER_WORKSPACE: reads } = environment;
  return {
    readMilliseconds: 1000 * integer('THROUGHLINE_READ_TIMEOUT', seconds, 10, 1, 600),
    readsPerWorkspace: integer(
      'THROUGHLINE_READS_PER_WORKSPACE',
      reads,
      defaultReadsPerWorkspace(poolSize),
      1,
      poolSize - 1,
    ),
  };
}

function metaSettings(environment: NodeJS.ProcessEnv): Config['meta'] {
  const version = environment.THROUGHLINE_META_VERSION || 'v25.0';
  if (!/^v\d{1,3}\.\d{1,2}$/.test(version)) {
    throw new ConfigError(`THROUGHLINE_META_VERSION must look like v25.0, not "${version}"`);
  }
  return Object.freeze({
    baseUrl: metaUrl(environment.THROUGHLINE_META_URL || 'https://graph.facebook.com'),
    version,
    appSecret: environment.THROUGHLINE_META_APP_SECRET || undefined,
    backfillDays: integer(
      'THROUGHLINE_META_BACKFILL_DAYS',
      environment.THROUGHLINE_META_BACKFILL_DAYS,
      90,
      28,
      1100,
    ),
  });
}

const thisMachine = new Set(['localhost', '127.0.0.1', '[::1]']);

/** Tokens go there: anywhere but on this machine over TLS only. */
function metaUrl(text: string): string {
  const url = URL.parse(text);
  const isSafe = url?.protocol === 'https:' || (url?.protocol === 'http:' && thisMachine.has(url.hostname));
  if (!url || !isSafe || url.search !== '' || url.hash !== '' || url.username !== '') {
    throw new ConfigError(
      'THROUGHLINE_META_URL must look like https://host[/path] (http on this machine only)',
    );
  }
  return url.href.replace(/\/+$/, '');
}

/**
 * Splits a command's arguments into the settings flags, which `loadConfig` takes, and what is the command's own. What follows
 * `--` is the command's.
 */
export function splitConfigFlags(argv: string[]): { configFlags: string[]; rest: string[] } {
  const configFlags: string[] = [];
  const rest: string[] = [];
  for (let index = 0; index < argv.length; index++) {
    const argument = argv[index] as string;
    if (argument === '--') return { configFlags, rest: [...rest, ...argv.slice(index)] };
    const [name, inlineValue] = argument.split('=', 2);
    if (!name?.startsWith('--') || !Object.hasOwn(flags, name.slice(2))) {
      rest.push(argument);
      continue;
    }
    configFlags.push(argument);
    if (inlineValue === undefined && index + 1 < argv.length) configFlags.push(argv[++index] as string);
  }
  return { configFlags, rest };
}

function parseFlags(argv: string[]): { [name in keyof typeof flags]?: string | undefined } {
  try {
    return parseArgs({ args: argv, options: flags, strict: true, allowPositionals: false }).values;
  } catch (error) {
    // parseArgs explains itself over several sentences; the first one names the argument.
    throw new ConfigError(
      (error instanceof Error ? error.message : String(error)).split(/[.\n]/)[0] as string,
    );
  }
}

function integer(
  name: string,
  text: string | undefined,
  fallback: number,
  least: number,
  most: number,
): number {
  if (!text) return fallback;
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < least || value > most) {
    throw new ConfigError(`${name} must be a whole number from ${least} to ${most}, not "${text}"`);
  }
  return value;
}

function logLevel(text: string): LogLevel {
  const level = logLevels.find((known) => known === text);
  if (!level) throw new ConfigError(`LOG_LEVEL must be one of ${logLevels.join(', ')}, not "${text}"`);
  return level;
}

function isSwitchedOn(name: string, text: string | undefined): boolean {
  if (!text || text === 'false') return false;
  if (text === 'true') return true;
  throw new ConfigError(`${name} must be true or false, not "${text}"`);
}

/** The vendors' paths begin at the root of their hosts, so it has none of its own. */
function publicUrl(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const url = URL.parse(text);
  const isWeb = url?.protocol === 'https:' || url?.protocol === 'http:';
  if (!url || !isWeb || url.username !== '' || url.href !== `${url.origin}/`)
    throw new ConfigError('THROUGHLINE_PUBLIC_URL must look like https://host or https://host:port');
  return url.origin;
}

const shortestToken = 16;

function metricsToken(text: string | undefined): string | undefined {
  if (text !== undefined && (text.length < shortestToken || !/^[\x21-\x7e]+$/.test(text)))
    throw new ConfigError(
      `THROUGHLINE_METRICS_TOKEN must have ${shortestToken} characters or more, without blanks`,
    );
  return text;
}

function databaseUrl(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const url = URL.parse(text);
  if (!url || !['postgres:', 'postgresql:'].includes(url.protocol)) {
    throw new ConfigError(
      'DATABASE_URL (--database-url) must look like postgres://user:password@host:port/database',
    );
  }
  return text;
}

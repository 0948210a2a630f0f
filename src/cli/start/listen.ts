import type { AddressInfo } from 'node:net';
import type { Logger } from 'pino';
import type { App } from '../../app.ts';
import type { Config } from '../../config.ts';
import { errorCode, StartupError } from '../../store/startup-error.ts';

/** How long connections may take to finish after a stop was asked for; docker waits ten seconds before it kills. */
const drainMilliseconds = 8_000;

/** Answers the address at which this machine reaches the server. */
export async function listen(app: App, { host, port }: Config): Promise<string> {
  try {
    await app.http.listen({ host, port });
  } catch (error) {
    throw explainListening(error, host, port);
  }
  const { address, family, port: chosen } = app.http.server.address() as AddressInfo;
  const reachable = address === '0.0.0.0' ? '127.0.0.1' : address === '::' ? '::1' : address;
  return `http://${family === 'IPv6' ? `[${reachable}]` : reachable}:${chosen}`;
}

/** Why a server can't listen, for who can mend it; another error as it is. */
export function explainListening(error: unknown, host: string, port: number): unknown {
  switch (errorCode(error)) {
    case 'EADDRINUSE':
      return new StartupError(`port ${port} of ${host} is taken; choose another with --port or PORT`);
    case 'EACCES':
      return new StartupError(`this account may not listen on port ${port}; choose one above 1023`);
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return new StartupError(`${host} is no address of this machine; choose another with --host or HOST`);
    default:
      return error;
  }
}

/** Answers what was accepted, then stops the rest. A client that keeps its connection busy is cut off in the end. */
export async function drain(app: App, logger: Logger): Promise<void> {
  const deadline = setTimeout(() => {
    logger.warn('connections that did not finish are cut');
    app.http.server.closeAllConnections();
  }, drainMilliseconds);
  await app.close();
  clearTimeout(deadline);
}

import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Access } from '../../core/credential/authenticator.ts';
import { RequestError } from '../../errors.ts';
import { bearerToken } from '../../http/access.ts';
import type { Guard } from '../../http/operation.ts';
import type { Services } from '../dialect.ts';
import type { Command } from './api/commands.ts';
import type { Fields } from './api/fields.ts';
import { toXml, xmlContentType } from './api/xml.ts';
import { refuseCommand, XmlError } from './errors.ts';
import { admitVisitor, takeCall } from './rate.ts';

/**
 * The guard of the paths of commands. A call brings its key or session among its parameters, so nothing can be asked before the body
 * is read: `answer` checks it, with what else the command wants, before anything of the call is judged.
 */
export const checkedByCommand: Guard<Services, undefined> = { admit: async () => undefined };

/** The guard of what pages call: no key is shown, since every reader of the page would have it. An address has its rate. */
export const visitor: Guard<Services, undefined> = {
  admit: async (services, request) => {
    await admitVisitor(services, request);
    return undefined;
  },
  isOpen: true,
};

/** What of a call a command works with. */
interface CommandCall {
  readonly services: Services;
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
}

/**
 * Checks who asks, and only then what: nothing of a call is judged for a stranger. Answers in the form that was asked for.
 * `command`: the name that was asked for, where there is no such command.
 */
export async function answer(
  { services, request, reply }: CommandCall,
  fields: Fields,
  command: Command | string,
): Promise<FastifyReply> {
  const asXml = fields.get('responseformat') === 'XML';
  try {
    if (typeof command === 'string') throw refuseCommand(command);
    if (!command.isOpen) await admit(services, request, fields, command);
    const body = await command.run(services, request, fields);
    if (!asXml) return reply.send(body);
    return reply
      .type(xmlContentType)
      .serializer((text: string) => text)
      .send(toXml(body));
  } catch (error) {
    throw asXml && error instanceof RequestError ? new XmlError(error) : error;
  }
}

async function admit(
  services: Services,
  request: FastifyRequest,
  fields: Fields,
  command: Command,
): Promise<void> {
  request.access = await authenticate(services, request, fields, command);
  // C15: a command in the body of its own path is idle, another one's a mistake.
  const named = fields.text('command');
  if (named !== undefined && named.toLowerCase() !== command.name) throw refuseCommand(named);
  await takeCall(services, request.access.workspace, command.name);
  if (command.isAdministrative && request.access.credential.role !== 'admin')
    throw new RequestError('forbidden');
}

/** An API key or a session, in the call or as a Bearer token; one that is valid is enough (docs/spec/octeth.md A1). */
async function authenticate(
  services: Services,
  request: FastifyRequest,
  fields: Fields,
  { isAdministrative }: Command,
): Promise<Access> {
  const names = isAdministrative ? ['adminapikey', 'apikey', 'sessionid'] : ['apikey', 'sessionid'];
  for (const secret of [...names.map((name) => fields.text(name)), bearerToken(request)]) {
    const access = await services.authenticator.authenticate('octeth', secret);
    if (access) return access;
  }
  throw new RequestError('unauthenticated');
}

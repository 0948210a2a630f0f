import type { FastifyRequest } from 'fastify';
import { accessOf } from '../../../http/access.ts';
import { publicAddressOf } from '../../../http/public-address.ts';
import type { Services } from '../../dialect.ts';
import { createCustomField } from './custom-fields/create-custom-field.ts';
import { searchEvents } from './event-search/search-events.ts';
import { listProperties } from './events/list-properties.ts';
import { trackEvent } from './events/track-event.ts';
import type { Fields } from './fields.ts';
import { createList } from './lists/create-list.ts';
import { getList, getLists } from './lists/get-lists.ts';
import { logIn } from './log-in.ts';
import { createSubscriber } from './subscribers/create-subscriber.ts';
import { getSubscriber } from './subscribers/get-subscriber.ts';

export interface Command {
  /** Lower case. A workspace's rate limit names it `octeth:<name>`. */
  readonly name: string;
  /** Answers a call whose credentials, where it needs any, are checked. */
  readonly run: (services: Services, request: FastifyRequest, fields: Fields) => Promise<object>;
  /** True: the call itself brings the proof of who it is, and the command checks it. */
  readonly isOpen?: boolean;
  /** True: only for a key of the role `admin`, also as AdminAPIKey. */
  readonly isAdministrative?: boolean;
}

/** Every command there is, by either way in: a path of its own under /api/v1/, or /api.php. */
const table: readonly Command[] = [
  {
    name: 'event.track',
    run: (services, request, fields) => trackEvent(services, accessOf(request), fields),
  },
  {
    name: 'website_events.properties',
    run: (services, request, fields) =>
      listProperties(services, accessOf(request), fields, request.method === 'GET'),
  },
  {
    name: 'admin.events.search',
    run: (services, request, fields) => searchEvents(services, accessOf(request), fields),
    isAdministrative: true,
  },
  {
    name: 'list.create',
    run: (services, request, fields) => createList(services, accessOf(request), fields),
  },
  {
    name: 'list.get',
    run: (services, request, fields) => getList(services, accessOf(request), fields, originOf(request)),
  },
  {
    name: 'lists.get',
    run: (services, request, fields) => getLists(services, accessOf(request), fields, originOf(request)),
  },
  {
    name: 'customfield.create',
    run: (services, request, fields) => createCustomField(services, accessOf(request), fields),
  },
  {
    name: 'subscriber.create',
    run: (services, request, fields) => createSubscriber(services, accessOf(request), fields),
  },
  {
    name: 'subscriber.get',
    run: (services, request, fields) => getSubscriber(services, accessOf(request), fields),
  },
  {
    name: 'user.login',
    run: (services, request, fields) => logIn(services, fields, request.ip),
    isOpen: true,
  },
];

const commands = new Map(table.map((command) => [command.name, command]));

export const commandNames: readonly string[] = [...commands.keys()];

/** The command of a name in any case; the name as it is where there is none. */
export function findCommand(name: string): Command | string {
  return commands.get(name.toLowerCase()) ?? name;
}

/**
 * Where clients reach this server, by the page's own protocol: what stands before this server, and speaks https, is
 * not seen from here, and a page of https loads no script by http. Blank, so that a page would ask its own host, where the name is
 * no host's.
 */
function originOf(request: FastifyRequest): string {
  const host = publicAddressOf(request).replace(/^https?:\/\//, '');
  return /^[\w.:[\]-]+$/.test(host) ? `//${host}` : '';
}

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import compilers from '@fastify/fast-json-stringify-compiler';
import { issueKey } from '../../src/core/workspace/issue-keys.ts';
import { type KeyOwner, keyOwnersOf } from '../../src/core/workspace/provision.ts';
import { dialects } from '../../src/dialects/registry.ts';
import type { Operation } from '../../src/http/operation.ts';
import { compileAllButBodies } from '../../src/http/validation.ts';
import { compileNative } from '../../src/native/validation.ts';
import { isErrorForm } from '../journeys/vendors.ts';
import { attemptAt, isRefusal, openRoutes, ownRoutes, signInRoutes } from './attempt.ts';
import { bodyFor, queryFor } from './intrusions.ts';
import { type Form, type Invalid, invalidMembers, invalidQueries } from './invalid-values.ts';
import { nameOf, type Route, useAppWithRoutes } from './routes.ts';
import { addTenant, fillPath, type Showing, showingsOf } from './two-tenants.ts';

/** Whose routes are all declared by operations; a route that is declared otherwise can't come back. */
const declared: ReadonlySet<string> = new Set([
  'native',
  'webengage',
  'webmarketer',
  'contacthub',
  'octeth',
  'signals',
]);

/** About as many as there are, so that cases that are no longer found are missed. */
const leastCases = new Map([
  ['native', 500],
  ['webmarketer', 75],
  ['contacthub', 35],
]);

/** Pages call them, without a key: every reader of the page would have it. */
const visitorRoutes: ReadonlySet<string> = new Set(['POST /hello/message']);

interface Declared extends Route {
  readonly owner: NonNullable<Route['owner']>;
  readonly operation: Operation<never>;
}

const { test, routes } = await useAppWithRoutes();
const operations = routes.filter(isDeclared).filter(({ owner }) => declared.has(owner));
const own = await addTenant(test, 'alpha', '1001');
const stranger = await addTenant(test, 'beta', '1002');

function isDeclared(route: Route): route is Declared {
  return route.operation !== undefined && route.owner !== undefined;
}

interface Wrong extends Invalid<unknown> {
  /** Of the request, as refusals of the native API call it. */
  readonly part: 'querystring' | 'body';
  readonly query: Record<string, string>;
  readonly body: object | undefined;
}

/** Every fault that a request of this operation can have by its own schemas, one at a time. */
function wrongRequestsOf(route: Declared): Wrong[] {
  const { schema, checked } = route.operation;
  const query = queryFor(route, own);
  const body = bodyFor(route, own);
  const wrong: Wrong[] = [];
  if (checked.has('querystring'))
    for (const one of invalidQueries(schema.querystring as Form, query))
      wrong.push({ ...one, part: 'querystring', query: one.value, body });
  if (checked.has('body'))
    for (const one of invalidMembers(objectIn(schema.body as Form), { ...body }))
      wrong.push({ ...one, part: 'body', query, body: one.value });
  return wrong;
}

/** A body that may be left out is an object or null. */
function objectIn(form: Form): Form {
  return form.anyOf?.find(({ type }) => type === 'object') ?? form;
}

/** Ways to show a key that may do all. */
async function showingsOfOwn(route: Declared): Promise<Showing[]> {
  if (route.owner !== 'native') return showingsOf(route, own);
  const { token } = test.workspace.credentials.admin;
  return [{ by: 'the administrator', headers: { authorization: `Bearer ${token}` } }];
}

function keyOwnerOf({ owner }: Declared): KeyOwner {
  const found = keyOwnersOf(dialects).find(({ dialect }) => dialect === owner);
  assert.ok(found);
  return found;
}

async function bearerOf(owner: KeyOwner, role: string): Promise<Showing> {
  const key = { workspaceId: own.workspace.created.id, role, name: role };
  const { secret } = await issueKey(test.database, owner, key, new Date());
  return { by: `a key with the role ${role}`, headers: { authorization: `Bearer ${secret}` } };
}

describe('an operation', () => {
  it('is how every route of the APIs that have come to them is declared', () => {
    const others = routes.filter(
      ({ owner, operation, schema }) => declared.has(owner ?? '') && !operation && !schema.hide,
    );
    assert.deepEqual(others.map(nameOf), []);
    assert.ok(operations.length > 50, `only ${operations.length} operations are found`);
  });

  it('is checked and answers by schemas that can be gone by, each of which is compiled when its first value comes', () => {
    for (const route of routes) {
      const isNative = route.owner === 'native';
      const compileCheck = isNative ? compileNative : compileAllButBodies;
      for (const httpPart of ['params', 'querystring', 'headers', ...(isNative ? ['body'] : [])]) {
        const schema = route.schema[httpPart as 'params'];
        if (!schema) continue;
        const check = compileCheck({ schema, method: route.method, url: route.url, httpPart });
        assert.doesNotThrow(() => check({}), `${nameOf(route)} ${httpPart}`);
      }
      for (const [status, schema] of Object.entries(route.schema.response ?? {})) {
        const compile = () =>
          compilers()({}, {})({ method: route.method, url: route.url, httpStatus: status, schema });
        assert.doesNotThrow(compile, `${nameOf(route)} ${status}`);
      }
    }
  });

  it('has a guard; one that lets everybody in is on the list of those that do', () => {
    for (const route of operations) {
      const { guard } = route.operation;
      assert.equal(typeof guard.admit, 'function', nameOf(route));
      const isOpen = [openRoutes, signInRoutes, visitorRoutes].some((list) => list.has(nameOf(route)));
      assert.equal(guard.isOpen === true, isOpen, nameOf(route));
      assert.ok(guard.roles === undefined || guard.roles.length > 0, `${nameOf(route)} lets nobody in`);
    }
  });

  it('refuses by its own schemas what they do not allow, in the words of its API', async () => {
    const counts = new Map<string, number>();
    for (const route of operations) {
      const path = fillPath(route, own, own);
      const wrongs = wrongRequestsOf(route);
      for (const { wrong, part, query, body } of wrongs) {
        const answers: number[] = [];
        for (const showing of await showingsOfOwn(route)) {
          const reply = await attemptAt(test, route, path, query, body, showing);
          const attempt = `${nameOf(route)} by ${showing.by}, ${wrong}: ${reply.status} ${reply.text.slice(0, 300)}`;
          assert.ok(isErrorForm(route.owner, path, reply) && reply.status < 500, attempt);
          if (route.owner === 'native')
            assert.match(JSON.parse(reply.text).error.path, new RegExp(`^${part}`), attempt);
          answers.push(reply.status);
        }
        // Not every key has the role to be told.
        const isTold = answers.some((status) => status === 400 || status === 422);
        assert.ok(isTold, `${nameOf(route)}, ${wrong}: ${answers.join(', ')}`);
      }
      counts.set(route.owner, (counts.get(route.owner) ?? 0) + wrongs.length);
    }
    for (const [owner, least] of leastCases)
      assert.ok((counts.get(owner) ?? 0) >= least, `too few cases: ${JSON.stringify([...counts])}`);
  });

  it('asks for the key before it looks at the request', async () => {
    const strange = {
      by: 'an unknown key',
      headers: { authorization: 'Bearer tl_strange_0123456789abcdef' },
    };
    for (const route of operations.filter(({ operation }) => !operation.guard.isOpen)) {
      const path = fillPath(route, own, own);
      const [wrong = { wrong: 'nothing', query: queryFor(route, own), body: bodyFor(route, own) }] =
        wrongRequestsOf(route);
      const strangers = ownRoutes.has(nameOf(route)) ? [] : await showingsOf(route, stranger);
      for (const showing of [{ by: 'nothing' }, strange, ...strangers]) {
        const reply = await attemptAt(test, route, path, wrong.query, wrong.body, showing);
        const attempt = `${nameOf(route)} by ${showing.by}, ${wrong.wrong}: ${reply.status} ${reply.text.slice(0, 300)}`;
        assert.ok(isRefusal(route, path, reply), attempt);
      }
    }
  });

  it('lets in the keys of its roles and no others', async () => {
    const restricted = operations.filter(({ operation }) => operation.guard.roles);
    assert.ok(restricted.length > 0);
    for (const route of restricted) {
      const path = fillPath(route, own, own);
      const [wrong] = wrongRequestsOf(route);
      const roles = route.operation.guard.roles ?? [];
      for (const role of keyOwnerOf(route).keys.roles) {
        const { query, body } = wrong ?? { query: queryFor(route, own), body: bodyFor(route, own) };
        const isAllowed = roles.includes(role);
        // Without a wrong request there is none that an allowed key can send and that changes nothing.
        if (isAllowed && !wrong) continue;
        const reply = await attemptAt(
          test,
          route,
          path,
          query,
          body,
          await bearerOf(keyOwnerOf(route), role),
        );
        const attempt = `${nameOf(route)} by the role ${role}: ${reply.status} ${reply.text.slice(0, 300)}`;
        assert.equal(isRefusal(route, path, reply), !isAllowed, attempt);
      }
    }
  });
});

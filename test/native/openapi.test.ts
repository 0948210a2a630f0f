import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { useApp } from '../helpers/app.ts';
import { inject } from '../helpers/vendor-client.ts';

interface Operation {
  readonly tags?: string[];
  readonly summary?: string;
  readonly parameters?: { name: string; in: string; required?: boolean; schema?: object }[];
  readonly requestBody?: { content: Record<string, { schema?: object; example?: unknown }> };
  readonly responses?: Record<
    string,
    { description?: string; content?: Record<string, { schema?: object }> }
  >;
}

interface Document {
  readonly openapi: string;
  readonly info: { title: string; version: string };
  readonly paths: Record<string, Record<string, Operation>>;
}

const methods = ['get', 'post', 'put', 'patch', 'delete', 'head', 'options'];

const test = await useApp();
let document: Document;
let operations: { name: string; path: string; operation: Operation }[];

before(async () => {
  document = (await inject(test, { method: 'GET', url: '/openapi.json' })).body;
  operations = Object.entries(document.paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, operation]) => ({ name: `${method} ${path}`, path, operation })),
  );
});

describe('/openapi.json', () => {
  it('is an OpenAPI 3.1 document', () => {
    assert.match(document.openapi, /^3\.1\.\d+$/);
    assert.ok(document.info.title && document.info.version);
    for (const [path, item] of Object.entries(document.paths)) {
      assert.match(path, /^\//);
      for (const method of Object.keys(item)) assert.ok(methods.includes(method), `${method} ${path}`);
    }
  });
  it('has tags, a summary and an answer for every operation of every dialect', () => {
    assert.ok(operations.length > 25);
    for (const { name, operation } of operations) {
      assert.ok(operation.tags?.length, `${name} has no tags`);
      assert.ok(operation.summary, `${name} has no summary`);
      const responses = Object.entries(operation.responses ?? {});
      const successes = responses.filter(([status]) => /^[23]/.test(status));
      assert.ok(successes.length > 0, `${name} has no success`);
      for (const [status, response] of responses) {
        assert.match(status, /^([1-5]\d\d|[1-5]XX|default)$/, name);
        assert.ok(response.description !== undefined, `${name} ${status} has no description`);
      }
    }
  });
  it('declares each parameter of a path, as required, and no other', () => {
    for (const { name, path, operation } of operations) {
      const inPath = [...path.matchAll(/\{([^}]+)\}/g)].map((match) => match[1]!).sort();
      const declared = (operation.parameters ?? []).filter((parameter) => parameter.in === 'path');
      assert.deepEqual(declared.map((parameter) => parameter.name).sort(), inPath, name);
      for (const parameter of operation.parameters ?? []) {
        assert.ok(['path', 'query', 'header', 'cookie'].includes(parameter.in), name);
        if (parameter.in === 'path') assert.equal(parameter.required, true, name);
      }
    }
  });
  it('has valid JSON schemas of the 2020-12 kind, and none that refers to nowhere', () => {
    const ajv = new Ajv2020({ strict: false, validateFormats: false });
    const check = (schema: object | undefined, where: string) => {
      if (!schema) return;
      assert.ok(ajv.validateSchema(schema), `${where}: ${ajv.errorsText()}`);
      for (const [, reference] of JSON.stringify(schema).matchAll(/"\$ref":"([^"]+)"/g))
        assert.ok(resolve(reference!), `${where} refers to ${reference}`);
    };
    for (const { name, operation } of operations) {
      for (const parameter of operation.parameters ?? [])
        check(parameter.schema, `${name} ${parameter.name}`);
      for (const media of Object.values(operation.requestBody?.content ?? {}))
        check(media.schema, `${name} body`);
      for (const [status, response] of Object.entries(operation.responses ?? {}))
        for (const media of Object.values(response.content ?? {})) check(media.schema, `${name} ${status}`);
    }
  });
  it('shows a body that can be sent with every operation that takes one', () => {
    const wrong: string[] = [];
    const ajv = new Ajv2020({ strict: false, validateFormats: false });
    for (const { name, operation } of operations) {
      const { schema, example } = operation.requestBody?.content['application/json'] ?? {};
      if (!schema) continue;
      if (!example) wrong.push(`${name} shows no body`);
      else if (!ajv.validate(schema, example)) wrong.push(`${name}: ${ajv.errorsText()}`);
    }
    assert.deepEqual(wrong, []);
  });
  it('shows the APIs that clients were written for before the native one', () => {
    const tags = operations.flatMap(({ operation }) => operation.tags ?? []);
    const firstNative = tags.findIndex((tag) => tag.startsWith('Native'));
    assert.deepEqual(
      tags.slice(firstNative).filter((tag) => !tag.startsWith('Native')),
      [],
    );
    assert.ok(firstNative > 0);
  });
  it('describes every native route', () => {
    const native = operations.filter(({ path }) => path.startsWith('/throughline/v1/'));
    assert.ok(native.length >= 65, `only ${native.length} are described`);
    for (const { name, operation } of native) {
      assert.ok(operation.responses?.['401'], `${name} says nothing of a wrong key`);
    }
  });
  it('has a page to read it by', async () => {
    const page = await inject(test, { method: 'GET', url: '/docs/' });
    assert.equal(page.status, 200);
    assert.match(page.headers['content-type'] as string, /text\/html/);
  });
});

function resolve(reference: string): boolean {
  let at: unknown = document;
  for (const part of reference.replace(/^#\//, '').split('/'))
    at = (at as Record<string, unknown> | undefined)?.[part.replaceAll('~1', '/').replaceAll('~0', '~')];
  return at !== undefined;
}

import type { Static } from 'typebox';
import { compileForm } from '../../documents/compile.ts';
import type { NewNode, NodeChanges, NodeProblem } from '../../node/node-changes.ts';
import { checkBody, invalidBody } from '../body.ts';
import { EntryNodeBody, MatchingPolicyBody, NewEntryNodeBody } from './schemas.ts';

type Policy = Static<typeof MatchingPolicyBody>;

const checks = {
  created: compileForm(NewEntryNodeBody),
  replaced: compileForm(EntryNodeBody),
  policy: compileForm(MatchingPolicyBody),
};

/** @throws RequestError `invalid-request` */
export function parseNewNode(body: unknown): NewNode {
  const { uniqueCustomer, ...rest } = checkBody<Static<typeof NewEntryNodeBody>>(
    'node',
    checks.created,
    body,
  );
  return { ...rest, ...(uniqueCustomer ? { uniqueCustomer: policyOf(uniqueCustomer) } : {}) };
}

/** What PUT leaves out stays, as PUT of a customer does (inferred). @throws RequestError `invalid-request` */
export function parseNode(body: unknown, nodeId: string): NodeChanges {
  const { id, uniqueCustomer, ...rest } = checkBody<Static<typeof EntryNodeBody>>(
    'node',
    checks.replaced,
    body,
  );
  if (id.toLowerCase() !== nodeId) throw invalidBody('node', [{ path: '/id', message: 'is immutable' }]);
  return { ...rest, uniqueCustomer: policyOf(uniqueCustomer) };
}

/** @throws RequestError `invalid-request` */
export function parseMatchingPolicy(body: unknown): NonNullable<NodeChanges['uniqueCustomer']> {
  return policyOf(checkBody<Policy>('matching policy', checks.policy, body));
}

function policyOf({ properties, caseSensitive = false }: Policy) {
  return { properties, caseSensitive };
}

/** What is wrong with a node; `within`: the member that the body stands for. */
export function refuseNode({ path, message }: NodeProblem, noun = 'node', within = '') {
  const member = path.startsWith(within) ? path.slice(within.length) : path;
  return invalidBody(noun, [{ path: `/${member}`, message }]);
}

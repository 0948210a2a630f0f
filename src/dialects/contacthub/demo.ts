import { randomUUID } from 'node:crypto';
import { type DemoClient, textMember } from '../../cli/demo/client.ts';
import { person } from '../../cli/demo/person.ts';
import type { CredentialsFile } from '../../core/workspace/credentials-file.ts';
import type { DialectDemo } from '../dialect.ts';

export const demo: DialectDemo = {
  api: 'Contacthub',
  send: sendSamples,
  command: ({ name, curl, bearer, json }) => {
    const session = `{"type":"SESSION_ID","value":"first-session","nodeId":"${name('nodeId')}"}`;
    const event = `{"type":"viewedPage","context":"WEB","properties":{"title":"Engines"},"bringBackProperties":${session}}`;
    return `${curl(`/hub/v1/workspaces/${name('workspaceId')}/events`)} ${bearer('token')} ${json} -d '${event}'`;
  },
};

/** As the vendor's browser client does it: events of a session, then the customer, then the session is the customer's. */
async function sendSamples(client: DemoClient, { contacthub }: CredentialsFile): Promise<void> {
  const { workspaceId, nodeId } = contacthub;
  const base = `/hub/v1/workspaces/${workspaceId}`;
  const headers = { authorization: `Bearer ${contacthub.token}` };
  const session = randomUUID();
  await client.send({
    method: 'POST',
    path: `${base}/events`,
    headers,
    body: {
      type: 'viewedPage',
      context: 'WEB',
      properties: { title: 'Colognes', url: 'https://shop.example.com/colognes' },
      bringBackProperties: { type: 'SESSION_ID', value: session, nodeId },
    },
  });
  const { firstName, lastName, email } = person;
  const customer = await client.send({
    method: 'POST',
    path: `${base}/customers`,
    headers,
    body: { nodeId, base: { firstName, lastName, contacts: { email } } },
  });
  const customerId = textMember(customer.body, 'id');
  await client.send({
    method: 'POST',
    path: `${base}/customers/${customerId}/sessions`,
    headers,
    body: { value: session },
  });
  await client.send({
    method: 'POST',
    path: `${base}/events`,
    headers,
    body: {
      customerId,
      type: 'addedProduct',
      context: 'WEB',
      properties: { id: '1337', name: 'Givenchy Pour Homme Cologne', price: 39.8, quantity: 1 },
    },
  });
}

import { inject, type Reply } from '../helpers/vendor-client.ts';
import { bodyFor, queryFor } from '../security/intrusions.ts';
import { nameOf, type Route } from '../security/routes.ts';
import { fillPath, showingsOf, type Tenant } from '../security/two-tenants.ts';
import type { Installation } from './places.ts';

/** What is asked, and by whom. */
export interface Question {
  readonly name: string;
  ask(of: Installation): Promise<Reply>;
}

const readsByPost =
  /search$|insights|website_events\.properties|fields\.get|\/hub\/v1\/.*\/customers\/search/i;

/** Those that are asked to change something, or to go on for ever. */
const isQuestion = ({ method, url, owner }: Route) =>
  owner !== undefined &&
  !/\/live$|\/people\/:personId\/export$|\/customers\/:customerId\/export$|^\/api\.php$/.test(url) &&
  (method === 'GET' || readsByPost.test(url));

/** Every question of every API about a tenant, by each of its keys that is let in. */
export async function questionsOf(origin: Installation, tenant: Tenant): Promise<Question[]> {
  const questions: Question[] = [];
  for (const route of origin.routes.filter(isQuestion)) {
    const body = bodyFor(route, tenant);
    for (const { by, headers, query, members } of await showingsOf(route, tenant)) {
      const question: Question = {
        name: `${nameOf(route)} by ${by}`,
        ask: ({ test }) =>
          inject(test, {
            method: route.method as 'GET',
            url: fillPath(route, tenant, tenant),
            query: { ...queryFor(route, tenant), ...query },
            headers: { ...headers },
            body: body && { ...body, ...members },
          }),
      };
      if ((await question.ask(origin)).status < 400) questions.push(question);
    }
  }
  return questions;
}

import { forgetPerson } from '../../../../change/forget-person.ts';
import { type Operation, operation } from '../../../../http/operation.ts';
import type { Services } from '../../../dialect.ts';
import { at, authorOf } from '../../access.ts';
import type { HubOperation } from '../../roles.ts';
import { customerNotFound, requireKnownCustomer } from '../customers/find-customer.ts';
import { CustomerParameters } from '../schemas.ts';

/** What one call empties; the rest goes on by itself (docs/erasure.md). */
const slicesPerCall = 20;

export const dataProtectionOperations: readonly Operation<Services>[] = [
  forget('forgetCustomer', 'Forget a customer, and the whole person behind it'),
  forget('forgetCustomerByPost', 'Forget a customer (ruling 13: POST, too)'),
];

/** docs/spec/contacthub.md A#98: "removing all the data across the entire platform". Forgotten again, nothing changes. */
function forget(name: HubOperation, summary: string) {
  return operation({
    ...at(name),
    summary,
    checks: { path: CustomerParameters },
    handle: async ({ services, access: { workspace, credential }, path }) => {
      const { id: profileId } = await requireKnownCustomer(services, workspace, path.customerId);
      const request = { profileId, requestedBy: credential.name, author: authorOf(credential) };
      const onJobs = { ...services, database: services.jobDatabase };
      const erasure = await forgetPerson(onJobs, workspace, request, new Date(services.clock()));
      if (!erasure) throw customerNotFound(profileId);
      await services.jobs.run({ workspaceId: workspace.id, id: erasure.jobId }, { slices: slicesPerCall });
      return {};
    },
  });
}

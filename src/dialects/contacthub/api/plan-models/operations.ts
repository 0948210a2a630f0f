import Type from 'typebox';
import type { Workspace } from '../../../../core/workspace/workspace.ts';
import { type Operation, operation } from '../../../../http/operation.ts';
import type { Services } from '../../../dialect.ts';
import { at } from '../../access.ts';
import type { ExtendedDefinitions } from '../../documents/extended.ts';
import {
  isPlanModelName,
  type PlanModelName,
  planColumnsOf,
  planSourcesOf,
} from '../../documents/plan-models.ts';
import { notFound } from '../../errors.ts';
import { eventRulesOf } from '../../rules/event-rules.ts';
import { presentDefinitions } from '../property-definitions.ts';
import { anyId, workspaceId } from '../schemas.ts';

export const planModelOperations: readonly Operation<Services>[] = [
  operation({
    ...at('readPlanModel'),
    summary: "Get the columns of a plan model, and the workspace's own properties that can fill them",
    checks: { path: Type.Object({ workspaceId, planModel: anyId }) },
    handle: ({ access: { workspace }, path: { planModel } }) => {
      if (!isPlanModelName(planModel)) throw notFound('plan model', planModel);
      return {
        plan: planColumnsOf(planModel),
        hub: presentDefinitions(ownPropertiesOf(workspace, planModel)),
      };
    },
  }),
];

/** Those that are enabled, of the model's events or of their products; of two with one name the first type's. */
function ownPropertiesOf(workspace: Workspace, model: PlanModelName): ExtendedDefinitions {
  const { types, ofProducts } = planSourcesOf(model);
  const rules = types.map((type) => eventRulesOf(workspace, type));
  return Object.assign({}, ...rules.map((one) => (ofProducts ? one.ofProducts : one.extended)).reverse());
}

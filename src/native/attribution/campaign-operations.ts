import { type Operation, operation } from '../../http/operation.ts';
import { inWorkspace } from '../guards.ts';
import { errors, WorkspaceParameters } from '../schemas/common.ts';
import type { NativeDialect, NativeServices } from '../services.ts';
import { TouchpointsReply } from '../touchpoints/schemas.ts';
import { answerCampaignDays } from './campaign-days.ts';
import {
  CampaignDaysQuery,
  CampaignDaysReply,
  CampaignParameters,
  CampaignSchema,
  CampaignsQuery,
  CampaignsReply,
  CampaignTouchpointsQuery,
  ConvertedQuery,
  ConvertedReply,
} from './campaign-schemas.ts';
import { findCampaign, listCampaigns, listTouchpoints, presentCampaign } from './campaigns.ts';
import { answerConverted } from './converted.ts';

const path = '/workspaces/:workspace/attribution';

/** The campaigns of all dialects with their days, and the events that reports count. */
export function campaignAttributionOperations(
  dialects: readonly NativeDialect[],
): readonly Operation<NativeServices>[] {
  return [
    operation({
      method: 'GET',
      path: `${path}/campaigns`,
      summary: 'The campaigns of all APIs, whether they have brought anything or not',
      guard: inWorkspace,
      checks: { path: WorkspaceParameters, query: CampaignsQuery },
      replies: { 200: CampaignsReply, ...errors(404) },
      handle: ({ services, access, query }) => listCampaigns(services, dialects, access.workspace, query),
    }),
    operation({
      method: 'GET',
      path: `${path}/campaigns/:campaignKey`,
      summary: 'A campaign of any API, by the key that reports have of it',
      guard: inWorkspace,
      checks: { path: CampaignParameters },
      replies: { 200: CampaignSchema, ...errors(404) },
      handle: async ({ services, access, path: { campaignKey } }) =>
        presentCampaign((await findCampaign(services, dialects, access.workspace, campaignKey)).campaign),
    }),
    operation({
      method: 'GET',
      path: `${path}/campaigns/:campaignKey/days`,
      summary: 'What a campaign had, brought and cost, day by day',
      guard: inWorkspace,
      checks: { path: CampaignParameters, query: CampaignDaysQuery },
      replies: { 200: CampaignDaysReply, ...errors(404, 409) },
      handle: ({ services, access, path: { campaignKey }, query }) =>
        answerCampaignDays(services, dialects, access.workspace, campaignKey, query),
    }),
    operation({
      method: 'GET',
      path: `${path}/campaigns/:campaignKey/touchpoints`,
      summary: 'The touchpoints of a campaign of any API, or of its ads, newest first',
      guard: inWorkspace,
      checks: { path: CampaignParameters, query: CampaignTouchpointsQuery },
      replies: { 200: TouchpointsReply, ...errors(404) },
      handle: ({ services, access, path: { campaignKey }, query }) =>
        listTouchpoints(services, dialects, access.workspace, campaignKey, query),
    }),
    operation({
      method: 'GET',
      path: `${path}/events`,
      summary: 'The events that a conversion counts, newest first, with the path before each',
      description: 'With group or unattributed those alone that a row of a report is made of.',
      guard: inWorkspace,
      checks: { path: WorkspaceParameters, query: ConvertedQuery },
      replies: { 200: ConvertedReply, ...errors(404) },
      handle: ({ services, access, query }) => answerConverted(services, dialects, access.workspace, query),
    }),
  ];
}

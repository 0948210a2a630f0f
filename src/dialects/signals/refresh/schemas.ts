import Type from 'typebox';
import { ClientAppParameters } from '../schemas.ts';

const { clientId, appId } = ClientAppParameters.properties;

export const AdAccountParameters = Type.Object({
  clientId,
  appId,
  adAccountId: Type.String({ description: 'Digits, without act_.' }),
});
export const AdParameters = Type.Object({ clientId, appId, adId: Type.String() });
export const CampaignParameters = Type.Object({ clientId, appId, campaignId: Type.String() });

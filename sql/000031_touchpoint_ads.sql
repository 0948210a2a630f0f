-- A click on an ad names the ad, as its platform calls it, and no campaign of an integration: until now each clicked ad had an implicit
-- one of its app, slug = the ad's id. A click whose campaign was deleted since, or could not be made any more, has the ad in its detail.
-- The touchpoints are read once, and a click is written once, all in one go: nothing reads the table while half of them are moved.
alter table touchpoint add column ad_id text;
update touchpoint t
   set campaign_id = null,
       ad_id = coalesce((select c.slug from campaign c where c.workspace_id = t.workspace_id and c.id = t.campaign_id),
                        t.detail->>'source_id')
 where t.dialect = 'signals' and t.channel = 'paid-social';
create index touchpoint_ad on touchpoint (workspace_id, ad_id, occurred_at) where ad_id is not null;
delete from campaign c using source s where s.workspace_id = c.workspace_id and s.id = c.source_id and s.dialect = 'signals';

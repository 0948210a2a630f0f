-- Beside the pairs of days (date_of 0 and 1) stand what they come to by months and weeks, date_of + 2 * level: 1 month by the month before,
-- 2 day by the month before, 3 month by the day before, of pairs across months; and without a day before (-infinity) all of 4 a day,
-- 5 a week, by its Monday, 6 a month. The pairs alone are recorded: an answer as of a seq takes those out again that came later.
insert into attribution_people (workspace_id, conversion, date_of, dimension, previous_day, day, key, people)
select d.workspace_id, d.conversion, d.date_of + 2 * l.level, d.dimension, l.previous_day, l.day, d.key, sum(d.people)
  from attribution_people d
 cross join lateral (select date_trunc('month', d.previous_day::timestamp)::date as month,
                            date_trunc('week', d.previous_day::timestamp)::date as week) b
 cross join lateral (select date_trunc('month', d.day::timestamp)::date as month, date_trunc('week', d.day::timestamp)::date as week) t
 cross join lateral (values
   (1, b.month, t.month, b.month <> t.month),
   (2, b.month, d.day, b.month <> t.month and d.previous_day <> '-infinity'),
   (3, d.previous_day, t.month, b.month <> t.month and d.previous_day <> '-infinity'),
   (4, '-infinity'::date, d.day, true),
   (5, '-infinity'::date, t.week, b.week <> t.week),
   (6, '-infinity'::date, t.month, b.month <> t.month)) l (level, previous_day, day, holds)
 where l.holds
 group by d.workspace_id, d.conversion, d.date_of, l.level, d.dimension, l.previous_day, l.day, d.key
having sum(d.people) <> 0;

-- What cdr.hours holds, by the day (UTC): a reseller's calls of a month are then added up from 30 sums of each account instead of
-- 720. Written together with the hours.
create table cdr.days (
    facet text not null,
    key text not null,
    day timestamptz not null,
    answered boolean not null,
    currency text not null,
    cost_currency text,
    calls bigint not null,
    seconds bigint not null,
    fee numeric not null,
    cost numeric not null
);
create unique index days_key on cdr.days (facet, key, day, answered, currency, cost_currency) nulls not distinct;

insert into cdr.days
select facet, key, date_trunc('day', hour, 'UTC'), answered, currency, cost_currency, sum(calls), sum(seconds), sum(fee), sum(cost)
from cdr.hours
group by 1, 2, 3, 4, 5, 6;

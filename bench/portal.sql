-- A carrier of some size, straight into the tables: :customers customers of which every tenth is a reseller's, :vendors vendors,
-- trunks, price lists, and :calls ended calls over :days days until now with their ledger entries and their sums by the hour.
\set ON_ERROR_STOP on
begin;

insert into billing.rate_tables (name, currency) select 'Prices ' || n, 'USD' from generate_series(1, 20) n;
insert into billing.rates (rate_table_id, prefix, destination, rate)
select t.id, p.prefix, 'Destination ' || p.prefix, 0.01 + (hashtext(p.prefix || t.id) & 255) / 10000.0
from billing.rate_tables t, (select (10 + n)::text as prefix from generate_series(0, 89) n
                             union all select (1000 + n)::text from generate_series(0, 4999) n) p
where t.name like 'Prices %';

create temporary table tables as
select id, row_number() over (order by id) - 1 as place from billing.rate_tables where name like 'Prices %';

insert into billing.accounts (name, kind, currency, rate_table_id, paid)
select 'Customer ' || n, 'customer', 'USD', (select id from tables where place = n % 20), 100000
from generate_series(1, :customers) n;
insert into billing.accounts (name, kind, currency, rate_table_id)
select 'Vendor ' || n, 'vendor', 'USD', (select id from tables where place = n % 20) from generate_series(1, :vendors) n;

insert into billing.agents (name, account_id) select 'Reseller', min(id) from billing.accounts where name like 'Customer %';
update billing.accounts set agent_id = (select id from billing.agents where name = 'Reseller')
where name ~ '^Customer [0-9]*0$';

insert into sip.mapping_gateways (name, account_id)
select 'Trunk of ' || name, id from billing.accounts where name like 'Customer %';
insert into sip.mapping_gateway_sources (mapping_gateway_id, net)
select id, ('10.' || (id >> 16 & 255) || '.' || (id >> 8 & 255) || '.' || (id & 255))::cidr
from sip.mapping_gateways where name like 'Trunk of %';
insert into sip.routing_gateways (name, account_id, address, port, prefixes)
select 'Trunk to ' || name, id, ('172.16.0.' || id % 250)::inet, 5060, '{""}' from billing.accounts where name like 'Vendor %';

create temporary table customers as
select a.id, a.name, g.id as gateway, g.name as gateway_name, row_number() over (order by a.id) - 1 as place
from billing.accounts a join sip.mapping_gateways g on g.account_id = a.id where a.name like 'Customer %';
create temporary table vendors as
select a.id, a.name, g.id as gateway, g.name as gateway_name, row_number() over (order by a.id) - 1 as place
from billing.accounts a join sip.routing_gateways g on g.account_id = a.id where a.name like 'Vendor %';
create unique index on customers (place);
create unique index on vendors (place);
analyze customers;
analyze vendors;

-- A partition a day, as they are made while the switch runs.
select format('create table cdr.%I (like cdr.calls including all)', 'calls_' || to_char(day, 'YYYYMMDD')),
       format('alter table cdr.calls attach partition cdr.%I for values from (%L) to (%L)', 'calls_' || to_char(day, 'YYYYMMDD'),
              day::timestamp at time zone 'UTC', (day + 1)::timestamp at time zone 'UTC')
from (select (now() at time zone 'UTC')::date - n as day from generate_series(0, :days) n) d
where to_regclass('cdr.calls_' || to_char(day, 'YYYYMMDD')) is null
\gexec

-- Some customers call more than others, some vendors are dearer, half of the calls are answered.
create temporary table made as
select gen_random_uuid() as id, now() - interval '5 seconds' - n * (:days * interval '1 day' / :calls) as started_at,
       (power(random(), 2) * :customers)::int % :customers as customer, (random() * 1000)::int % :vendors as vendor,
       random() < 0.5 as answered, (power(random(), 3) * 900)::int + 1 as seconds,
       '1' || (2000000000 + (random() * 7999999999)::bigint)::text as caller,
       (10 + (power(random(), 2) * 90)::int)::text || (10000000 + (random() * 89999999)::bigint)::text as callee, random() as how
from generate_series(1, :calls) n;

insert into cdr.calls
select m.id, m.started_at, case when m.answered or m.how < 0.5 then m.started_at + interval '1.2 seconds' end,
       case when m.answered then m.started_at + interval '4 seconds' end,
       m.started_at + interval '4 seconds' + case when m.answered then m.seconds else 0 end * interval '1 second',
       c.gateway, c.gateway_name, v.gateway, v.gateway_name, c.id, c.name, v.id, v.name, m.caller, m.callee, m.caller, m.callee,
       '10.0.0.1', 5060, '172.16.0.1', 5060, m.id || '@10.0.0.1', m.id || '@tandem',
       case when m.answered then m.seconds * 1000 else 0 end, s.billed, s.billed, 'USD', left(m.callee, 2), 0.02, 1, 0,
       s.billed * 0.02 / 60, 'USD', left(m.callee, 2), 0.015, 1, 0, s.billed, s.billed, s.billed * 0.015 / 60,
       s.billed * 0.005 / 60,
       case when m.answered then 'NormalClearing' when m.how < 0.4 then 'CalleeBusy' when m.how < 0.8 then 'NoAnswer'
            else 'CallerCancelled' end,
       case when m.answered then 200 else 486 end, case when m.answered then 16 else 17 end, 'caller', 'PCMA/8000',
       s.billed * 50, s.billed * 8600, s.billed * 50, s.billed * 8600, '[]', 1
from made m join customers c on c.place = m.customer join vendors v on v.place = m.vendor
     cross join lateral (select case when m.answered then m.seconds else 0 end as billed) s;

insert into billing.ledger (at, account_id, book, amount, call_id)
select ended_at, account_id, 'revenue', -fee, id from cdr.calls where fee > 0 and account_name like 'Customer %' order by ended_at;
insert into billing.ledger (account_id, book, amount, note)
select id, 'cash', 100000, 'First payment' from billing.accounts where name like 'Customer %';
update billing.accounts a set charged = l.sum
from (select account_id, -sum(amount) as sum from billing.ledger where book = 'revenue' group by 1) l where l.account_id = a.id;

truncate cdr.hours;
insert into cdr.hours
select f.facet, f.key, date_trunc('hour', c.started_at, 'UTC'), c.answered_at is not null, c.currency, c.cost_currency, count(*),
       sum(c.rounded_seconds)::bigint, sum(c.fee), coalesce(sum(c.cost), 0), count(least(c.ringing_at, c.answered_at)),
       coalesce(sum(round(extract(epoch from least(c.ringing_at, c.answered_at) - c.started_at) * 1000)), 0)::bigint
from cdr.calls c
     cross join lateral (values ('all', ''), ('account', c.account_id::text), ('vendor', c.vendor_account_id::text),
                                ('mapping_gateway', c.mapping_gateway_id::text),
                                ('routing_gateway', c.routing_gateway_id::text), ('destination', c.rate_prefix),
                                ('end_reason', c.end_reason)) f (facet, key)
where f.key is not null
group by 1, 2, 3, 4, 5, 6;
truncate cdr.days;
insert into cdr.days
select facet, key, date_trunc('day', hour, 'UTC'), answered, currency, cost_currency, sum(calls), sum(seconds), sum(fee), sum(cost)
from cdr.hours
group by 1, 2, 3, 4, 5, 6;
commit;

vacuum analyze;

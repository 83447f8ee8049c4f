-- Calls added up by the hour (UTC) in which they started, once for each thing that people ask sums of, so that a sum over a month
-- does not read every call of it. Written in the transaction that writes the calls.
create table cdr.hours (
    -- What it is a sum of: 'all', 'account' (who pays), 'vendor', 'mapping_gateway', 'routing_gateway', 'destination' (the prefix
    -- that priced it), 'end_reason'.
    facet text not null,
    -- Which one; empty for 'all'.
    key text not null,
    hour timestamptz not null,
    answered boolean not null,
    currency text not null,
    cost_currency text,
    calls bigint not null,
    seconds bigint not null,
    fee numeric not null,
    cost numeric not null,
    -- Calls that rang or were answered, and how long callers waited for it.
    heard bigint not null,
    delay_ms bigint not null
);
create unique index hours_key on cdr.hours (facet, key, hour, answered, currency, cost_currency) nulls not distinct;
create index hours_facet on cdr.hours (facet, hour);

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

-- Lists of calls by what few of them have.
create index calls_mapping_gateway on cdr.calls (mapping_gateway_id, started_at desc, id desc);
create index calls_routing_gateway on cdr.calls (routing_gateway_id, started_at desc, id desc);
create index calls_end_reason on cdr.calls (end_reason, started_at desc, id desc);

-- Payments of an account stand among the charges of all its calls.
create index ledger_payments on billing.ledger (account_id, id desc) where book in ('cash', 'opening');

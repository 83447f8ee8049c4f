-- The bounded contexts: people in portal, money in billing, trunks in sip, call records in cdr, bookkeeping in sys.
create schema sys;
create schema portal;
create schema billing;
create schema sip;
create schema cdr;

-- One change counter per table family. The switch polls them: they are the truth, the notification is only a hint.
create table sys.change_counters (
    family text primary key,
    version bigint not null default 0
);
insert into sys.change_counters (family) values ('accounts'), ('mapping_gateways'), ('routing_gateways'), ('rate_tables');

create function sys.count_change() returns trigger language plpgsql as $$
begin
    update sys.change_counters set version = version + 1 where family = tg_argv[0];
    perform pg_notify('tandem_configuration', tg_argv[0]);
    return null;
end $$;

create function sys.next_row_version() returns trigger language plpgsql as $$
begin
    new.row_version := old.row_version + 1;
    new.updated_at := now();
    return new;
end $$;

create table billing.rate_tables (
    id bigint primary key generated always as identity,
    row_version bigint not null default 1,
    name text not null constraint rate_tables_name_key unique,
    currency text not null constraint rate_tables_currency_check check (currency ~ '^[A-Z]{3}$'),
    billing_unit integer constraint rate_tables_billing_unit_check check (billing_unit between 1 and 3600),
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now()
);

create table billing.rates (
    id bigint primary key generated always as identity,
    row_version bigint not null default 1,
    rate_table_id bigint not null constraint rates_rate_table_fkey references billing.rate_tables on delete cascade,
    prefix text not null constraint rates_prefix_check check (prefix ~ '^[0-9*#]{0,24}$'),
    destination text not null default '',
    rate numeric(20, 9) not null constraint rates_rate_check check (rate >= 0),
    connect_fee numeric(20, 6) not null default 0 constraint rates_connect_fee_check check (connect_fee >= 0),
    billing_unit integer constraint rates_billing_unit_check check (billing_unit between 1 and 3600),
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    constraint rates_prefix_key unique (rate_table_id, prefix)
);

-- paid and charged are kept apart: calls change only charged and people only paid, so that the switch, which counts charges in
-- memory, can take up a payment at any moment without knowing which charges had already been written.
create table billing.accounts (
    id bigint primary key generated always as identity,
    row_version bigint not null default 1,
    name text not null constraint accounts_name_key unique,
    kind text not null constraint accounts_kind_check check (kind in ('customer', 'vendor')),
    currency text not null constraint accounts_currency_check check (currency ~ '^[A-Z]{3}$'),
    money_precision integer not null default 4 constraint accounts_precision_check check (money_precision between 0 and 6),
    credit_limit numeric(20, 6) not null default 0 constraint accounts_credit_limit_check check (credit_limit >= 0),
    rate_table_id bigint constraint accounts_rate_table_fkey references billing.rate_tables,
    status text not null default 'active' constraint accounts_status_check check (status in ('active', 'locked')),
    paid numeric(20, 6) not null default 0,
    charged numeric(20, 6) not null default 0,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now()
);

create table sip.mapping_gateways (
    id bigint primary key generated always as identity,
    row_version bigint not null default 1,
    name text not null constraint mapping_gateways_name_key unique,
    account_id bigint not null constraint mapping_gateways_account_fkey references billing.accounts,
    max_calls integer constraint mapping_gateways_max_calls_check check (max_calls > 0),
    enabled boolean not null default true,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now()
);

-- port 0 stands for any port, so that the uniqueness also holds for sources without one.
create table sip.mapping_gateway_sources (
    mapping_gateway_id bigint not null references sip.mapping_gateways on delete cascade,
    net cidr not null,
    port integer not null default 0 check (port between 0 and 65535),
    constraint mapping_gateway_sources_key unique (net, port)
);
create index on sip.mapping_gateway_sources (mapping_gateway_id);

create table sip.routing_gateways (
    id bigint primary key generated always as identity,
    row_version bigint not null default 1,
    name text not null constraint routing_gateways_name_key unique,
    account_id bigint not null constraint routing_gateways_account_fkey references billing.accounts,
    address inet not null,
    port integer not null constraint routing_gateways_port_check check (port between 1 and 65535),
    prefixes text[] not null,
    prefix_mode text not null default 'extension'
        constraint routing_gateways_prefix_mode_check check (prefix_mode in ('extension', 'expiration')),
    priority integer not null default 10 constraint routing_gateways_priority_check check (priority between 0 and 1000),
    max_calls integer constraint routing_gateways_max_calls_check check (max_calls > 0),
    enabled boolean not null default true,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now()
);

create trigger row_version before update on billing.rate_tables for each row execute function sys.next_row_version();
create trigger row_version before update on billing.rates for each row execute function sys.next_row_version();
-- Settling calls is no edit: charges must not make a person's open form stale.
create trigger row_version before update of name, kind, currency, money_precision, credit_limit, rate_table_id, status
    on billing.accounts for each row execute function sys.next_row_version();
create trigger row_version before update on sip.mapping_gateways for each row execute function sys.next_row_version();
create trigger row_version before update on sip.routing_gateways for each row execute function sys.next_row_version();

create trigger changed after insert or update or delete on billing.rate_tables
    for each statement execute function sys.count_change('rate_tables');
create trigger changed after insert or update or delete on billing.rates
    for each statement execute function sys.count_change('rate_tables');
create trigger changed after insert or delete or
    update of name, kind, currency, money_precision, credit_limit, rate_table_id, status, paid on billing.accounts
    for each statement execute function sys.count_change('accounts');
create trigger changed after insert or update or delete on sip.mapping_gateways
    for each statement execute function sys.count_change('mapping_gateways');
create trigger changed after insert or update or delete on sip.mapping_gateway_sources
    for each statement execute function sys.count_change('mapping_gateways');
create trigger changed after insert or update or delete on sip.routing_gateways
    for each statement execute function sys.count_change('routing_gateways');

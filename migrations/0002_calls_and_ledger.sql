-- One row per call of a known source, partitioned by day; partitions are made ahead, the default one only catches a gap.
create table cdr.calls (
    id uuid not null,
    started_at timestamptz not null,
    ringing_at timestamptz,
    answered_at timestamptz,
    ended_at timestamptz not null,
    mapping_gateway_id bigint not null,
    mapping_gateway_name text not null,
    routing_gateway_id bigint,
    routing_gateway_name text,
    account_id bigint not null,
    account_name text not null,
    vendor_account_id bigint,
    vendor_account_name text,
    caller_in text not null,
    callee_in text not null,
    caller_out text,
    callee_out text,
    source_address inet not null,
    source_port integer not null,
    destination_address inet,
    destination_port integer,
    call_id_in text not null,
    call_id_out text,
    duration_ms bigint not null,
    rounded_seconds bigint not null,
    billed_seconds bigint not null,
    currency text not null,
    rate_prefix text not null,
    rate numeric(20, 9) not null,
    billing_unit bigint not null,
    connect_fee numeric(20, 6) not null,
    fee numeric(20, 6) not null,
    cost_currency text,
    cost_rate_prefix text,
    cost_rate numeric(20, 9),
    cost_billing_unit bigint,
    cost_connect_fee numeric(20, 6),
    cost_rounded_seconds bigint,
    cost_billed_seconds bigint,
    cost numeric(20, 6),
    profit numeric(20, 6),
    end_reason text not null,
    sip_code integer not null,
    q850 integer not null,
    released_by text not null check (released_by in ('caller', 'callee', 'switch')),
    codec text,
    caller_packets bigint not null,
    caller_octets bigint not null,
    callee_packets bigint not null,
    callee_octets bigint not null,
    attempts jsonb not null,
    config_version bigint not null,
    primary key (started_at, id)
) partition by range (started_at);

create table cdr.calls_default partition of cdr.calls default;
create index calls_id on cdr.calls (id);
create index calls_account on cdr.calls (account_id, started_at desc, id desc);
create index calls_vendor on cdr.calls (vendor_account_id, started_at desc, id desc);
create index calls_callee on cdr.calls (callee_in text_pattern_ops, started_at desc);
create index calls_caller on cdr.calls (caller_in text_pattern_ops, started_at desc);

-- Each entry moves an amount between an account and one of our own books: what a call charges a customer is revenue, what it
-- owes a vendor is cost, what is paid is cash. Positive raises the account's balance.
create table billing.ledger (
    id bigint primary key generated always as identity,
    at timestamptz not null default now(),
    account_id bigint not null constraint ledger_account_fkey references billing.accounts,
    book text not null constraint ledger_book_check check (book in ('revenue', 'cost', 'cash', 'opening')),
    amount numeric(20, 6) not null,
    call_id uuid,
    note text not null default ''
);
create unique index ledger_call on billing.ledger (call_id, account_id, book) where call_id is not null;
create index ledger_account on billing.ledger (account_id, id desc);

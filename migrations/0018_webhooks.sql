-- Receivers of events at other people's servers, and what is on its way to them.
create table sys.webhooks (
    id bigint primary key generated always as identity,
    row_version bigint not null default 1,
    name text not null,
    url text not null,
    secret bytea not null,
    events text[] not null,
    enabled boolean not null default true,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now()
);
create unique index webhooks_name_key on sys.webhooks (lower(name));
create trigger row_version before update on sys.webhooks for each row execute function sys.next_row_version();

create table sys.webhook_deliveries (
    id bigint primary key generated always as identity,
    webhook_id bigint not null references sys.webhooks on delete cascade,
    event_id uuid not null,
    kind text not null,
    body text not null,
    happened_at timestamptz not null,
    state text not null default 'waiting'
        constraint webhook_deliveries_state_check check (state in ('waiting', 'delivered', 'failed')),
    attempts integer not null default 0,
    -- When it is tried next; while it is being sent, when somebody else may try.
    due_at timestamptz not null default now(),
    last_at timestamptz,
    last_status integer,
    last_error text,
    last_took_ms integer
);
create index webhook_deliveries_due on sys.webhook_deliveries (webhook_id, due_at) where state = 'waiting';
create index webhook_deliveries_of on sys.webhook_deliveries (webhook_id, id desc);
create index webhook_deliveries_age on sys.webhook_deliveries (happened_at);

-- Who is suspended, as the switch writes it behind: a restart lets nobody in before the time. Names come from the network.
create table sip.suspensions (
    party text not null,
    cause text not null,
    user_name bytea,
    address inet,
    failures integer not null,
    known boolean not null,
    since timestamptz not null,
    until timestamptz not null,
    constraint suspensions_key primary key (party, cause)
);

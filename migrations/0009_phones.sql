-- Endpoints with a number of their own. keys is H(number:realm:password) by MD5 and SHA-256, sealed with a key that is not in
-- the database. forwarding is an object of targets; a gateway in it that is gone is no target.
create table sip.phones (
    id bigint primary key generated always as identity,
    row_version bigint not null default 1,
    number text not null constraint phones_number_key unique
        constraint phones_number_check check (number ~ '^[0-9]{1,24}$'),
    account_id bigint not null constraint phones_account_fkey references billing.accounts,
    display_name text,
    enabled boolean not null default true,
    max_calls integer constraint phones_max_calls_check check (max_calls > 0),
    -- Null for a phone that registers.
    address inet,
    port integer constraint phones_port_check check (port between 1 and 65535),
    max_contacts integer not null default 1 constraint phones_max_contacts_check check (max_contacts between 1 and 10),
    forwarding jsonb not null default '{}' constraint phones_forwarding_check check (jsonb_typeof(forwarding) = 'object'),
    do_not_disturb boolean not null default false,
    caller_ids text[] not null default '{}',
    allowed_networks cidr[] not null default '{}',
    overrides jsonb not null default '{}' constraint phones_overrides_check check (jsonb_typeof(overrides) = 'object'),
    keys bytea,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    constraint phones_place_check check ((address is null) = (port is null)),
    -- What comes from an address is from one phone.
    constraint phones_address_key unique (address, port)
);
create index phones_account on sip.phones (account_id);

-- Registered contacts, written behind: what the switch knows is the truth, this is what it begins with after a restart. No
-- foreign key is waited for and no change is counted.
create table sip.bindings (
    phone_id bigint not null references sip.phones on delete cascade,
    place integer not null,
    contact text not null,
    call_id text not null,
    cseq bigint not null,
    q integer not null,
    expires timestamptz not null,
    refreshed timestamptz not null,
    transport text not null,
    local_address inet not null,
    local_port integer not null,
    remote_address inet not null,
    remote_port integer not null,
    nat boolean not null,
    path text[] not null,
    user_agent text,
    instance text,
    reg_id bigint,
    primary key (phone_id, place)
);
create index bindings_expires on sip.bindings (expires);

-- Registrations of ours at other servers.
create table sip.registrations (
    id bigint primary key generated always as identity,
    row_version bigint not null default 1,
    name text not null constraint registrations_name_key unique,
    server text not null,
    proxy text,
    username text not null,
    auth_user text,
    contact text,
    period text not null default 'default',
    transport text not null default 'udp'
        constraint registrations_transport_check check (transport in ('udp', 'tcp')),
    enabled boolean not null default true,
    password bytea,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now()
);

insert into sys.change_counters (family) values ('phones'), ('registrations');
create trigger row_version before update on sip.phones for each row execute function sys.next_row_version();
create trigger changed after insert or update or delete on sip.phones
    for each statement execute function sys.count_change('phones');
create trigger row_version before update on sip.registrations for each row execute function sys.next_row_version();
create trigger changed after insert or update or delete on sip.registrations
    for each statement execute function sys.count_change('registrations');

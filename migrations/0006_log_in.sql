-- Sessions get a key that can be shown, their own ends, and the moment at which the person last proved who they are.
-- Those of before go: whoever has one logs in once more.
delete from portal.sessions;
alter table portal.sessions
    add column id bigint generated always as identity constraint sessions_id_key unique,
    add column idle interval not null,
    add column expires_at timestamptz not null,
    add column authenticated_at timestamptz not null default now(),
    add column awaiting_code boolean not null default false;

-- Refused log-ins by name and by address. A row is a series of failures; locks doubles the next lock-out.
create table portal.login_failures (
    id bigint primary key generated always as identity,
    kind text not null check (kind in ('name', 'address')),
    subject text not null,
    failures bigint not null,
    first_at timestamptz not null,
    last_at timestamptz not null,
    locks integer not null default 0,
    locked_until timestamptz,
    constraint login_failures_key unique (kind, subject)
);
create index on portal.login_failures (last_at);

-- Second factors. The secret is sealed with a key that is not in the database. last_step is the time step of the code taken
-- last: it and older ones are never taken again.
create table portal.totp (
    user_id bigint primary key references portal.users on delete cascade,
    secret bytea not null,
    made_at timestamptz not null default now(),
    confirmed_at timestamptz,
    last_step bigint not null default 0
);

create table portal.recovery_codes (
    user_id bigint not null references portal.users on delete cascade,
    code_hash bytea not null,
    used_at timestamptz,
    primary key (user_id, code_hash)
);

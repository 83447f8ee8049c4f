create table portal.users (
    id bigint primary key generated always as identity,
    row_version bigint not null default 1,
    name text not null constraint users_name_key unique,
    password_hash text not null,
    role text not null constraint users_role_check check (role in ('administrator')),
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now()
);
create trigger row_version before update on portal.users for each row execute function sys.next_row_version();

-- Only the hash of a session's token is kept: who reads this table cannot act as anybody.
create table portal.sessions (
    token_hash bytea primary key,
    user_id bigint not null references portal.users on delete cascade,
    created_at timestamptz not null default now(),
    last_seen_at timestamptz not null default now(),
    address inet not null,
    user_agent text not null
);
create index on portal.sessions (user_id);

-- Every change of state by a person: who, what, from what, to what.
create table portal.audit_log (
    id bigint primary key generated always as identity,
    at timestamptz not null default now(),
    user_id bigint,
    user_name text not null,
    action text not null,
    subject text not null,
    before jsonb,
    after jsonb
);

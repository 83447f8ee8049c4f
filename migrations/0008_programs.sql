-- Keys with which programs ask the REST API. Only the hash is kept; the first letters are there to recognise a key by.
create table portal.api_tokens (
    id bigint primary key generated always as identity,
    token_hash bytea not null constraint api_tokens_hash_key unique,
    user_id bigint not null references portal.users on delete cascade,
    name text not null,
    beginning text not null,
    permissions text[] not null,
    networks cidr[] not null default '{}',
    created_at timestamptz not null default now(),
    expires_at timestamptz,
    last_used_at timestamptz,
    last_used_from inet,
    constraint api_tokens_name_key unique (user_id, name)
);

-- Answers to requests that carried an idempotency key: the same request sent again gets the same answer. Without a status, the
-- first one is still being worked on.
create table portal.idempotency (
    token_id bigint not null references portal.api_tokens on delete cascade,
    key text not null,
    request_hash bytea not null,
    status integer,
    body bytea,
    claimed_at timestamptz not null default now(),
    expires_at timestamptz not null,
    primary key (token_id, key)
);
create index on portal.idempotency (expires_at);

-- Lists with their filters, kept by a person under a name.
create table portal.saved_views (
    id bigint primary key generated always as identity,
    user_id bigint not null references portal.users on delete cascade,
    page text not null,
    name text not null,
    query text not null,
    created_at timestamptz not null default now(),
    constraint saved_views_name_key unique (user_id, page, name)
);

-- What somebody set; a parameter without a row is at its default, which only the program knows.
create table sys.parameters (
    name text primary key,
    value text not null,
    row_version bigint not null,
    updated_at timestamptz not null default now()
);

-- Every value that a parameter ever had: who set it, and what it was before. Null stands for the default.
create table sys.parameter_history (
    id bigint primary key generated always as identity,
    at timestamptz not null default now(),
    name text not null,
    user_id bigint,
    user_name text not null,
    old_value text,
    new_value text
);
create index parameter_history_name on sys.parameter_history (name, id desc);

create function sys.refuse_rewriting() returns trigger language plpgsql as $$
begin
    raise exception 'the history of parameters is only added to';
end $$;
create trigger append_only before update or delete or truncate on sys.parameter_history
    for each statement execute function sys.refuse_rewriting();

-- A version that was seen is never used again, not even after a reset: a form that was opened before it is stale.
create sequence sys.parameter_versions;
create function sys.next_parameter_version() returns trigger language plpgsql as $$
begin
    new.row_version := nextval('sys.parameter_versions');
    new.updated_at := now();
    return new;
end $$;
create trigger row_version before insert or update on sys.parameters
    for each row execute function sys.next_parameter_version();

-- A gateway's own values, by parameter; what is not in it is inherited.
alter table sip.mapping_gateways add column overrides jsonb not null default '{}'
    constraint mapping_gateways_overrides_check check (jsonb_typeof(overrides) = 'object');
alter table sip.routing_gateways add column overrides jsonb not null default '{}'
    constraint routing_gateways_overrides_check check (jsonb_typeof(overrides) = 'object');

insert into sys.change_counters (family) values ('parameters');
create trigger changed after insert or update or delete on sys.parameters
    for each statement execute function sys.count_change('parameters');

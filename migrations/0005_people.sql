-- Resellers. The account is the one from which an agent pays us; the accounts it brought name it in agent_id.
create table billing.agents (
    id bigint primary key generated always as identity,
    row_version bigint not null default 1,
    name text not null constraint agents_name_key unique,
    account_id bigint not null constraint agents_account_key unique
        constraint agents_account_fkey references billing.accounts,
    status text not null default 'active' constraint agents_status_check check (status in ('active', 'locked')),
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now()
);
create trigger row_version before update on billing.agents for each row execute function sys.next_row_version();

alter table billing.accounts
    add column agent_id bigint constraint accounts_agent_fkey references billing.agents,
    add constraint accounts_agent_check check (agent_id is null or kind = 'customer');
create index accounts_agent on billing.accounts (agent_id) where agent_id is not null;

drop trigger row_version on billing.accounts;
create trigger row_version
    before update of name, kind, currency, money_precision, credit_limit, rate_table_id, status, agent_id
    on billing.accounts for each row execute function sys.next_row_version();
drop trigger changed on billing.accounts;
create trigger changed after insert or delete or
    update of name, kind, currency, money_precision, credit_limit, rate_table_id, status, paid, agent_id on billing.accounts
    for each statement execute function sys.count_change('accounts');

-- What people may do. Permissions are words; one that a build does not know gives nothing.
create table portal.roles (
    id bigint primary key generated always as identity,
    row_version bigint not null default 1,
    name text not null constraint roles_name_key unique,
    built_in text constraint roles_built_in_key unique,
    permissions text[] not null,
    requires_totp boolean not null default false,
    allowed_networks cidr[] not null default '{}',
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now()
);
create trigger row_version before update on portal.roles for each row execute function sys.next_row_version();

insert into portal.roles (name, built_in, permissions) values
    ('Administrator', 'administrator', '{}'),
    ('Operator', 'operator', '{ViewDashboard,ViewCalls,EndCalls,ViewGateways,EditGateways,ViewPhones,EditPhones,ViewNumbers,EditNumbers,ViewAccounts,ViewRates,ViewCdrs,ExportCdrs,ViewReports,ViewSecurity,EditSecurity,UseTools,ViewTrace,ViewParameters,ViewSystem,EditSystem,ManageTokens}'),
    ('Finance', 'finance', '{ViewDashboard,ViewGateways,ViewAccounts,EditAccounts,PayAccounts,ViewAgents,EditAgents,ViewRates,EditRates,ViewInvoices,EditInvoices,ViewCdrs,ExportCdrs,ViewReports,ViewCosts,UseTools,ManageTokens}'),
    ('Reseller', 'reseller', '{ViewDashboard,ViewCalls,ViewGateways,ViewAccounts,ViewAgents,ViewRates,ViewInvoices,ViewCdrs,ExportCdrs,ViewReports,ManageTokens}'),
    ('Customer', 'customer', '{ViewDashboard,ViewCalls,ViewAccounts,ViewRates,ViewInvoices,ViewCdrs,ExportCdrs,ManageTokens}');

-- Neither agent nor account: the administration.
alter table portal.users
    add column display_name text not null default '',
    add column role_id bigint constraint users_role_fkey references portal.roles,
    add column agent_id bigint constraint users_agent_fkey references billing.agents,
    add column account_id bigint constraint users_account_fkey references billing.accounts,
    add column language text not null default 'en',
    add column enabled boolean not null default true,
    add column password_changed_at timestamptz not null default now(),
    add column must_change boolean not null default false,
    add column last_log_in timestamptz,
    add column failed_log_ins bigint not null default 0,
    add constraint users_home_check check (agent_id is null or account_id is null);
update portal.users set role_id = (select id from portal.roles where built_in = 'administrator');
alter table portal.users alter column role_id set not null, drop column role;
create index on portal.users (role_id);

-- Logging in is no edit: it must not make a person's open form stale.
drop trigger row_version on portal.users;
create trigger row_version before update of name, display_name, role_id, agent_id, account_id, language, enabled
    on portal.users for each row execute function sys.next_row_version();

-- Former passwords, the present one among them, so that none comes back at once.
create table portal.password_history (
    id bigint primary key generated always as identity,
    user_id bigint not null references portal.users on delete cascade,
    password_hash text not null,
    set_at timestamptz not null default now()
);
create index on portal.password_history (user_id, id);
insert into portal.password_history (user_id, password_hash) select id, password_hash from portal.users;

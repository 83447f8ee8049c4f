-- A gateway may be a name, which the switch looks up; it may be spoken to from one of our addresses; its redirections may be
-- followed or passed on.
alter table sip.routing_gateways
    alter column address drop not null,
    alter column port drop not null,
    add column host text
        constraint routing_gateways_host_check check (length(host) between 1 and 253),
    add column local_address text,
    add column redirects text not null default 'refuse'
        constraint routing_gateways_redirects_check check (redirects in ('refuse', 'follow', 'pass')),
    add constraint routing_gateways_place_check
        check (num_nonnulls(address, host) = 1 and (address is null or port is not null));

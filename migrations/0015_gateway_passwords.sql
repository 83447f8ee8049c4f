-- Mapping gateways that are known by user and password instead of by address, and what routing gateways ask us for. keys is
-- H(user:realm:password) by MD5 and SHA-256 as for phones; both are sealed with a key that is not in the database.
alter table sip.mapping_gateways
    add column username text constraint mapping_gateways_username_key unique,
    add column keys bytea;
alter table sip.routing_gateways
    add column username text,
    add column password bytea;

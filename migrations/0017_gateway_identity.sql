-- Where a mapping gateway's calls say who calls and who is called, and what a routing gateway's calls tell about that. What is
-- left out is as it always was.
alter table sip.mapping_gateways
    add column identity jsonb not null default '{}'
        constraint mapping_gateways_identity_check check (jsonb_typeof(identity) = 'object');
alter table sip.routing_gateways
    add column identity jsonb not null default '{}'
        constraint routing_gateways_identity_check check (jsonb_typeof(identity) = 'object');

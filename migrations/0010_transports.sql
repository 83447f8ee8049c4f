-- How SIP travels to a gateway; what was there before stays with datagrams where they suffice.
alter table sip.routing_gateways
    add column transport text not null default 'auto'
        constraint routing_gateways_transport_check check (transport in ('auto', 'udp', 'tcp', 'tls'));

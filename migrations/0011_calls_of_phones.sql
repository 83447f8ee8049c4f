-- Phones place and take calls beside trunks. A call has one of both on each side; the name column keeps the phone's number.
alter table cdr.calls alter column mapping_gateway_id drop not null;
alter table cdr.calls add column caller_phone_id bigint;
alter table cdr.calls add column callee_phone_id bigint;

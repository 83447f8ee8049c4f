-- A tamper-evident audit log: each line carries the hash of the line before it and of itself. Lines are numbered without gaps, in
-- the order in which they were chained, which is the order of the commits.
--
-- What is hashed stands in audit_line below and once more, independently, in the program that verifies it: the fields one
-- after the other, each as its length in bytes, a colon, its text and a comma; a field that is null is a hyphen and a comma.

create function portal.audit_field(value text) returns text language sql immutable as $$
    select case when value is null then '-,' else octet_length(convert_to(value, 'UTF8')) || ':' || value || ',' end
$$;

create function portal.audit_line(line portal.audit_log) returns bytea language sql stable as $$
    select convert_to(
        portal.audit_field(line.id::text)
            || portal.audit_field((extract(epoch from line.at) * 1000000)::bigint::text)
            || portal.audit_field(line.user_id::text)
            || portal.audit_field(line.user_name)
            || portal.audit_field(line.action)
            || portal.audit_field(line.subject)
            || portal.audit_field(line.before::text)
            || portal.audit_field(line.after::text),
        'UTF8')
$$;

-- The number and the hash of the last line: where the next one joins, and how it is seen that the end has been cut off.
create table portal.audit_head (
    only_one boolean primary key default true check (only_one),
    id bigint not null,
    hash bytea not null
);
insert into portal.audit_head (id, hash) values (0, decode(repeat('00', 32), 'hex'));

alter table portal.audit_log alter column id drop identity;
alter table portal.audit_log add column hash bytea;

do $$
declare
    line portal.audit_log;
    number bigint := 0;
    chain bytea := decode(repeat('00', 32), 'hex');
begin
    for line in select * from portal.audit_log order by id loop
        number := number + 1;
        -- Upwards and never beyond the old number: no two lines have one number on the way.
        update portal.audit_log set id = number where id = line.id;
        line.id := number;
        chain := sha256(chain || portal.audit_line(line));
        update portal.audit_log set hash = chain where id = number;
    end loop;
    update portal.audit_head set id = number, hash = chain;
end $$;
alter table portal.audit_log alter column hash set not null;

-- Writers take turns: a line is chained to the last committed one, and the turn ends with the transaction.
create function portal.chain_audit_line() returns trigger language plpgsql as $$
declare
    head portal.audit_head;
begin
    perform pg_advisory_xact_lock(hashtext('tandem audit log'));
    select * into strict head from portal.audit_head;
    new.id := head.id + 1;
    new.at := coalesce(new.at, now());
    new.hash := sha256(head.hash || portal.audit_line(new));
    update portal.audit_head set id = new.id, hash = new.hash;
    return new;
end $$;
create trigger chain before insert on portal.audit_log for each row execute function portal.chain_audit_line();

create function portal.refuse_audit_change() returns trigger language plpgsql as $$
begin
    raise exception 'the audit log is only ever added to' using errcode = 'insufficient_privilege';
end $$;
create trigger only_added before update or delete on portal.audit_log
    for each row execute function portal.refuse_audit_change();
create trigger never_emptied before truncate on portal.audit_log
    for each statement execute function portal.refuse_audit_change();

create index on portal.audit_log (user_name, id desc);
create index on portal.audit_log (at);

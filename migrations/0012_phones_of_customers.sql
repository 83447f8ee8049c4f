-- Customers and resellers see their own phones. Roles that people have made stay as they are.
update portal.roles set permissions = permissions || '{ViewPhones}'
where built_in in ('reseller', 'customer') and not permissions @> '{ViewPhones}';

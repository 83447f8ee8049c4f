-- How many phones were online in each hour, from samples of each minute: what is usual at an hour of the week, and the curve
-- of the last days. Hours of half a year are kept.
create table sip.presence_hours (
    hour timestamptz primary key,
    samples integer not null constraint presence_hours_samples_check check (samples > 0),
    online_sum bigint not null,
    least integer not null,
    most integer not null
);

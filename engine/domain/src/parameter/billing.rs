//! Durations, holds and prices (decisions 5 to 10).

use std::borrow::Cow;

use super::{
    Effect, Entry, Kind, Page, Topic, Unit, Value,
    entry::{entry, parameters},
};

const START: Kind = Kind::Choice(&[("0", "at the answer"), ("1", "at the INVITE, unanswered calls too")]);

const NONE: Value = Value::Numbers(Cow::Borrowed(&[]));

const fn of(kind: Kind, default: Value) -> Entry {
    entry(Page::Server, Topic::Billing, kind, default)
}

parameters! {
    /// The fraction of a second from which a duration is rounded up to the next whole second; shorter fractions are dropped and
    /// a whole second stays. 0 rounds every fraction up.
    SERVER_BILLING_HOLD_TIME_PRECISION = of(Kind::whole(0..=999), Value::Whole(50)).unit(Unit::Milliseconds).built();

    /// The increment to which durations are rounded up, where neither rate nor rate table has its own.
    SS_BILLINGUNIT = of(Kind::whole(1..=3600), Value::Whole(1)).unit(Unit::Seconds).built();

    /// When the billed time begins: 0 at the answer, 1 at the INVITE, and then calls without an answer cost one increment at
    /// least.
    SS_STARTBILLINGTIME = of(START, Value::Word("0"));

    /// How many minutes of each call's price are held on the account ahead of it, so that several calls together cannot
    /// overdraw it.
    SERVER_BILLING_PREVENT_OVERDRAFT_ADVANCE_TIME =
        of(Kind::whole(1..=15), Value::Whole(1)).unit(Unit::Minutes).built();

    /// Called numbers that cost the customer nothing; the vendor is paid all the same. Empty makes none free.
    SERVER_BILLING_FREE_E164S = of(Kind::Numbers { most: 1000 }, NONE);

    /// Called numbers that leave no call record and cost nothing. Empty records every call.
    SERVER_BILLING_NO_CDR_E164S = of(Kind::Numbers { most: 1000 }, NONE);

    /// What must be left on a vendor's account for its gateways to be used. Off uses them whatever is left.
    SERVER_VERIFY_CLEARING_CUSTOMER_REMAIN_MONEY_LIMIT =
        of(Kind::Amount("Off"), Value::Word("Off")).unit(Unit::Currency);

    /// By how much our count of a vendor's calls may differ from its own before an alarm is raised.
    SERVER_GATEWAY_ROUTE_BILATERAL_RECONCILIATION_LINE =
        of(Kind::whole(1..=100), Value::Whole(5)).unit(Unit::Percent).effect(Effect::Immediately);

    /// How often both counts are compared. 0 never compares them.
    SERVER_GATEWAY_BILATERAL_RECONCILIATION_PERIOD =
        of(Kind::zero_or(5..=1440), Value::Whole(0)).unit(Unit::Minutes).effect(Effect::Immediately);
}

//! The CDR of a call as it stands (CDR-1): from its own timestamps and events only.

use domain::{
    Account, Attempt, BillingUnit, Cdr, EndReason, Money, Prefix, Price, Q850, Rate, ReleaseSide, Seconds,
    SipCode,
};
use routing::Priced;

use crate::rules::Rules;

use super::{Call, Moment};

impl Call {
    /// The record if the call ended `now` for this reason.
    pub(super) fn record(&self, now: Moment, reason: EndReason, side: ReleaseSide, status: u16) -> Cdr {
        let talked = self.answered.map(|answered| now.millis_since(answered.steady));
        let price = |account: &Account, priced: Option<&Priced>| price(&self.rules, account, priced, talked);
        let tried = self.last_tried.as_deref();
        let q850 = if side == ReleaseSide::Callee && status >= 300 {
            Q850::of_sip(SipCode(status))
        } else {
            reason.q850()
        };
        Cdr {
            id: self.id,
            started_at: self.started.wall,
            ringing_at: self.ringing_at,
            answered_at: self.answered.map(|answered| answered.at),
            ended_at: self.started.wall_at(now.steady),
            mapping_gateway: self.source.trunk(),
            mapping_gateway_name: self.source.name(),
            caller_phone: self.source.phone(),
            routing_gateway: tried.and_then(|t| t.to.trunk()),
            routing_gateway_name: tried.map(|t| t.to.name()),
            callee_phone: tried.and_then(|t| t.to.phone()),
            caller_in: self.numbers.caller_in.clone(),
            callee_in: self.numbers.callee_in.clone(),
            caller_out: tried.map(|_| self.numbers.caller_out.clone()),
            callee_out: tried.map(|t| t.number.clone()),
            source: self.caller.flow.remote,
            destination: tried.map(|t| t.remote),
            call_id_in: printable(self.caller.invite.call_id(), 256),
            call_id_out: tried.map(|t| t.call_id.clone()),
            duration_ms: talked.unwrap_or(0),
            customer: price(&self.payer.account, self.payer.price.as_ref()),
            vendor: tried.and_then(|t| Some(price(t.vendor.as_deref()?, t.cost.as_ref()))),
            end_reason: reason,
            sip_code: SipCode(status),
            q850,
            released_by: side,
            codec: self.talk.as_ref().and_then(|talk| talk.codec()).map(|codec| printable(&codec, 32)),
            media: self.talk.as_ref().map(|talk| talk.counters()).unwrap_or_default(),
            attempts: self.attempts_with_current(reason, status),
            config_version: self.tables.version.0,
        }
    }

    /// Failed attempts, then the one that was answered.
    fn attempts_with_current(&self, reason: EndReason, status: u16) -> Vec<Attempt> {
        let mut attempts = self.attempts.clone();
        if let Some(leg) = &self.callee {
            attempts.push(Attempt {
                gateway: leg.tried.to.trunk(),
                phone: leg.tried.to.phone(),
                gateway_name: leg.tried.to.name(),
                started_at: self.started.wall_at(leg.started.steady),
                post_dial_delay_ms: leg.post_dial_delay_ms,
                sip_code: Some(SipCode(if leg.dialog.is_some() { 200 } else { status })),
                end_reason: reason,
            });
        }
        attempts
    }
}

/// A far end's text, fit for a record: no control characters, bounded.
pub(super) fn printable(text: &str, longest: usize) -> String {
    text.chars().filter(|c| !c.is_control()).take(longest).collect()
}

/// Charges an account for the talk time; an unanswered call is charged nothing, under terms that are still told.
fn price(rules: &Rules, account: &Account, priced: Option<&Priced>, talked: Option<i64>) -> Price {
    let terms = priced.map(|p| &p.terms);
    let charge = terms.zip(talked).map(|(terms, ms)| billing::charge(ms, terms, rules.hold_time_precision));
    let rounded = talked.map(|ms| billing::rounded(ms, rules.hold_time_precision));
    Price {
        account: account.id,
        account_name: account.settings.name.to_string(),
        currency: account.settings.currency,
        prefix: priced.map_or_else(Prefix::default, |p| p.prefix.clone()),
        rate: terms.map_or(Rate::ZERO, |t| t.rate),
        billing_unit: Seconds(terms.map_or(BillingUnit::SECOND, |t| t.unit).seconds()),
        connect_fee: terms.map_or(Money::ZERO, |t| t.connect_fee),
        rounded: rounded.unwrap_or_default(),
        billed: charge.map(|c| c.billed).unwrap_or_default(),
        amount: charge.map(|c| c.amount).unwrap_or_default(),
    }
}

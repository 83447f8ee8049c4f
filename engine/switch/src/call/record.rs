//! The CDR of a call as it stands (CDR-1): from its own timestamps and events only.

use domain::{
    Account, Attempt, BillingUnit, Cdr, EndReason, Money, Prefix, Price, Q850, Rate, ReleaseSide, Seconds,
    SipCode,
};
use routing::Priced;
use smallvec::SmallVec;

use crate::rules::Rules;

use super::{Call, Moment};

impl Call {
    /// The records if the call ended `now` for this reason: one for each way, in order. There are several when phones have sent
    /// the call on.
    pub(super) fn records(
        &self,
        now: Moment,
        reason: EndReason,
        side: ReleaseSide,
        status: u16,
    ) -> SmallVec<[Cdr; 1]> {
        (0..=self.diversions.len()).map(|way| self.record(way, now, reason, side, status)).collect()
    }

    /// The record of one way: from who called, or from the phone that sent the call on, to the next such phone or the end.
    fn record(&self, way: usize, now: Moment, reason: EndReason, side: ReleaseSide, status: u16) -> Cdr {
        let from = way.checked_sub(1).and_then(|before| self.diversions.get(before));
        let onward = self.diversions.get(way);
        let talked = self.answered.map(|answered| now.millis_since(answered.steady));
        let price = |account: &Account, priced: Option<&Priced>| price(&self.rules, account, priced, talked);
        let payer = from.map_or(&self.payer, |diversion| &diversion.payer);
        let tried = self.last_tried.as_deref().filter(|_| onward.is_none());
        let q850 = if side == ReleaseSide::Callee && status >= 300 {
            Q850::of_sip(SipCode(status))
        } else {
            reason.q850()
        };
        let next_phone = onward.map(|diversion| &diversion.phone);
        let next_name = next_phone.map(|phone| phone.settings().number.to_string());
        let callee_out = onward.map(|diversion| &diversion.called).or(tried.map(|t| &t.number));
        Cdr {
            id: from.map_or(self.id, |diversion| diversion.id),
            started_at: from.map_or(self.started.wall, |from| self.started.wall_at(from.at.steady)),
            ringing_at: self.ringing_at,
            answered_at: self.answered.map(|answered| answered.at),
            ended_at: self.started.wall_at(now.steady),
            mapping_gateway: self.source.trunk().filter(|_| from.is_none()),
            mapping_gateway_name: from
                .map_or_else(|| self.source.name(), |from| from.phone.settings().number.to_string()),
            caller_phone: from.map_or_else(|| self.source.phone(), |from| Some(from.phone.id())),
            routing_gateway: tried.and_then(|t| t.to.trunk()),
            routing_gateway_name: next_name.or_else(|| tried.map(|t| t.to.name())),
            callee_phone: next_phone.map(|phone| phone.id()).or_else(|| tried.and_then(|t| t.to.phone())),
            caller_in: self.numbers.caller_in.clone(),
            callee_in: from.map_or(&self.numbers.callee_in, |from| &from.number).clone(),
            caller_out: callee_out.map(|_| self.numbers.caller_out.clone()),
            callee_out: callee_out.cloned(),
            source: self.caller.flow.remote,
            destination: tried.map(|t| t.remote),
            call_id_in: printable(self.caller.invite.call_id(), 256),
            call_id_out: tried.map(|t| t.call_id.clone()),
            duration_ms: talked.unwrap_or(0),
            customer: price(&payer.account, payer.price.as_ref()),
            vendor: tried.and_then(|t| Some(price(t.vendor.as_deref()?, t.cost.as_ref()))),
            end_reason: reason,
            sip_code: SipCode(status),
            q850,
            released_by: side,
            codec: self.talk.as_ref().and_then(|talk| talk.codec()).map(|codec| printable(&codec, 32)),
            media: self.talk.as_ref().map(|talk| talk.counters()).unwrap_or_default(),
            attempts: self.attempts_of(way, reason, status),
            config_version: self.tables.version.0,
        }
    }

    /// The failed attempts of a way, then the one that was answered.
    fn attempts_of(&self, way: usize, reason: EndReason, status: u16) -> Vec<Attempt> {
        let until =
            |way: usize| self.diversions.get(way).map_or(self.attempts.len(), |onward| onward.attempts);
        let from = way.checked_sub(1).map_or(0, until);
        let mut attempts = self.attempts[from..until(way)].to_vec();
        if let Some(leg) = self.callee.as_ref().filter(|_| way == self.diversions.len()) {
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

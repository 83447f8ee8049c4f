//! Phones that send their calls on (REG-9).
//!
//! Who calls pays for the way to the phone, and the phone's account for the way from there: each way has a record of its own, with
//! its own key and price, and both are of the same talk.

use std::sync::Arc;

use domain::{AccountStatus, CallId, EndReason, ForwardTarget, Forwarding};
use registrar::{Line as Phone, Reach};

use super::{Call, Desk, Destination, Moment, payer::Payer, setup::Refused, setup::new_id};
use crate::account::Line;

/// How often one call may be sent on.
const MOST: usize = 5;

/// A phone that sent the call on.
pub(crate) struct Diversion {
    /// The record of the way from here.
    pub(crate) id: CallId,
    pub(crate) phone: Arc<Phone>,
    pub(crate) why: Why,
    /// The number by which the phone was called, and the one that it gave.
    pub(crate) called: String,
    pub(crate) number: String,
    pub(crate) at: Moment,
    pub(crate) payer: Payer,
    /// How many attempts had been made by then.
    pub(crate) attempts: usize,
    _line: Line,
}

/// Why a phone sends a call on.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Why {
    Always,
    Busy,
    NoAnswer,
    Offline,
}

impl Why {
    /// RFC 5806 §4.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Always => "unconditional",
            Self::Busy => "user-busy",
            Self::NoAnswer => "no-answer",
            Self::Offline => "unavailable",
        }
    }

    fn target(self, forwarding: &Forwarding) -> Option<&ForwardTarget> {
        match self {
            Self::Always => forwarding.always.as_ref(),
            Self::Busy => forwarding.busy.as_ref(),
            Self::NoAnswer => forwarding.no_answer.as_ref(),
            Self::Offline => forwarding.offline.as_ref(),
        }
    }

    /// What the failure of all places of a phone means to it.
    fn of(refused: &Refused) -> Option<Self> {
        use EndReason::*;
        match (refused.reason, refused.status) {
            (CalleeBusy, _) | (_, 486 | 600 | 603) => Some(Self::Busy),
            (NoAnswer | TryingTimeout | ProgressTimeout | EarlyMediaTimeout, _) | (_, 408 | 480) => {
                Some(Self::NoAnswer)
            }
            (GatewayUnreachable, _) => Some(Self::Offline),
            _ => None,
        }
    }
}

impl Call {
    /// Finds who may take the called number, in which order: a phone, or where it sends its calls; else gateways.
    pub(super) fn aim(&mut self, desk: &Desk, now: Moment) -> Result<(), Refused> {
        let number = &self.numbers.callee_out;
        let (phone, why, otherwise) = match desk.environment.registrar.reach(now.since_epoch(), number) {
            Reach::NoPhone => {
                let gateways = routing::candidates(&self.tables, number);
                return self.go_to(gateways.into_iter().map(Destination::Trunk).collect());
            }
            Reach::Rings(phone, targets) => {
                let at = |target| Destination::Phone(phone.clone(), Arc::new(target));
                let places = targets.into_iter().map(at).collect();
                self.rung = Some(phone);
                return self.go_to(places);
            }
            Reach::Disabled => return Err(EndReason::PhoneOffline.into()),
            Reach::Forwarded(phone) => (phone, Why::Always, EndReason::PhoneOffline),
            Reach::Busy(phone) => (phone, Why::Busy, EndReason::DoNotDisturb),
            Reach::Offline(phone) => (phone, Why::Offline, EndReason::PhoneOffline),
        };
        self.divert(desk, now, &phone, why).unwrap_or(Err(otherwise.into()))
    }

    fn go_to(&mut self, route: std::collections::VecDeque<Destination>) -> Result<(), Refused> {
        self.route = route;
        if self.route.is_empty() { Err(EndReason::NoAvailableRouter.into()) } else { Ok(()) }
    }

    /// The phone that rang did not take the call: sends it on, if the phone wants that for this failure. Tells whether there is
    /// somebody else to be tried now, or why not; none when the failure stands.
    pub(super) fn divert_after(
        &mut self,
        desk: &Desk,
        now: Moment,
        failure: &Refused,
    ) -> Option<Result<(), Refused>> {
        let phone = self.rung.take()?;
        self.divert(desk, now, &phone, Why::of(failure)?)
    }

    /// Sends the call on; none when the phone has nowhere to for this reason.
    fn divert(
        &mut self,
        desk: &Desk,
        now: Moment,
        phone: &Arc<Phone>,
        why: Why,
    ) -> Option<Result<(), Refused>> {
        let target = why.target(&phone.settings().forwarding)?.clone();
        Some(self.divert_to(desk, now, phone, why, &target))
    }

    fn divert_to(
        &mut self,
        desk: &Desk,
        now: Moment,
        phone: &Arc<Phone>,
        why: Why,
        target: &ForwardTarget,
    ) -> Result<(), Refused> {
        let circle = self.diversions.iter().any(|earlier| earlier.phone.id() == phone.id());
        if circle || self.diversions.len() >= MOST {
            return Err(EndReason::DivertedTooOften.into());
        }
        let environment = &desk.environment;
        let account = self.tables.account(phone.settings().account).ok_or(EndReason::InternalError)?;
        if account.settings.status == AccountStatus::Locked {
            return Err(not_here(EndReason::AccountLocked));
        }
        let line = environment.phone_lines.take(phone.id(), phone.settings().max_calls);
        let called = self.numbers.callee_out.clone();
        let number = match target {
            ForwardTarget::Number(number) => number.as_str().to_owned(),
            ForwardTarget::Gateway(_) => called.clone(),
        };
        let mut payer = Payer::new(account.clone());
        payer.price = self.tables.price(account, &number);
        if payer.price.is_none() && !is_phone_of(desk, &number, account.id) {
            return Err(not_here(EndReason::NoRate));
        }
        payer.reserve(environment, self.rules.advance.seconds()).map_err(not_here)?;
        self.numbers.callee_out.clone_from(&number);
        self.diversions.push(Diversion {
            id: CallId(new_id(now)),
            phone: phone.clone(),
            why,
            called,
            number,
            at: now,
            payer,
            attempts: self.attempts.len(),
            _line: line.ok_or(EndReason::CalleeBusy)?,
        });
        self.last_tried = None;
        self.last_answer = None;
        self.detours.clear();
        match target {
            ForwardTarget::Number(_) => self.aim(desk, now),
            ForwardTarget::Gateway(id) => {
                let gateway = self.tables.routing_gateway(*id).cloned();
                self.go_to(gateway.map(Destination::Trunk).into_iter().collect())
            }
        }
    }

    /// Everybody who pays, in the order of the way.
    pub(super) fn payers_mut(&mut self) -> impl Iterator<Item = &mut Payer> {
        std::iter::once(&mut self.payer)
            .chain(self.diversions.iter_mut().map(|diversion| &mut diversion.payer))
    }
}

/// What the phone's account cannot pay for is no matter of the caller's: to them the phone is not there.
fn not_here(reason: EndReason) -> Refused {
    Refused { reason, status: EndReason::PhoneOffline.sip().0 }
}

/// Whether a number is a phone of this account.
pub(super) fn is_phone_of(desk: &Desk, number: &str, account: domain::AccountId) -> bool {
    desk.environment.registrar.find(number).is_some_and(|phone| phone.settings().account == account)
}

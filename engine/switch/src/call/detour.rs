//! What comes before the rest of the route: the same gateway once more (in another way, at another of its places), or where a
//! gateway's redirection leads (RFC 3261 §8.1.3.4, RFC 3263 §4.3).

use domain::{EndReason, GatewayAddress, Redirects, RoutingGateway};
use sip::{HeaderName, Message, SipUri};

use super::{
    Call, Desk, Destination, Moment,
    leg::{CalleeLeg, Tried},
};

/// Redirections that one call follows.
const MOST_FOLLOWED: usize = 8;
/// Longest target that a caller is passed.
const LONGEST_TARGET: usize = 512;

/// Whom to ask for which number.
pub(crate) struct Detour {
    pub(super) to: Destination,
    pub(super) number: String,
    /// How many of its places have been tried.
    pub(super) place: usize,
}

impl Detour {
    /// The same as before.
    pub(super) fn again(tried: &Tried) -> Self {
        Self { to: tried.to.clone(), number: tried.number.clone(), place: tried.place }
    }
}

impl Call {
    /// Whom to ask next.
    pub(super) fn next_target(&mut self) -> Option<Detour> {
        self.detours.pop_front().or_else(|| {
            let to = self.route.pop_front()?;
            Some(Detour { to, number: self.numbers.callee_out.clone(), place: 0 })
        })
    }

    /// A gateway whose name has several addresses is asked at the next one when this one gave no answer, or 503.
    pub(super) fn try_other_place(
        &mut self,
        desk: &Desk,
        leg: &CalleeLeg,
        code: Option<u16>,
        reason: EndReason,
    ) {
        let failed = match code {
            Some(code) => code == 503,
            None => matches!(reason, EndReason::GatewayTimeout | EndReason::GatewayUnreachable),
        };
        let Some(gateway) = leg.tried.to.gateway().filter(|_| failed) else { return };
        desk.environment.reach.doubt(gateway.id);
        if gateway.settings.address.name().is_some() {
            desk.environment.places.complain();
        }
        let place = leg.tried.place + 1;
        if !leg.committed && desk.environment.places.of(gateway, place).is_some() {
            self.detours.push_front(Detour { place, ..Detour::again(&leg.tried) });
        }
    }

    /// A gateway that is out of service says for how long (RFC 3261 §21.5.4). One with another place is asked there.
    pub(super) fn note_pause(&self, desk: &Desk, now: Moment, code: u16, response: &Message) {
        let Some(leg) = self.callee.as_ref().filter(|leg| code == 503 && leg.rules.retry_after) else {
            return;
        };
        let Some(gateway) = leg.tried.to.gateway() else { return };
        let elsewhere = desk.environment.places.of(gateway, leg.tried.place + 1).is_some();
        if let Some(length) = response.retry_after().filter(|_| !elsewhere) {
            desk.environment.vendor_pauses.pause(gateway.id, now.steady, length);
        }
    }

    /// A 3xx.
    pub(super) fn on_redirection(&mut self, desk: &mut Desk, now: Moment, code: u16, response: &Message) {
        let Some(leg) = &self.callee else { return };
        // A phone's wish to be called elsewhere is its owner's to set here (call forwarding).
        let redirects = leg.tried.to.gateway().map(|gateway| gateway.settings.redirects).unwrap_or_default();
        match redirects {
            Redirects::Refuse => {}
            Redirects::Follow if leg.committed => {}
            Redirects::Follow => self.follow(response),
            Redirects::Pass => {
                let targets =
                    response.list(HeaderName::Contact).filter(|target| target.len() <= LONGEST_TARGET);
                self.redirected = targets.take(MOST_FOLLOWED).map(str::to_owned).collect();
                if !self.redirected.is_empty() {
                    self.route.clear();
                }
            }
        }
        self.attempt_failed(desk, now, Some(code), EndReason::CalleeRejected);
    }

    /// Notes the targets that are gateways of ours and take the number; a target that was followed before is a loop.
    fn follow(&mut self, response: &Message) {
        let mut found = Vec::new();
        for target in response.redirect_targets() {
            let Some(number) = target.uri.decoded_user() else { continue };
            let number = number.split(';').next().unwrap_or_default().trim_start_matches('+').to_owned();
            if number.is_empty() || number.len() > 40 || !number.bytes().all(|b| b.is_ascii_digit()) {
                continue;
            }
            let candidates = routing::candidates(&self.tables, &number);
            let Some(gateway) = candidates.into_iter().find(|gateway| leads_to(&target.uri, gateway)) else {
                continue;
            };
            let step = (gateway.id, number);
            let asked = self.followed.contains(&step)
                || self
                    .last_tried
                    .as_ref()
                    .is_some_and(|t| t.to.trunk() == Some(step.0) && t.number == step.1);
            if !asked && self.followed.len() < MOST_FOLLOWED {
                self.followed.push(step.clone());
                found.push(Detour { to: Destination::Trunk(gateway), number: step.1, place: 0 });
            }
        }
        found.into_iter().rev().for_each(|detour| self.detours.push_front(detour));
    }
}

/// Whether a target is where this gateway is.
fn leads_to(target: &SipUri, gateway: &RoutingGateway) -> bool {
    match &gateway.settings.address {
        GatewayAddress::At(address) => target.socket_addr().is_some_and(|at| at == *address),
        GatewayAddress::Named(name) => {
            target.host.eq_ignore_ascii_case(&name.host) && (target.port == name.port || name.port.is_none())
        }
    }
}

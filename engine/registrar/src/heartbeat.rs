//! Datagrams that keep the way to phones behind address translation open (decision 26).

use std::time::Duration;

use domain::{Parameter, ParameterValues};
use sip::Flow;

use crate::registrar::Registrar;

/// What is sent, how often, and how many at a time.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct HeartbeatPlan {
    /// The datagram; empty sends nothing.
    pub message: String,
    /// How often each phone is reached.
    pub period: Duration,
    /// The pause between two bursts.
    pub pause: Duration,
    /// Datagrams in a burst, one per contact.
    pub burst: usize,
}

impl HeartbeatPlan {
    /// By the parameters `SS_SIP_NAT_KEEP_ALIVE_*`.
    pub fn of(values: &ParameterValues) -> Self {
        Self {
            message: values.text(Parameter::SS_SIP_NAT_KEEP_ALIVE_MESSAGE).to_owned(),
            period: values.seconds(Parameter::SS_SIP_NAT_KEEP_ALIVE_PERIOD),
            pause: values.seconds(Parameter::SS_SIP_NAT_KEEP_ALIVE_SEND_INTERVAL),
            burst: values.whole(Parameter::SS_SIP_NAT_KEEP_ALIVE_SEND_ONE_TIME) as usize,
        }
    }
}

/// Walks over all phones behind address translation, once a period, in bursts. When a period is over before the walk is, it
/// begins anew, and those at the end are missed.
#[derive(Debug, Default)]
pub struct Heartbeat {
    begun: Option<Duration>,
    next: usize,
}

impl Heartbeat {
    /// The ways to send a datagram along now, and when to ask again. Times are since any fixed moment that `now` and the
    /// bindings share.
    pub fn burst(
        &mut self,
        now: Duration,
        registrar: &Registrar,
        plan: &HeartbeatPlan,
    ) -> (Vec<Flow>, Duration) {
        if plan.message.is_empty() {
            *self = Self::default();
            return (Vec::new(), now + plan.period);
        }
        if self.begun.is_none_or(|begun| now >= begun + plan.period || now < begun) {
            *self = Self { begun: Some(now), next: 0 };
        }
        let directory = registrar.directory.load();
        let mut ways = Vec::new();
        while ways.len() < plan.burst && self.next < directory.lines.len() {
            let bindings = directory.lines[self.next].bindings();
            let behind = bindings.as_ref().into_iter().flat_map(|bindings| bindings.live(now));
            ways.extend(
                behind
                    .filter(|binding| binding.nat && !binding.is_on_connection())
                    .map(|binding| binding.flow),
            );
            self.next += 1;
        }
        let begun = self.begun.unwrap_or(now);
        let over = self.next >= directory.lines.len();
        (ways, if over { begun + plan.period } else { (now + plan.pause).min(begun + plan.period) })
    }
}

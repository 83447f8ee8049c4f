//! The check of one gateway.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use domain::{GatewayState, GatewayStatus, Happened, RoutingGateway};
use sip::Flow;

use super::Sign;
use crate::call::Moment;

/// What a check has found.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Found {
    /// It is there.
    Answer { code: u16, round_trip: Duration },
    /// It is there and takes no calls (503).
    Refusal,
    /// Nobody answers.
    Nobody,
}

pub(super) struct Check {
    pub(super) gateway: Arc<RoutingGateway>,
    /// Time between two checks; none does not ask.
    pub(super) period: Option<Duration>,
    pub(super) sign: Arc<Sign>,
    /// Its place in the agenda; none while it is asked.
    pub(super) due: Option<Instant>,
    /// The question on its way.
    pub(super) asking: Option<u64>,
    pub(super) asked_at: Option<Instant>,
    /// Where it was asked last.
    pub(super) flow: Option<Flow>,
    /// It has answered since the start.
    has_answered: bool,
}

impl Check {
    pub(super) fn new(gateway: Arc<RoutingGateway>, now: Moment) -> Self {
        let status = GatewayStatus {
            gateway: gateway.id,
            state: GatewayState::Unchecked,
            since: now.wall,
            way: None,
            round_trip_us: None,
            code: None,
            asked: None,
            period: None,
        };
        Self {
            gateway,
            period: None,
            sign: Arc::new(Sign::new(status)),
            due: None,
            asking: None,
            asked_at: None,
            flow: None,
            has_answered: false,
        }
    }

    /// Whether it asks where this gateway is: another address begins anew.
    pub(super) fn is_about(&self, gateway: &RoutingGateway) -> bool {
        let (known, now) = (&self.gateway.settings, &gateway.settings);
        known.address == now.address && known.transport == now.transport && known.local == now.local
    }

    pub(super) fn take_up(&mut self, gateway: Arc<RoutingGateway>, period: Option<Duration>, now: Moment) {
        self.gateway = gateway;
        let mut status = (*self.sign.status()).clone();
        let state = match (self.period, period) {
            (_, None) => GatewayState::Unchecked,
            (None, Some(_)) => GatewayState::Waiting,
            (Some(_), Some(_)) => status.state,
        };
        if period.is_none() {
            (self.asking, self.has_answered) = (None, false);
        }
        self.period = period;
        let seconds = period.and_then(|period| u32::try_from(period.as_secs()).ok());
        if status.state != state || status.period != seconds {
            if status.state != state {
                (status.state, status.since) = (state, now.wall);
            }
            status.period = seconds;
            self.sign.set(status);
        }
    }

    /// Takes up what was found; what others are to be told.
    pub(super) fn conclude(&mut self, now: Moment, found: Found) -> Option<Happened> {
        let before = self.sign.status();
        let state = match found {
            Found::Answer { .. } => GatewayState::Online,
            Found::Refusal => GatewayState::Unavailable,
            Found::Nobody if self.has_answered => GatewayState::Offline,
            Found::Nobody => GatewayState::Silent,
        };
        self.has_answered |= found != Found::Nobody;
        let (code, round_trip) = match found {
            Found::Answer { code, round_trip } => (Some(code), Some(round_trip)),
            Found::Refusal => (Some(503), None),
            Found::Nobody => (None, None),
        };
        let status = GatewayStatus {
            gateway: self.gateway.id,
            state,
            since: if before.state == state { before.since } else { now.wall },
            way: self.flow.map(|flow| format!("{} {}", flow.transport.as_str(), flow.remote)),
            round_trip_us: round_trip.map(|time| u32::try_from(time.as_micros()).unwrap_or(u32::MAX)),
            code,
            asked: Some(now.wall),
            period: before.period,
        };
        let changed = before.state.is_away() != state.is_away();
        let happened = changed.then(|| Happened::Gateway {
            gateway: self.gateway.id,
            name: self.gateway.settings.name.to_string(),
            online: !state.is_away(),
            way: status.way.clone(),
            code,
        });
        self.sign.set(status);
        happened
    }
}

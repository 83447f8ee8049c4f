//! What all shards share.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU32, AtomicU64, Ordering},
    },
    time::Duration,
};

use arc_swap::ArcSwap;
use domain::{MappingGatewayId, RoutingGatewayId};
use media::MediaPlane;
use routing::Tables;
use sip::{SessionPolicy, guard::Refused};

use crate::{
    account::{Lines, Purses},
    listener::Listeners,
};

/// Read by every call and never locked.
pub(crate) struct Environment {
    /// Where far ends reach us, for Contact, Via and From.
    pub(crate) listeners: Listeners,
    /// The configuration of this moment.
    pub(crate) tables: ArcSwap<Tables>,
    pub(crate) purses: Purses,
    pub(crate) customer_lines: Lines<MappingGatewayId>,
    pub(crate) vendor_lines: Lines<RoutingGatewayId>,
    pub(crate) plane: MediaPlane,
    pub(crate) counters: Counters,
    pub(crate) rules: Rules,
}

/// System-wide behaviour, with the defaults of the parameter catalogue.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rules {
    /// `SERVER_BILLING_HOLD_TIME_PRECISION`.
    pub(crate) hold_time_precision: billing::HoldTimePrecision,
    /// `SERVER_BILLING_PREVENT_OVERDRAFT_ADVANCE_TIME`.
    pub(crate) advance: billing::AdvanceMinutes,
    /// `SS_BILLINGUNIT`.
    pub(crate) billing_unit: domain::BillingUnit,
    /// `SS_SIP_TIMEOUT_INVITE`: nothing was heard.
    pub(crate) invite_timeout: Duration,
    /// `SS_SIP_TIMEOUT_TRYING`: only a 100.
    pub(crate) trying_timeout: Duration,
    /// `SS_SIP_TIMEOUT_SESSION_PROGRESS`: a 183 without SDP.
    pub(crate) progress_timeout: Duration,
    /// `SS_SIP_TIMEOUT_SESSION_PROGRESS_SDP`: a 183 with SDP.
    pub(crate) early_media_timeout: Duration,
    /// `SS_SIP_TIMEOUT_RINGING`: a 180.
    pub(crate) ringing_timeout: Duration,
    /// `SS_SIP_SESSION_TTL`, `SS_SIP_SESSION_UPDATE_SEGMENT`, `SS_SIP_SESSION_TIMEOUT_EARLY_HANGUP`.
    pub(crate) session: SessionPolicy,
    /// `SS_SIP_NO_TIMER_REINVITE_INTERVAL`: longest call whose caller knows no session timer.
    pub(crate) no_timer_limit: Option<Duration>,
    /// `SS_MAXCALLDURATION`.
    pub(crate) max_duration: Option<Duration>,
    /// Time between two checkpoints of a talking call.
    pub(crate) checkpoint_every: Duration,
    /// Calls that the whole switch may have.
    pub(crate) most_calls: u32,
}

impl Default for Rules {
    fn default() -> Self {
        let seconds = Duration::from_secs;
        Self {
            hold_time_precision: billing::HoldTimePrecision::default(),
            advance: billing::AdvanceMinutes::default(),
            billing_unit: domain::BillingUnit::SECOND,
            invite_timeout: seconds(10),
            trying_timeout: seconds(20),
            progress_timeout: seconds(20),
            early_media_timeout: seconds(120),
            ringing_timeout: seconds(120),
            session: SessionPolicy::default(),
            no_timer_limit: Some(seconds(7200)),
            max_duration: None,
            checkpoint_every: seconds(5),
            most_calls: 50_000,
        }
    }
}

/// Counts for people and metrics; each is exact, together they are a moment's picture.
#[derive(Default)]
pub(crate) struct Counters {
    pub(crate) active: AtomicU32,
    pub(crate) calls: AtomicU64,
    pub(crate) answered: AtomicU64,
    pub(crate) unknown_source: AtomicU64,
    pub(crate) malformed: AtomicU64,
    /// Refused unread, by reason.
    pub(crate) refused: [AtomicU64; Refused::ALL.len()],
    /// Calls of the last whole second.
    pub(crate) per_second: AtomicU32,
}

/// One call in the count of active ones; counted out when dropped.
pub(crate) struct Counted(Arc<Environment>);

impl Counted {
    /// Counts a call in, unless the switch has all it may have.
    pub(crate) fn enter(environment: &Arc<Environment>) -> Option<Self> {
        let (counters, most) = (&environment.counters, environment.rules.most_calls);
        counters.calls.fetch_add(1, Ordering::Relaxed);
        counters
            .active
            .fetch_update(Ordering::AcqRel, Ordering::Relaxed, |n| (n < most).then_some(n + 1))
            .ok()
            .map(|_| Self(environment.clone()))
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        self.0.counters.active.fetch_sub(1, Ordering::AcqRel);
    }
}

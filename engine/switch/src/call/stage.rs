use std::{collections::VecDeque, sync::Arc, time::Instant};

use chrono::{DateTime, Utc};
use domain::{Attempt, CallId, RoutingGatewayId, SipCode};
use routing::Tables;
use sip::{Message, ServerId, SessionAsk};

use crate::{
    account::Line,
    call::{
        Alarms, Destination, Moment, Source,
        detour::Detour,
        divert::Diversion,
        leg::{CalleeLeg, CallerLeg, Tried},
        pass::Referral,
        payer::Payer,
        reoffer::Reoffer,
        talk::Talk,
    },
    environment::Counted,
    rules::{RuleBook, Rules},
};

/// A call of a known source.
pub(crate) struct Call {
    pub(crate) id: CallId,
    pub(crate) stage: Stage,
    /// When the INVITE arrived.
    pub(crate) started: Moment,
    pub(crate) ringing_at: Option<DateTime<Utc>>,
    pub(crate) answered: Option<Answered>,
    /// The tables it was set up with: a change touches only calls that come after it.
    pub(crate) tables: Arc<Tables>,
    /// The parameters of that moment; `rules` are those of the caller's side.
    pub(crate) book: Arc<RuleBook>,
    pub(crate) rules: Arc<Rules>,
    pub(crate) source: Source,
    /// Who pays.
    pub(crate) payer: Payer,
    pub(crate) numbers: Numbers,
    pub(crate) caller: CallerLeg,
    pub(crate) callee: Option<CalleeLeg>,
    /// Other places of the same phone that ring at the same time.
    pub(crate) beside: Vec<CalleeLeg>,
    /// Who is still to be tried.
    pub(crate) route: VecDeque<Destination>,
    /// What comes before them: one of them once more, or where a gateway leads to.
    pub(crate) detours: VecDeque<Detour>,
    /// Redirections followed so far.
    pub(crate) followed: Vec<(RoutingGatewayId, String)>,
    /// The targets of a redirection that the caller gets.
    pub(crate) redirected: Vec<String>,
    /// The phone whose places are being asked.
    pub(crate) rung: Option<Arc<registrar::Line>>,
    /// Phones that have sent the call on.
    pub(crate) diversions: Vec<Diversion>,
    /// Who was asked last, or is being asked.
    pub(crate) last_tried: Option<Arc<Tried>>,
    /// Gateways that were asked and did not answer the call.
    pub(crate) attempts: Vec<Attempt>,
    /// The final answer of the last gateway that gave one.
    pub(crate) last_answer: Option<SipCode>,
    pub(crate) talk: Option<Talk>,
    pub(crate) reoffer: Option<Reoffer>,
    /// Transfers that one side asked of the other.
    pub(crate) referrals: Vec<Referral>,
    /// Requests of the called side that wait for the caller's ACK.
    pub(crate) kept: Vec<(ServerId, Message)>,
    /// What the next INVITE asks for about session timers, after a 422.
    pub(crate) next_ask: Option<SessionAsk>,
    /// No connection came about to the gateway that is asked again: this time by datagrams.
    pub(crate) unconnectable: bool,
    pub(crate) alarms: Alarms,
    /// Held while the call lives.
    pub(crate) _line: Option<Line>,
    pub(crate) _counted: Option<Counted>,
}

/// Where a call stands; the module's table has the transitions.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Stage {
    /// Gateways are being asked.
    Dialling,
    /// The caller has been told of ringing or progress.
    Ringing,
    /// The callee has answered; the caller is told when the spool has it. The SDP is for the caller.
    Confirming(Option<Vec<u8>>),
    /// Both sides have been told of the answer.
    Talking,
    /// Recorded. Nothing may happen to it any more.
    Over,
}

/// The answer.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Answered {
    pub(crate) at: DateTime<Utc>,
    pub(crate) steady: Instant,
}

/// The numbers of a call, as received and as sent on.
#[derive(Clone, Debug)]
pub(crate) struct Numbers {
    /// Display name of From, passed on unchanged (decision 20, Ignore).
    pub(crate) display: Option<String>,
    pub(crate) caller_in: String,
    pub(crate) callee_in: String,
    pub(crate) caller_out: String,
    pub(crate) callee_out: String,
}

impl Call {
    /// True once it has been recorded.
    pub(crate) fn is_over(&self) -> bool {
        self.stage == Stage::Over
    }
}

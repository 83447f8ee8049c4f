//! The path of a call: receive → identify → screen → rewrite → authorise → route → reserve → dial. What follows stands in
//! `answer.rs` (bridge) and `ending.rs` (settle, record).

use std::sync::Arc;
use std::sync::atomic::Ordering;

use domain::{AccountStatus, CallId, CalledNumber, EndReason, ReleaseSide};
use rand::Rng;
use routing::Tables;
use sip::{Dialog, Flow, HeaderName, Message, ServerId, TimerOffer};

use super::{
    Call, Desk, Moment, Source,
    divert::is_phone_of,
    ending::is_supported,
    identity::heard,
    leg::{CallerLeg, Reliability},
    payer::Payer,
    record::printable,
    stage::{Numbers, Stage},
    talk::Talk,
};
use crate::{environment::Counted, phone};

/// Characters of a number that a record keeps: enough to show why one that is too long was refused.
const LONGEST_SHOWN: usize = 64;

/// A refusal: why, and with which status if not the reason's own.
pub(super) struct Refused {
    pub(super) reason: EndReason,
    pub(super) status: u16,
}

impl From<EndReason> for Refused {
    fn from(reason: EndReason) -> Self {
        Self { reason, status: reason.sip().0 }
    }
}

/// Takes an INVITE that opens a call. Gives the call while it is in progress; one that was refused has been answered and, when
/// its source is known, recorded.
pub(crate) fn receive(
    desk: &mut Desk,
    now: Moment,
    server: ServerId,
    flow: Flow,
    invite: Message,
) -> Option<Call> {
    let tables = desk.environment.tables.load_full();
    let mut call = identify(desk, tables, now, server, flow, &invite)?;
    let trying = sip::reply(&invite, 100, None, None);
    desk.endpoint.respond(now.steady, server, trying);

    let admitted = call
        .screen(desk)
        .and_then(|()| call.rewrite())
        .and_then(|()| call.authorise(desk))
        .and_then(|()| call.route(desk, now))
        .and_then(|()| call.reserve(desk))
        .and_then(|()| call.open_media(desk));
    match admitted {
        Ok(()) => call.dial_next(desk, now),
        Err(refused) => call.refuse(desk, now, refused, ReleaseSide::Switch),
    }
    (call.stage != Stage::Over).then_some(call)
}

/// A source that nobody knows is answered or left waiting (`SS_REPLY_UNAUTHORIZED`).
pub(crate) fn refuse_stranger(desk: &mut Desk, now: Moment, server: ServerId, request: &Message) {
    count_stranger(desk);
    let answered = desk.environment.rules.load().system.reply_unauthorized;
    desk.recorder.explain(trace::Fate::UnknownSource { answered });
    if answered {
        let forbidden = sip::reply(request, 403, None, Some(&desk.endpoint.new_tag()));
        desk.endpoint.answer_and_forget(server, forbidden);
    } else {
        desk.endpoint.ignore(now.steady, server);
    }
}

pub(crate) fn count_stranger(desk: &Desk) {
    desk.environment.counters.unknown_source.fetch_add(1, Ordering::Relaxed);
}

/// Whose call is it? A source that no mapping gateway has is a phone's, if it proves to be one, or nobody's (decision 22); who
/// cannot be told has been answered.
fn identify(
    desk: &mut Desk,
    tables: Arc<Tables>,
    now: Moment,
    server: ServerId,
    flow: Flow,
    invite: &Message,
) -> Option<Call> {
    let book = desk.environment.rules.load_full();
    let source = match tables.mapping_gateway_at(flow.remote) {
        Some(gateway) => Source::Trunk(gateway.clone()),
        None => phone::admit(desk, now, server, flow, invite)?,
    };
    let Some(account) = tables.account(source.account()).cloned() else {
        refuse_stranger(desk, now, server, invite);
        return None;
    };
    let tag = desk.endpoint.new_tag();
    let heard = heard(invite, source.identity());
    let rules = source.rules(&book);
    rules.answer_along(&mut desk.endpoint, server, flow, invite);
    let id = CallId(new_id(now));
    desk.servers.insert(server, id);
    desk.note_stream(flow, id);
    desk.recorder.belongs(now.wall, id, invite.call_id());
    desk.tags.insert(tag.clone(), (id, media::Side::Caller));
    Some(Call {
        id,
        stage: Stage::Dialling,
        started: now,
        rules,
        book,
        ringing_at: None,
        answered: None,
        payer: Payer::new(account),
        tables,
        numbers: Numbers {
            display: source.display(heard.display),
            caller_out: String::new(),
            callee_out: String::new(),
            caller_in: printable(&heard.caller, LONGEST_SHOWN),
            callee_in: printable(&heard.callee, LONGEST_SHOWN),
        },
        source,
        caller: CallerLeg {
            server,
            dialog: Dialog::uas(invite, &tag, flow, desk.contact(&flow)).ok(),
            invite: invite.clone(),
            flow,
            tag,
            reliability: reliability(invite),
            offer: TimerOffer::of(invite),
            agreed: None,
            early_answer: Default::default(),
            watch: None,
            acknowledged: false,
        },
        callee: None,
        beside: Vec::new(),
        route: Default::default(),
        detours: Default::default(),
        followed: Vec::new(),
        redirected: Vec::new(),
        rung: None,
        diversions: Vec::new(),
        last_tried: None,
        attempts: Vec::new(),
        last_answer: None,
        talk: None,
        reoffer: None,
        referrals: Vec::new(),
        kept: Vec::new(),
        next_ask: None,
        unconnectable: false,
        alarms: super::Alarms::default(),
        _line: None,
        _counted: None,
    })
}

impl Call {
    /// May this source place a call now, and can we understand it?
    fn screen(&mut self, desk: &mut Desk) -> Result<(), Refused> {
        let invite = &self.caller.invite;
        self._counted = Counted::enter(&desk.environment);
        if self._counted.is_none() {
            return Err(EndReason::CapacityLimit.into());
        }
        if invite.max_forwards() == Some(0) {
            return Err(EndReason::TooManyHops.into());
        }
        if self.caller.dialog.is_none() {
            return Err(Refused { reason: EndReason::SignallingLost, status: 400 });
        }
        // RFC 3261 §8.2.2.3.
        if invite.list(HeaderName::Require).any(|option| !is_supported(option)) {
            return Err(Refused { reason: EndReason::CalleeRejected, status: 420 });
        }
        self.caller.agreed = match self.rules.session.answer(&self.caller.offer) {
            Ok(agreed) => agreed,
            Err(_) => return Err(EndReason::SessionIntervalTooSmall.into()),
        };
        if self.payer.account.settings.status == AccountStatus::Locked {
            return Err(EndReason::AccountLocked.into());
        }
        self._line = self.source.line(&desk.environment);
        if self._line.is_none() {
            return Err(match self.source {
                Source::Trunk(_) => EndReason::MappingGatewayBusy.into(),
                Source::Phone(_) => EndReason::PhoneLinesBusy.into(),
            });
        }
        Ok(())
    }

    /// Gives the numbers the form in which they are routed, rated and sent on.
    fn rewrite(&mut self) -> Result<(), Refused> {
        let called: CalledNumber = self.numbers.callee_in.parse().map_err(|_| EndReason::InvalidNumber)?;
        self.numbers.callee_out = called.as_str().to_owned();
        self.numbers.caller_out = self.source.shown(&self.numbers.caller_in);
        Ok(())
    }

    /// Is there a price? Nobody calls for free by a gap in a rate table, except among the phones of one account.
    fn authorise(&mut self, desk: &Desk) -> Result<(), Refused> {
        self.payer.price = self.tables.price(&self.payer.account, &self.numbers.callee_out);
        if self.payer.price.is_none() && !self.is_internal(desk) {
            Err(EndReason::NoRate.into())
        } else {
            Ok(())
        }
    }

    /// Whether a phone calls another one of its account.
    fn is_internal(&self, desk: &Desk) -> bool {
        self.source.phone().is_some() && is_phone_of(desk, &self.numbers.callee_out, self.payer.account.id)
    }

    /// Who may take it, in which order?
    fn route(&mut self, desk: &Desk, now: Moment) -> Result<(), Refused> {
        self.aim(desk, now)
    }

    /// Is the money there? Holds the first window (decision 8).
    fn reserve(&mut self, desk: &mut Desk) -> Result<(), Refused> {
        let window = self.rules.advance.seconds();
        self.payer.reserve(&desk.environment, window).map_err(Refused::from)
    }

    /// Is there a way for the sound?
    fn open_media(&mut self, desk: &mut Desk) -> Result<(), Refused> {
        let invite = &self.caller.invite;
        let mut caller = self.caller.flow.remote.into();
        if !invite.body().is_empty() {
            if !is_sdp(invite) {
                return Err(Refused { reason: EndReason::MediaRefused, status: 415 });
            }
            let offer = media::sdp::Sdp::parse(invite.body()).ok().and_then(|sdp| sdp.audio());
            let live = offer.filter(|audio| !audio.is_rejected()).ok_or(EndReason::MediaRefused)?;
            if !live.rtp.ip().is_unspecified() {
                caller = live.rtp.into();
            }
        }
        // As it will be met first, most likely: whoever is dialled in the end decides.
        let callee = self.route.front().and_then(|to| to.family()).unwrap_or(caller);
        let session = desk.environment.plane.open(caller, callee).map_err(|_| EndReason::NoMediaPort)?;
        let mut random = rand::rng();
        let mut talk = Talk::new(session, [random.next_u64(), random.next_u64()]);
        talk.believe(media::Side::Caller, self.rules.only_described);
        self.talk = Some(talk);
        Ok(())
    }
}

fn reliability(invite: &Message) -> Reliability {
    let names_it = |name| invite.list(name).any(|option| option.eq_ignore_ascii_case("100rel"));
    if names_it(HeaderName::Require) {
        Reliability::Required
    } else if names_it(HeaderName::Supported) {
        Reliability::Supported
    } else {
        Reliability::Unknown
    }
}

/// True when the body is a session description.
pub(super) fn is_sdp(message: &Message) -> bool {
    let kind = message.content_type().unwrap_or_default();
    kind.split(';').next().unwrap_or_default().trim().eq_ignore_ascii_case("application/sdp")
}

/// A UUIDv7 of the moment the call arrived (decision 35).
pub(super) fn new_id(now: Moment) -> uuid::Uuid {
    let random: [u8; 10] = rand::random();
    uuid::Builder::from_unix_timestamp_millis(
        u64::try_from(now.wall.timestamp_millis()).unwrap_or_default(),
        &random,
    )
    .into_uuid()
}

//! The path of a call: receive → identify → screen → rewrite → authorise → route → reserve → dial. What follows stands in
//! `answer.rs` (bridge) and `ending.rs` (settle, record).

use std::sync::Arc;
use std::sync::atomic::Ordering;

use domain::{AccountStatus, CallId, CalledNumber, EndReason, ReleaseSide};
use rand::Rng;
use routing::Tables;
use sip::{Dialog, Flow, HeaderName, Message, ServerId, SipUri, TimerOffer};

use super::{
    Call, Desk, Moment,
    ending::is_supported,
    leg::{CallerLeg, Reliability},
    record::printable,
    stage::{Numbers, Stage},
    talk::Talk,
};
use crate::{account::Hold, environment::Counted};

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
    let Some(mut call) = identify(desk, tables, now, server, flow, &invite) else {
        refuse_stranger(desk, now, server, &invite);
        return None;
    };
    let trying = sip::reply(&invite, 100, None, None);
    desk.endpoint.respond(now.steady, server, trying);

    let admitted = call
        .screen(desk)
        .and_then(|()| call.rewrite())
        .and_then(|()| call.authorise())
        .and_then(|()| call.route())
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
    desk.environment.counters.unknown_source.fetch_add(1, Ordering::Relaxed);
    if desk.environment.rules.load().system.reply_unauthorized {
        let forbidden = sip::reply(request, 403, None, Some(&desk.endpoint.new_tag()));
        desk.endpoint.respond(now.steady, server, forbidden);
    } else {
        desk.endpoint.ignore(now.steady, server);
    }
}

/// Whose call is it? A source that no mapping gateway has is nobody's (decision 22).
fn identify(
    desk: &mut Desk,
    tables: Arc<Tables>,
    now: Moment,
    server: ServerId,
    flow: Flow,
    invite: &Message,
) -> Option<Call> {
    let book = desk.environment.rules.load_full();
    let gateway = tables.mapping_gateway_at(flow.remote)?.clone();
    let account = tables.account(gateway.settings.account)?.clone();
    let tag = desk.endpoint.new_tag();
    let callee_in = called_user(invite);
    let (display, caller_in) = match invite.from() {
        Ok(from) => (from.display, from.uri.user.unwrap_or_default()),
        Err(_) => (None, String::new()),
    };
    let id = CallId(new_id(now));
    desk.servers.insert(server, id);
    desk.tags.insert(tag.clone(), (id, media::Side::Caller));
    Some(Call {
        id,
        stage: Stage::Dialling,
        started: now,
        rules: book.of_caller(gateway.id),
        book,
        ringing_at: None,
        answered: None,
        gateway,
        account,
        tables,
        numbers: Numbers {
            display,
            caller_out: String::new(),
            callee_out: String::new(),
            caller_in: printable(&caller_in, LONGEST_SHOWN),
            callee_in: printable(&callee_in, LONGEST_SHOWN),
        },
        caller: CallerLeg {
            server,
            dialog: Dialog::uas(invite, &tag, flow, desk.contact(&flow)).ok(),
            invite: invite.clone(),
            flow,
            tag,
            reliability: reliability(invite),
            offer: TimerOffer::of(invite),
            agreed: None,
            watch: None,
            acknowledged: false,
        },
        callee: None,
        route: Default::default(),
        last_tried: None,
        attempts: Vec::new(),
        last_answer: None,
        price: None,
        hold: None,
        talk: None,
        reoffer: None,
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
        if self.account.settings.status == AccountStatus::Locked {
            return Err(EndReason::AccountLocked.into());
        }
        let settings = &self.gateway.settings;
        self._line = desk.environment.customer_lines.take(self.gateway.id, settings.max_calls);
        if self._line.is_none() {
            return Err(EndReason::MappingGatewayBusy.into());
        }
        Ok(())
    }

    /// Gives the numbers the form in which they are routed, rated and sent on.
    fn rewrite(&mut self) -> Result<(), Refused> {
        let called: CalledNumber = self.numbers.callee_in.parse().map_err(|_| EndReason::InvalidNumber)?;
        self.numbers.callee_out = called.as_str().to_owned();
        self.numbers.caller_out.clone_from(&self.numbers.caller_in);
        Ok(())
    }

    /// Is there a price? Nobody calls for free by a gap in a rate table.
    fn authorise(&mut self) -> Result<(), Refused> {
        self.price = self.tables.price(&self.account, &self.numbers.callee_out);
        if self.price.is_none() { Err(EndReason::NoRate.into()) } else { Ok(()) }
    }

    /// Which gateways may take it, in which order?
    fn route(&mut self) -> Result<(), Refused> {
        self.route = routing::candidates(&self.tables, &self.numbers.callee_out).into();
        if self.route.is_empty() { Err(EndReason::NoAvailableRouter.into()) } else { Ok(()) }
    }

    /// Is the money there? Holds the first window (decision 8).
    fn reserve(&mut self, desk: &mut Desk) -> Result<(), Refused> {
        let Some(price) = &self.price else { return Err(EndReason::NoRate.into()) };
        let amount = billing::hold_for(self.rules.advance.seconds(), &price.terms);
        let purse = desk.environment.purses.of(self.account.id).ok_or(EndReason::InternalError)?;
        self.hold = Hold::take(&purse, amount);
        if self.hold.is_none() { Err(EndReason::AccountBalanceNotEnough.into()) } else { Ok(()) }
    }

    /// Is there a way for the sound?
    fn open_media(&mut self, desk: &mut Desk) -> Result<(), Refused> {
        let invite = &self.caller.invite;
        if !invite.body().is_empty() {
            if !is_sdp(invite) {
                return Err(Refused { reason: EndReason::MediaRefused, status: 415 });
            }
            let offer = media::sdp::Sdp::parse(invite.body());
            if !offer.is_ok_and(|sdp| sdp.audio().is_some_and(|audio| !audio.is_rejected())) {
                return Err(EndReason::MediaRefused.into());
            }
        }
        let session = desk.environment.plane.open().map_err(|_| EndReason::NoMediaPort)?;
        let mut random = rand::rng();
        self.talk = Some(Talk::new(session, [random.next_u64(), random.next_u64()]));
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

/// The number in the Request-URI, without parameters of the user part (RFC 3261 §19.1.1, RFC 3398 §8.2.1).
fn called_user(invite: &Message) -> String {
    let Ok(uri) = SipUri::parse(invite.request_uri()) else { return String::new() };
    let user = uri.decoded_user().unwrap_or_default();
    user.split(';').next().unwrap_or_default().to_owned()
}

/// A UUIDv7 of the moment the call arrived (decision 35).
fn new_id(now: Moment) -> uuid::Uuid {
    let random: [u8; 10] = rand::random();
    uuid::Builder::from_unix_timestamp_millis(
        u64::try_from(now.wall.timestamp_millis()).unwrap_or_default(),
        &random,
    )
    .into_uuid()
}

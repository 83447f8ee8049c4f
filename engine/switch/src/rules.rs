//! The parameters that a call is subject to (decisions 1 to 3), read from the registry when the configuration is taken up and never
//! while a call runs. A call keeps the book of the moment in which it began.

use std::{collections::HashMap, net::Ipv6Addr, sync::Arc, time::Duration};

use domain::{Configuration, MappingGatewayId, Parameter, ParameterValues, PhoneId, RoutingGatewayId};
use registrar::HeartbeatPlan;
use sip::{Endpoint, Flow, Message, ReplyAddress, RequestAddress, ServerId, SessionPolicy, reply_flow};

/// Time between two checkpoints of a talking call: what a crash may cost, at most.
pub(crate) const CHECKPOINT_EVERY: Duration = Duration::from_secs(5);
/// Calls that the whole switch may have.
pub(crate) const MOST_CALLS: u32 = 50_000;

/// What one leg is subject to: the system's values with those of its gateway over them.
#[derive(Clone, Debug)]
pub(crate) struct Rules {
    pub(crate) hold_time_precision: billing::HoldTimePrecision,
    pub(crate) advance: billing::AdvanceMinutes,
    pub(crate) billing_unit: domain::BillingUnit,
    /// Nothing was heard.
    pub(crate) invite_timeout: Duration,
    /// Between one sending of an INVITE and the next.
    pub(crate) resend_waits: Arc<[Duration]>,
    /// Only a 100.
    pub(crate) trying_timeout: Duration,
    /// A 183 without SDP.
    pub(crate) progress_timeout: Duration,
    /// A 183 with SDP.
    pub(crate) early_media_timeout: Duration,
    /// A 180.
    pub(crate) ringing_timeout: Duration,
    pub(crate) session: SessionPolicy,
    /// Longest call whose caller knows no session timer.
    pub(crate) no_timer_limit: Option<Duration>,
    pub(crate) max_duration: Option<Duration>,
    /// How often a call may move to the next gateway; none is without limit.
    pub(crate) switch_limit: Option<u32>,
    /// Whether a failure of this gateway lets the next one be tried.
    pub(crate) switch_until_connect: bool,
    pub(crate) stop_after_busy: bool,
    pub(crate) stop_after_sdp: bool,
    pub(crate) stop_after_rtp: bool,
    pub(crate) stop_after_invite_timeout: bool,
    /// How often a gateway may ask for our credentials.
    pub(crate) challenges_answered: u32,
    /// What From shows of the caller (HDR-2).
    pub(crate) display: Display,
    /// To keeps the number that was dialled (HDR-3).
    pub(crate) keeps_dialled: bool,
    /// Between two checks by OPTIONS whether the gateway is there; none does not check.
    pub(crate) options_period: Option<Duration>,
    /// Where answers to its requests go (SIP-11).
    pub(crate) reply_address: ReplyAddress,
    /// Where our requests within its dialogs go; none is where its Contact says, as far as that can be reached (SIP-11).
    pub(crate) request_address: Option<RequestAddress>,
    /// What its sound before the answer is told as (SIP-9).
    pub(crate) ring_back: RingBack,
    /// Answers after which no other gateway is tried (SIP-10).
    pub(crate) stop_codes: Arc<[u16]>,
    /// What is told in place of a failure (SIP-10).
    replacements: Arc<[(u16, u16)]>,
    /// Refusals say why in terms of Q.850 (SIP-10).
    pub(crate) reason_header: bool,
    /// A 503 with Retry-After is heeded (SIP-10).
    pub(crate) retry_after: bool,
    /// How it is told of who has sent a call on (SIP-16).
    pub(crate) forward_signal: ForwardSignal,
    /// What it says of that is passed on (SIP-16).
    pub(crate) recognises_forwarding: bool,
    /// Sound goes where its description says and nowhere else (SIP-13).
    pub(crate) only_described: bool,
    /// What calls to gateways without a privacy of their own say (HDR-4).
    pub(crate) privacy: UnlessSet,
    /// What our host is called towards gateways that want a name, as it stands in a URI (HDR-5).
    pub(crate) local_domain: Option<Arc<str>>,
    /// Off lets strangers wait in vain.
    pub(crate) reply_unauthorized: bool,
}

impl Rules {
    pub(crate) fn read(values: &ParameterValues) -> Self {
        let unit = domain::BillingUnit::new(values.whole(Parameter::SS_BILLINGUNIT));
        let precision = values.whole(Parameter::SERVER_BILLING_HOLD_TIME_PRECISION);
        let advance = values.whole(Parameter::SERVER_BILLING_PREVENT_OVERDRAFT_ADVANCE_TIME);
        Self {
            hold_time_precision: u16::try_from(precision)
                .ok()
                .and_then(billing::HoldTimePrecision::new)
                .unwrap_or_default(),
            advance: billing::AdvanceMinutes::new(advance).unwrap_or_default(),
            billing_unit: unit.unwrap_or(domain::BillingUnit::SECOND),
            invite_timeout: values.seconds(Parameter::SS_SIP_TIMEOUT_INVITE),
            resend_waits: values.list(Parameter::SS_SIP_RESEND_INTERVAL).into(),
            trying_timeout: values.seconds(Parameter::SS_SIP_TIMEOUT_TRYING),
            progress_timeout: values.seconds(Parameter::SS_SIP_TIMEOUT_SESSION_PROGRESS),
            early_media_timeout: values.seconds(Parameter::SS_SIP_TIMEOUT_SESSION_PROGRESS_SDP),
            ringing_timeout: values.seconds(Parameter::SS_SIP_TIMEOUT_RINGING),
            session: SessionPolicy {
                interval: values.seconds(Parameter::SS_SIP_SESSION_TTL),
                segments: values.whole(Parameter::SS_SIP_SESSION_UPDATE_SEGMENT),
                grace: values.seconds(Parameter::SS_SIP_SESSION_TIMEOUT_EARLY_HANGUP),
                ..SessionPolicy::default()
            },
            no_timer_limit: values.timer(Parameter::SS_SIP_NO_TIMER_REINVITE_INTERVAL),
            max_duration: values.timer(Parameter::SS_MAXCALLDURATION),
            switch_limit: values.number(Parameter::SS_GATEWAY_SWITCH_LIMIT),
            switch_until_connect: values.on(Parameter::SS_GATEWAY_SWITCH_UNTIL_CONNECT),
            stop_after_busy: values.on(Parameter::SS_GATEWAY_SWITCH_STOP_AFTER_USER_BUSY),
            stop_after_sdp: values.on(Parameter::SS_SIP_STOP_SWITCH_AFTER_SDP),
            stop_after_rtp: values.on(Parameter::SS_GATEWAY_SWITCH_STOP_AFTER_RTP_START),
            stop_after_invite_timeout: values
                .on(Parameter::SS_SIP_USER_AGENT_STOP_SWITCH_AFTER_INVITE_TIMEOUT),
            challenges_answered: values.whole(Parameter::SS_SIP_AUTHENTICATION_RETRY),
            display: match values.text(Parameter::SS_SIP_E164_DISPLAY_FROM) {
                "E164" => Display::E164,
                "Number" => Display::Number,
                _ => Display::Ignore,
            },
            keeps_dialled: values.on(Parameter::SS_SIP_ROUTING_GATEWAY_INVITE_USE_CONTACT),
            reply_address: match values.text(Parameter::SS_SIP_REPLY_ADDRESS) {
                "Via" => ReplyAddress::Via,
                "Via port" => ReplyAddress::ViaPort,
                _ => ReplyAddress::Socket,
            },
            request_address: match values.text(Parameter::SS_SIP_REQUEST_ADDRESS) {
                "Socket" => Some(RequestAddress::Socket),
                "Contact port" => Some(RequestAddress::ContactPort),
                _ => None,
            },
            ring_back: match values.text(Parameter::SS_SIP_REMOTE_RING_BACK_MODE) {
                "183+SDP" => RingBack::Progress,
                "180+SDP" => RingBack::Alerting,
                _ => RingBack::Passthrough,
            },
            stop_codes: codes(values.text(Parameter::SS_SIP_STOP_SWITCHING_CODES)).collect(),
            replacements: pairs(values.text(Parameter::SS_SIP_REPLACE_FAILED_REASON)).collect(),
            reason_header: values.on(Parameter::SS_SIP_REASON_HEADER),
            retry_after: values.on(Parameter::SS_SIP_RETRY_AFTER),
            forward_signal: match values.text(Parameter::SS_SIP_CALL_FORWARD_SIGNAL) {
                "History-Info" => ForwardSignal::HistoryInfo,
                "Both" => ForwardSignal::Both,
                "Off" => ForwardSignal::Off,
                _ => ForwardSignal::Diversion,
            },
            recognises_forwarding: values.on(Parameter::SS_SIP_RECOGNIZE_CALL_FORWARD_SIGNAL),
            only_described: values.on(Parameter::SS_SIP_NAT_MEDIA_SDP_IP_FIRST),
            options_period: values.timer(Parameter::SS_SIP_OPTIONS_CHECK_PERIOD),
            privacy: match values.text(Parameter::SS_SIP_USER_AGENT_PRIVACY) {
                "Id" => UnlessSet::Id,
                "None" => UnlessSet::None,
                _ => UnlessSet::Ignore,
            },
            local_domain: match values.text(Parameter::SS_LOCAL_IP_DOMAIN) {
                "" => None,
                address if address.parse::<Ipv6Addr>().is_ok() => Some(format!("[{address}]").into()),
                name => Some(name.into()),
            },
            reply_unauthorized: values.on(Parameter::SS_REPLY_UNAUTHORIZED),
        }
    }
}

impl Rules {
    /// Has the answers to a request of this leg go where the setting says, if that is not back where it came from.
    pub(crate) fn answer_along(
        &self,
        endpoint: &mut Endpoint,
        server: ServerId,
        flow: Flow,
        request: &Message,
    ) {
        if self.reply_address != ReplyAddress::Socket {
            endpoint.reply_along(server, reply_flow(request, self.reply_address, flow));
        }
    }

    /// The status that is told in place of this one.
    pub(crate) fn told_instead(&self, status: u16) -> u16 {
        let found = self.replacements.iter().find(|(failed, _)| *failed == status);
        found.map_or(status, |(_, instead)| *instead)
    }
}

/// The codes in a checked list; a word is none.
fn codes(text: &str) -> impl Iterator<Item = u16> {
    text.split(',').filter_map(|code| code.trim().parse().ok())
}

fn pairs(text: &str) -> impl Iterator<Item = (u16, u16)> {
    text.split(',').filter_map(|pair| {
        let (failed, instead) = pair.split_once('=')?;
        Some((failed.trim().parse().ok()?, instead.trim().parse().ok()?))
    })
}

/// What a caller is told while it hears the gateway before the answer.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum RingBack {
    /// What the gateway says.
    Passthrough,
    /// 183.
    Progress,
    /// 180.
    Alerting,
}

impl RingBack {
    /// The status for the caller of a provisional response with a description.
    pub(crate) fn told(self, code: u16) -> u16 {
        match self {
            Self::Passthrough => code,
            Self::Progress => 183,
            Self::Alerting => 180,
        }
    }
}

/// How a gateway is told of the numbers that have sent a call on.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum ForwardSignal {
    Diversion,
    HistoryInfo,
    Both,
    Off,
}

/// What the system says about privacy where a gateway does not (`SS_SIP_USER_AGENT_PRIVACY`).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum UnlessSet {
    /// Nothing.
    Ignore,
    /// `Privacy: id`, and an anonymous From.
    Id,
    /// `Privacy: none`, which says that there is nothing to hide.
    None,
}

/// How From shows the caller (decision 20 of the catalogue).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Display {
    /// The display name unchanged.
    Ignore,
    /// `+` and digits as display name and as user.
    E164,
    /// The digits unchanged as display name.
    Number,
}

impl Display {
    /// Display name and user of From, for this caller.
    pub(crate) fn show(self, name: Option<&str>, number: &str) -> (Option<String>, String) {
        let unchanged = number.to_owned();
        match self {
            Self::E164 if number.bytes().any(|b| b.is_ascii_digit()) => {
                let shown = format!("+{}", number.trim_start_matches('+'));
                (Some(shown.clone()), shown)
            }
            Self::Number if !number.is_empty() => (Some(unchanged.clone()), unchanged),
            // Who has no number cannot be shown by it.
            Self::Ignore | Self::E164 | Self::Number => (name.map(str::to_owned), unchanged),
        }
    }
}

/// The rules of all gateways and phones at one moment.
#[derive(Debug)]
pub(crate) struct RuleBook {
    pub(crate) system: Arc<Rules>,
    /// What keeps the way to phones open.
    pub(crate) heartbeat: HeartbeatPlan,
    /// Whether a phone hears that a newer contact has taken its place (`SS_ENDPOINT_REGISTER_REPLACE_NOTIFY`).
    pub(crate) tells_displaced: bool,
    /// `SS_QOS_SIGNAL` and `SS_QOS_RTP` (DSCP): packets of SIP have theirs from the moment it is set, those of calls that come
    /// after.
    pub(crate) signal_mark: u8,
    pub(crate) media_mark: u8,
    mapping: HashMap<MappingGatewayId, Arc<Rules>>,
    routing: HashMap<RoutingGatewayId, Arc<Rules>>,
    phones: HashMap<PhoneId, Arc<Rules>>,
}

impl RuleBook {
    /// Only gateways that differ from the system have rules of their own.
    pub(crate) fn read(configuration: &Configuration) -> Self {
        let system = &configuration.parameters;
        let own = |overrides: &ParameterValues| Arc::new(Rules::read(&system.overlay(overrides)));
        let mapping = configuration.mapping_gateways.iter().map(|g| (g.id, &g.settings.overrides));
        let routing = configuration.routing_gateways.iter().map(|g| (g.id, &g.settings.overrides));
        let phones = configuration.phones.iter().map(|p| (p.id, &p.settings.overrides));
        Self {
            system: Arc::new(Rules::read(system)),
            heartbeat: HeartbeatPlan::of(system),
            tells_displaced: system.on(Parameter::SS_ENDPOINT_REGISTER_REPLACE_NOTIFY),
            phones: phones.filter(|(_, v)| !v.is_empty()).map(|(id, v)| (id, own(v))).collect(),
            signal_mark: mark(system, Parameter::SS_QOS_SIGNAL),
            media_mark: mark(system, Parameter::SS_QOS_RTP),
            mapping: mapping.filter(|(_, v)| !v.is_empty()).map(|(id, v)| (id, own(v))).collect(),
            routing: routing.filter(|(_, v)| !v.is_empty()).map(|(id, v)| (id, own(v))).collect(),
        }
    }

    /// For the leg of a customer's trunk.
    pub(crate) fn of_caller(&self, gateway: MappingGatewayId) -> Arc<Rules> {
        self.mapping.get(&gateway).unwrap_or(&self.system).clone()
    }

    /// For the leg of a phone.
    pub(crate) fn of_phone(&self, phone: PhoneId) -> Arc<Rules> {
        self.phones.get(&phone).unwrap_or(&self.system).clone()
    }

    /// For the leg of a vendor's trunk.
    pub(crate) fn of_callee(&self, gateway: RoutingGatewayId) -> Arc<Rules> {
        self.routing.get(&gateway).unwrap_or(&self.system).clone()
    }
}

/// A code point of six bits.
fn mark(values: &ParameterValues, parameter: Parameter) -> u8 {
    u8::try_from(values.whole(parameter)).unwrap_or_default() & 0x3f
}

impl Default for RuleBook {
    fn default() -> Self {
        Self::read(&Configuration::default())
    }
}

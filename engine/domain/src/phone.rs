//! Phones: endpoints with a number of their own, which register here or stand at a fixed address (REG-4, REG-9).

use std::{
    collections::BTreeMap,
    fmt,
    net::{IpAddr, SocketAddr},
    num::NonZeroU8,
    str::FromStr,
};

use ipnet::IpNet;
use serde::{Deserialize, Serialize};

use crate::{
    AccountId, CalledNumber, Fields, Invalid, Name, ParameterValues, PhoneId, RoutingGatewayId, RowVersion,
    mapping_gateway::line_limit, parameter, sip_password::SipPassword,
};

/// The realm of every digest challenge to phones. One for the whole system: stored hashes are bound to it, and a realm that
/// differed between phones would tell strangers which of them exist.
pub const PHONE_REALM: &str = "tandem";

/// The number of a phone, which is also its user name in registrations and credentials: 1 to 24 digits.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct PhoneNumber(Box<str>);

/// Text that is no phone's number.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("write 1 to 24 digits")]
pub struct PhoneNumberError;

impl PhoneNumber {
    /// Longest number that is accepted.
    pub const LONGEST: usize = 24;

    /// The digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for PhoneNumber {
    type Err = PhoneNumberError;
    fn from_str(s: &str) -> Result<Self, PhoneNumberError> {
        let s = s.trim();
        let sound = (1..=Self::LONGEST).contains(&s.len()) && s.bytes().all(|b| b.is_ascii_digit());
        if sound { Ok(Self(s.into())) } else { Err(PhoneNumberError) }
    }
}

impl TryFrom<String> for PhoneNumber {
    type Error = PhoneNumberError;
    fn try_from(s: String) -> Result<Self, PhoneNumberError> {
        s.parse()
    }
}

impl From<PhoneNumber> for String {
    fn from(number: PhoneNumber) -> String {
        number.0.into()
    }
}

/// A look-up takes the digits as they came, without a number being made of them.
impl std::borrow::Borrow<str> for PhoneNumber {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for PhoneNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

/// A phone. Its password is not in it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Phone {
    /// Its key.
    pub id: PhoneId,
    /// For concurrent edits.
    pub version: RowVersion,
    /// What people set.
    pub settings: PhoneSettings,
    /// Whether a password is set; without one it cannot register.
    pub has_password: bool,
}

/// `H(number:realm:password)` in hexadecimal digits: as good as the password within [`PHONE_REALM`], so it is neither shown nor
/// serialised.
#[derive(Clone, PartialEq, Eq)]
pub struct PhoneKeys {
    /// By MD5 (RFC 2617).
    pub md5: Box<str>,
    /// By SHA-256 (RFC 8760).
    pub sha256: Box<str>,
}

impl fmt::Debug for PhoneKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PhoneKeys(…)")
    }
}

/// What people set on a phone, except its password.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct PhoneSettings {
    /// Unique among phones.
    pub number: PhoneNumber,
    /// Who pays for its calls.
    pub account: AccountId,
    /// What is shown to those it calls; none leaves what the phone says.
    pub display_name: Option<Name>,
    /// Off refuses its calls and registrations like those of a stranger.
    pub enabled: bool,
    /// Line limit, in and out together; empty is unlimited.
    pub max_calls: Option<u32>,
    /// How it is reached.
    pub mode: PhoneMode,
    /// How many contacts may be registered at one time (1 to 10); those that are liked equally ring together.
    pub max_contacts: NonZeroU8,
    /// Where its calls go instead.
    pub forwarding: Forwarding,
    /// Calls to it are answered busy.
    pub do_not_disturb: bool,
    /// The caller numbers that it may show; the first is used when it shows another one. Empty: its own number.
    pub caller_ids: Vec<CalledNumber>,
    /// Where it may register and call from; empty is everywhere.
    pub allowed_networks: Vec<IpNet>,
    /// Its own values of parameters, in place of the system's.
    #[serde(default)]
    pub overrides: ParameterValues,
}

/// How a phone is reached.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PhoneMode {
    /// At the contacts that it registers.
    #[default]
    Dynamic,
    /// Always at this address; what comes from there is from it.
    Static(SocketAddr),
}

/// Where a phone's calls go instead of to the phone.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Forwarding {
    /// Every call, without ringing the phone.
    pub always: Option<ForwardTarget>,
    /// When it is busy, or its line limit is reached.
    pub busy: Option<ForwardTarget>,
    /// When nobody answers.
    pub no_answer: Option<ForwardTarget>,
    /// How many seconds it rings before that, 1 to 120.
    pub no_answer_after: u8,
    /// When no contact is registered.
    pub offline: Option<ForwardTarget>,
}

impl Forwarding {
    /// Seconds of ringing unless something else is set.
    pub const RINGS: u8 = 20;
}

/// Where a forwarded call goes.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ForwardTarget {
    /// To another number: a phone, or routed like any other.
    Number(CalledNumber),
    /// The same number, through this gateway.
    Gateway(RoutingGatewayId),
}

/// What stands before a gateway's id, or in a document before its name.
pub const GATEWAY_TARGET: &str = "gateway:";

impl FromStr for ForwardTarget {
    type Err = &'static str;
    fn from_str(s: &str) -> Result<Self, Self::Err> {
        match s.trim().strip_prefix(GATEWAY_TARGET) {
            Some(id) => id.trim().parse().map(Self::Gateway).map_err(|_| "choose a gateway"),
            None => s.trim().parse().map(Self::Number).map_err(|_| "write a number, or choose a gateway"),
        }
    }
}

impl fmt::Display for ForwardTarget {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(number) => number.fmt(f),
            Self::Gateway(id) => write!(f, "{GATEWAY_TARGET}{id}"),
        }
    }
}

/// A phone as typed into its form.
#[derive(Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct PhoneDraft {
    /// See [`PhoneSettings::number`].
    pub number: String,
    /// The account's id.
    pub account: String,
    /// A new password; empty keeps the one there is. Never filled in by us.
    pub password: String,
    /// A name, or empty.
    pub display_name: String,
    /// `on`, or empty.
    pub enabled: String,
    /// A number, or empty.
    pub max_calls: String,
    /// Address with or without port when it is fixed; empty for a phone that registers.
    pub address: String,
    /// 1 to 10; empty is 1.
    pub max_contacts: String,
    /// A number, or `gateway:` and the gateway's id, or empty.
    pub forward_always: String,
    /// As above.
    pub forward_busy: String,
    /// As above.
    pub forward_no_answer: String,
    /// Seconds, 1 to 120; empty is 20.
    pub no_answer_after: String,
    /// As above.
    pub forward_offline: String,
    /// `on`, or empty.
    pub do_not_disturb: String,
    /// Numbers, separated by commas or lines.
    pub caller_ids: String,
    /// Addresses and networks, separated by commas or lines.
    pub allowed_networks: String,
    /// Its own values of parameters, each a field of the form named like the parameter; empty inherits the system's.
    #[serde(flatten, deserialize_with = "parameter::named_overrides")]
    pub overrides: BTreeMap<String, String>,
}

impl fmt::Debug for PhoneDraft {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PhoneDraft").field("number", &self.number).finish_non_exhaustive()
    }
}

/// A form that is right.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CheckedPhone {
    /// All but the password.
    pub settings: PhoneSettings,
    /// The new password, when one was given.
    pub password: Option<SipPassword>,
}

impl PhoneDraft {
    /// What the form says, or what is wrong at each field.
    pub fn check(&self) -> Result<CheckedPhone, Invalid> {
        let mut f = Fields::default();
        let number: Option<PhoneNumber> = f.parse("number", &self.number);
        let account = f.take("account", self.account.trim().parse().map_err(|_| "choose an account"));
        let password = match self.password.as_str() {
            "" => Some(None),
            text => f.take("password", SipPassword::new(text, self.number.trim())).map(Some),
        };
        let display_name = f.optional("display_name", &self.display_name);
        let max_calls = line_limit(&mut f, "max_calls", &self.max_calls);
        let mode = match self.address.trim() {
            "" => Some(PhoneMode::Dynamic),
            text => f
                .take("address", crate::routing_gateway::sip_address(text, 5060).map(canonical))
                .map(PhoneMode::Static),
        };
        let max_contacts = small(&mut f, "max_contacts", &self.max_contacts, 1, 10);
        let forwarding = self.forwarding(&mut f, number.as_ref());
        let caller_ids = f.several("caller_ids", &self.caller_ids, 16);
        let allowed_networks = f
            .several::<Network>("allowed_networks", &self.allowed_networks, 32)
            .map(|nets| nets.into_iter().map(|net| net.0).collect());
        let overrides = parameter::check_overrides(&mut f, parameter::Level::Phone, &self.overrides);
        let settings = (|| {
            Some(PhoneSettings {
                number: number?,
                account: account?,
                display_name: display_name?,
                enabled: !self.enabled.is_empty(),
                max_calls: max_calls?,
                mode: mode?,
                max_contacts: max_contacts?,
                forwarding: forwarding?,
                do_not_disturb: !self.do_not_disturb.is_empty(),
                caller_ids: caller_ids?,
                allowed_networks: allowed_networks?,
                overrides: overrides?,
            })
        })();
        f.finish(settings.zip(password).map(|(settings, password)| CheckedPhone { settings, password }))
    }

    fn forwarding(&self, f: &mut Fields, number: Option<&PhoneNumber>) -> Option<Forwarding> {
        let mut target = |field: &str, text: &str| {
            let target: Option<Option<ForwardTarget>> = f.optional(field, text);
            if let (Some(Some(ForwardTarget::Number(to))), Some(number)) = (&target, number)
                && to.as_str() == number.as_str()
            {
                f.refuse(field, "a phone cannot be forwarded to itself");
            }
            target
        };
        let always = target("forward_always", &self.forward_always);
        let busy = target("forward_busy", &self.forward_busy);
        let no_answer = target("forward_no_answer", &self.forward_no_answer);
        let offline = target("forward_offline", &self.forward_offline);
        let after = small(f, "no_answer_after", &self.no_answer_after, Forwarding::RINGS, 120);
        Some(Forwarding {
            always: always?,
            busy: busy?,
            no_answer: no_answer?,
            no_answer_after: after?.get(),
            offline: offline?,
        })
    }
}

/// A whole number from 1 to `most`; empty is `default`.
fn small(f: &mut Fields, field: &str, text: &str, default: u8, most: u8) -> Option<NonZeroU8> {
    let number = match text.trim() {
        "" => default,
        text => u8::try_from(f.whole(field, text, 1..=u32::from(most))?).unwrap_or(most),
    };
    NonZeroU8::new(number)
}

/// IPv4 written inside IPv6 is the IPv4 that its packets show.
fn canonical(address: SocketAddr) -> SocketAddr {
    SocketAddr::new(address.ip().to_canonical(), address.port())
}

/// A network, or a single address as the network that holds only it.
struct Network(IpNet);

impl FromStr for Network {
    type Err = &'static str;
    fn from_str(s: &str) -> Result<Self, Self::Err> {
        let net = s.parse().map(|net: IpNet| net.trunc()).or_else(|_| s.parse::<IpAddr>().map(IpNet::from));
        net.map(Self).map_err(|_| "write an address like 192.0.2.7 or 192.0.2.0/24")
    }
}

/// A network as it is written: a single address without its length.
pub(crate) fn written(net: &IpNet) -> String {
    if net.prefix_len() == net.max_prefix_len() { net.addr().to_string() } else { net.to_string() }
}

impl From<&PhoneSettings> for PhoneDraft {
    fn from(s: &PhoneSettings) -> Self {
        let flag = |on: bool| if on { "on" } else { "" }.to_owned();
        let target = |t: &Option<ForwardTarget>| t.as_ref().map(ToString::to_string).unwrap_or_default();
        Self {
            number: s.number.to_string(),
            account: s.account.to_string(),
            password: String::new(),
            display_name: s.display_name.as_ref().map(ToString::to_string).unwrap_or_default(),
            enabled: flag(s.enabled),
            max_calls: s.max_calls.map(|n| n.to_string()).unwrap_or_default(),
            address: match s.mode {
                PhoneMode::Dynamic => String::new(),
                PhoneMode::Static(address) => address.to_string(),
            },
            max_contacts: s.max_contacts.to_string(),
            forward_always: target(&s.forwarding.always),
            forward_busy: target(&s.forwarding.busy),
            forward_no_answer: target(&s.forwarding.no_answer),
            no_answer_after: s.forwarding.no_answer_after.to_string(),
            forward_offline: target(&s.forwarding.offline),
            do_not_disturb: flag(s.do_not_disturb),
            caller_ids: s.caller_ids.iter().map(ToString::to_string).collect::<Vec<_>>().join(", "),
            allowed_networks: s.allowed_networks.iter().map(written).collect::<Vec<_>>().join(", "),
            overrides: parameter::override_drafts(&s.overrides),
        }
    }
}

#[cfg(test)]
mod tests;

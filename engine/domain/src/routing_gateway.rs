//! Routing gateways: vendor trunks, where calls go out (RTE-1, RTE-2).

use std::{collections::BTreeMap, fmt, net::SocketAddr, str::FromStr};

use serde::{Deserialize, Serialize};

use crate::{
    AccountId, Fields, ForeignPassword, GatewayAddress, Invalid, LocalAddress, Name, OutgoingIdentity,
    OutgoingIdentityDraft, ParameterValues, Prefix, RoutingGatewayId, RowVersion, SipUser, account::named,
    cause::UnknownName, mapping_gateway::line_limit, number::NumberError, parameter,
};

/// A vendor trunk.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct RoutingGateway {
    /// Its key.
    pub id: RoutingGatewayId,
    /// For concurrent edits.
    pub version: RowVersion,
    /// What people set.
    pub settings: RoutingGatewaySettings,
}

/// What people set on a routing gateway.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct RoutingGatewaySettings {
    /// Unique among routing gateways.
    pub name: Name,
    /// Who is paid for its calls (clearing account).
    pub account: AccountId,
    /// Where its calls are sent.
    pub address: GatewayAddress,
    /// How its SIP travels.
    #[serde(default)]
    pub transport: GatewayTransport,
    /// Which of our addresses speaks to it; none is the first one that can.
    #[serde(default)]
    pub local: Option<LocalAddress>,
    /// What happens when it answers that the call should go elsewhere.
    #[serde(default)]
    pub redirects: Redirects,
    /// Beginnings of the numbers it takes; an empty prefix takes all.
    pub prefixes: Vec<Prefix>,
    /// What happens when its longest match fails (decision 17).
    pub prefix_mode: PrefixMode,
    /// Lower is tried first (decision 18).
    pub priority: u16,
    /// The name in the credentials with which its challenges are answered (REG-2); none where it asks for none.
    #[serde(default)]
    pub user: Option<SipUser>,
    /// Line limit; empty is unlimited.
    pub max_calls: Option<u32>,
    /// Off takes it out of routing.
    pub enabled: bool,
    /// What its calls tell about their caller, and which further headers they carry.
    #[serde(default)]
    pub identity: OutgoingIdentity,
    /// Its own values of parameters, in place of the system's.
    #[serde(default)]
    pub overrides: ParameterValues,
}

/// How SIP travels to a gateway.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GatewayTransport {
    /// Datagrams; TCP for what is too long for one, and datagrams all the same when there is no connection (RFC 3261 §18.1.1).
    #[default]
    Auto,
    /// Datagrams, however long.
    Udp,
    /// Connections.
    Tcp,
    /// Encrypted connections.
    Tls,
}

named!(GatewayTransport { Auto = "auto", Udp = "udp", Tcp = "tcp", Tls = "tls" });

impl GatewayTransport {
    /// The port meant when none is written (RFC 3261 §19.1.2).
    const fn port(self) -> u16 {
        match self {
            Self::Auto | Self::Udp | Self::Tcp => 5060,
            Self::Tls => 5061,
        }
    }
}

/// What becomes of a 3xx of a gateway (SIP-17, RFC 3261 §8.1.3.4).
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Redirects {
    /// It is a failure like others.
    #[default]
    Refuse,
    /// The call goes where it says, if that is one of our routing gateways and takes the number.
    Follow,
    /// The caller gets it, with the targets as they are.
    Pass,
}

named!(Redirects { Refuse = "refuse", Follow = "follow", Pass = "pass" });

/// Whether a gateway is also a fall-back for numbers that a longer prefix matches (decision 17).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PrefixMode {
    /// Also tried after the gateways with longer matching prefixes have failed.
    #[default]
    Extension,
    /// Tried only when its prefix is the longest that matches.
    Expiration,
}

named!(PrefixMode { Extension = "extension", Expiration = "expiration" });

/// A routing gateway as typed into its form.
#[derive(Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct RoutingGatewayDraft {
    /// See [`RoutingGatewaySettings::name`].
    pub name: String,
    /// The account's id.
    pub account: String,
    /// Address or name, with or without port.
    pub address: String,
    /// `auto`, `udp`, `tcp` or `tls`; empty is `auto`.
    pub transport: String,
    /// One of our addresses, or empty.
    pub local: String,
    /// `refuse`, `follow` or `pass`; empty is `refuse`.
    pub redirects: String,
    /// Prefixes, separated by commas or lines; the word `all`, or nothing at all, is the empty prefix.
    pub prefixes: String,
    /// `extension` or `expiration`.
    pub prefix_mode: String,
    /// 0 to 1000.
    pub priority: String,
    /// A user, or empty.
    pub user: String,
    /// A new password; empty keeps the one there is. Never filled in by us.
    pub password: String,
    /// A number, or empty.
    pub max_calls: String,
    /// `on`, or empty.
    pub enabled: String,
    /// See [`RoutingGatewaySettings::identity`]; its fields stand among these.
    #[serde(flatten)]
    pub identity: OutgoingIdentityDraft,
    /// Its own values of parameters, each a field of the form named like the parameter; empty inherits the system's.
    #[serde(flatten, deserialize_with = "parameter::named_overrides")]
    pub overrides: BTreeMap<String, String>,
}

impl fmt::Debug for RoutingGatewayDraft {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RoutingGatewayDraft").field("name", &self.name).finish_non_exhaustive()
    }
}

impl RoutingGatewayDraft {
    /// The new password, when one was typed; [`Self::check`] tells what is wrong with it.
    pub fn new_password(&self) -> Option<ForeignPassword> {
        ForeignPassword::new(&self.password).ok()
    }

    /// The settings, or what is wrong at each field.
    pub fn check(&self) -> Result<RoutingGatewaySettings, Invalid> {
        let mut f = Fields::default();
        let name = f.parse("name", &self.name);
        let account = f.take("account", self.account.trim().parse().map_err(|_| "choose an account"));
        let transport = match self.transport.trim() {
            "" => Some(GatewayTransport::default()),
            written => f.parse("transport", written),
        };
        let port = transport.unwrap_or_default().port();
        let address = f.take("address", GatewayAddress::read(&self.address, port));
        let local = match self.local.trim() {
            "" => Some(None),
            written => f.parse("local", written).map(Some),
        };
        let redirects = match self.redirects.trim() {
            "" => Some(Redirects::default()),
            written => f.parse("redirects", written),
        };
        let prefixes = f.several::<Word>("prefixes", &self.prefixes, 2000).map(|words| {
            let mut list: Vec<Prefix> = words.into_iter().map(|word| word.0).collect();
            list.sort();
            list.dedup();
            if list.is_empty() { vec![Prefix::default()] } else { list }
        });
        let prefix_mode = f.parse("prefix_mode", &self.prefix_mode);
        let priority = f.whole("priority", &self.priority, 0..=1000).map(|n| n as u16);
        let max_calls = line_limit(&mut f, "max_calls", &self.max_calls);
        let user: Option<Option<SipUser>> = f.optional("user", &self.user);
        if !self.password.is_empty() {
            f.take("password", ForeignPassword::new(&self.password));
            if matches!(user, Some(None)) {
                f.refuse("user", "a password needs a user");
            }
        }
        let identity = self.identity.check(&mut f);
        let overrides = parameter::check_overrides(&mut f, parameter::Level::RoutingGateway, &self.overrides);
        let settings = (|| {
            Some(RoutingGatewaySettings {
                name: name?,
                account: account?,
                address: address?,
                transport: transport?,
                local: local?,
                redirects: redirects?,
                prefixes: prefixes?,
                prefix_mode: prefix_mode?,
                priority: priority?,
                user: user?,
                max_calls: max_calls?,
                enabled: !self.enabled.is_empty(),
                identity: identity?,
                overrides: overrides?,
            })
        })();
        f.finish(settings)
    }
}

/// The empty prefix, which cannot be seen, as a word.
const ALL: &str = "all";

/// A prefix as written in the form.
struct Word(Prefix);

impl FromStr for Word {
    type Err = NumberError;
    fn from_str(s: &str) -> Result<Self, NumberError> {
        if s.eq_ignore_ascii_case(ALL) { Ok(Self(Prefix::default())) } else { s.parse().map(Self) }
    }
}

fn word(prefix: &Prefix) -> &str {
    if prefix.as_str().is_empty() { ALL } else { prefix.as_str() }
}

/// An address to send SIP to; the port is the usual one unless given.
pub(crate) fn sip_address(text: &str, port: u16) -> Result<SocketAddr, &'static str> {
    let text = text.trim();
    let address = text.parse().or_else(|_| text.parse().map(|ip| SocketAddr::new(ip, port)));
    match address {
        Ok(a) if a.port() == 0 || a.ip().is_unspecified() || a.ip().is_multicast() => {
            Err("calls cannot be sent to this address")
        }
        Ok(a) => Ok(a),
        Err(_) => Err("write an address like 192.0.2.7 or 192.0.2.7:5060"),
    }
}

impl From<&RoutingGatewaySettings> for RoutingGatewayDraft {
    fn from(s: &RoutingGatewaySettings) -> Self {
        Self {
            name: s.name.to_string(),
            account: s.account.to_string(),
            address: s.address.to_string(),
            transport: s.transport.to_string(),
            local: s.local.map(|local| local.to_string()).unwrap_or_default(),
            redirects: s.redirects.to_string(),
            prefixes: s.prefixes.iter().map(word).collect::<Vec<_>>().join(", "),
            prefix_mode: s.prefix_mode.to_string(),
            priority: s.priority.to_string(),
            user: s.user.as_ref().map(ToString::to_string).unwrap_or_default(),
            password: String::new(),
            max_calls: s.max_calls.map(|n| n.to_string()).unwrap_or_default(),
            enabled: if s.enabled { "on" } else { "" }.to_owned(),
            identity: (&s.identity).into(),
            overrides: parameter::override_drafts(&s.overrides),
        }
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_usual_port_is_that_of_the_transport() {
        for (transport, port) in [("", 5060), ("udp", 5060), ("tcp", 5060), ("tls", 5061), ("auto", 5060)] {
            let draft =
                RoutingGatewayDraft { address: "2001:db8::7".into(), transport: transport.into(), ..draft() };
            assert_eq!(draft.check().unwrap().address.literal().unwrap().port(), port, "{transport}");
        }
        let wrong = RoutingGatewayDraft { transport: "sctp".into(), ..draft() };
        assert!(wrong.check().unwrap_err().0.iter().any(|error| error.field == "transport"));
    }

    use super::*;

    fn draft() -> RoutingGatewayDraft {
        RoutingGatewayDraft {
            name: "Vendor".into(),
            account: "1".into(),
            address: "192.0.2.7".into(),
            prefix_mode: "extension".into(),
            priority: "10".into(),
            ..Default::default()
        }
    }

    #[test]
    fn a_gateway_without_prefixes_takes_every_number_on_port_5060() {
        let settings = draft().check().unwrap();
        assert_eq!(settings.prefixes, [Prefix::default()]);
        assert_eq!(settings.address.to_string(), "192.0.2.7:5060");
    }

    #[test]
    fn a_settled_gateway_survives_its_own_form() {
        let draft = RoutingGatewayDraft {
            prefixes: "44 1,1".into(),
            enabled: "on".into(),
            address: "sip.example.com:5080".into(),
            local: "192.0.2.1:5070".into(),
            redirects: "follow".into(),
            user: "us".into(),
            ..draft()
        };
        let settings = draft.check().unwrap();
        assert_eq!(RoutingGatewayDraft::from(&settings).check().unwrap(), settings);
    }

    #[test]
    fn the_empty_prefix_beside_others_survives_the_form() {
        let draft = RoutingGatewayDraft { prefixes: "44, all".into(), ..draft() };
        let settings = draft.check().unwrap();
        assert_eq!(settings.prefixes, [Prefix::default(), "44".parse().unwrap()]);
        assert_eq!(RoutingGatewayDraft::from(&settings).check().unwrap(), settings);
    }

    #[test]
    fn hostile_values_are_told_at_their_fields() {
        let draft = RoutingGatewayDraft {
            user: "\"".into(),
            password: "a\r\nb".into(),
            address: "0.0.0.0:5060".into(),
            prefixes: "44'; drop table x".into(),
            priority: "-1".into(),
            local: "eth0".into(),
            redirects: "obey".into(),
            ..draft()
        };
        let invalid = draft.check().unwrap_err();
        let told = invalid.by_field();
        assert!(
            ["address", "prefixes", "priority", "local", "redirects", "password", "user"]
                .iter()
                .all(|f| told.contains_key(f)),
            "{told:?}"
        );
    }
}

//! Registrations of ours at other servers (REG-6).

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use crate::{
    Fields, Invalid, Name, RegistrationId, RowVersion, account::named, cause::UnknownName,
    sip_password::ForeignPassword,
};

/// A registration of ours at another server. Its password is not in it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Registration {
    /// Its key.
    pub id: RegistrationId,
    /// For concurrent edits.
    pub version: RowVersion,
    /// What people set.
    pub settings: RegistrationSettings,
    /// Whether a password is set; without one no challenge can be answered.
    pub has_password: bool,
}

/// What people set on a registration, except its password.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct RegistrationSettings {
    /// Unique among registrations.
    pub name: Name,
    /// The other server's name: the domain that we register in.
    pub server: SipHost,
    /// Where the messages go, when that is not the server itself (Sip proxy).
    pub proxy: Option<SipHost>,
    /// Who we are there.
    pub user: SipUser,
    /// The name in the credentials, when it is another one (Authentication user).
    pub auth_user: Option<SipUser>,
    /// What we call ourselves in Contact (Host name), with the signalling port; none is the address we listen on.
    pub contact: Option<SipHost>,
    /// How long it shall last (Register period).
    pub period: RegisterPeriod,
    /// How the messages travel.
    pub transport: RegisterTransport,
    /// Off withdraws it.
    pub enabled: bool,
}

/// How long a registration of ours shall last.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum RegisterPeriod {
    /// As `SS_SIP_USER_AGENT_EXPIRE` says.
    #[default]
    Default,
    /// As long as the other server gives.
    Auto,
    /// This many seconds, 20 to 7200.
    Seconds(u16),
}

impl FromStr for RegisterPeriod {
    type Err = &'static str;
    fn from_str(s: &str) -> Result<Self, Self::Err> {
        match s.trim() {
            "" => Ok(Self::Default),
            word if word.eq_ignore_ascii_case("default") => Ok(Self::Default),
            word if word.eq_ignore_ascii_case("auto") => Ok(Self::Auto),
            text => match text.parse() {
                Ok(seconds @ 20..=7200) => Ok(Self::Seconds(seconds)),
                _ => Err("write default, auto, or 20 to 7200 seconds"),
            },
        }
    }
}

impl fmt::Display for RegisterPeriod {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Default => f.pad("default"),
            Self::Auto => f.pad("auto"),
            Self::Seconds(seconds) => seconds.fmt(f),
        }
    }
}

impl TryFrom<String> for RegisterPeriod {
    type Error = &'static str;
    fn try_from(s: String) -> Result<Self, Self::Error> {
        s.parse()
    }
}

impl From<RegisterPeriod> for String {
    fn from(period: RegisterPeriod) -> String {
        period.to_string()
    }
}

/// How the messages of a registration travel.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RegisterTransport {
    /// Datagrams.
    #[default]
    Udp,
    /// A stream: a cancellation is not lost.
    Tcp,
}

named!(RegisterTransport { Udp = "udp", Tcp = "tcp" });

/// A host, IPv6 in brackets, and a port where it matters.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct SipHost {
    /// A name or an address, as it stands in a URI.
    pub host: String,
    /// The port, when it is written.
    pub port: Option<u16>,
}

impl FromStr for SipHost {
    type Err = &'static str;
    fn from_str(s: &str) -> Result<Self, Self::Err> {
        const WRONG: &str = "write a name or an address, with a port if it is not the usual one";
        let s = s.trim();
        let (host, port) = match s.strip_prefix('[') {
            Some(rest) => {
                let (six, rest) = rest.split_once(']').ok_or(WRONG)?;
                six.parse::<std::net::Ipv6Addr>().map_err(|_| WRONG)?;
                (s[..six.len() + 2].to_owned(), rest.strip_prefix(':').or(rest.is_empty().then_some("")))
            }
            None => match s.split_once(':') {
                Some((host, port)) => (host.to_owned(), Some(port)),
                None => (s.to_owned(), Some("")),
            },
        };
        let label = |label: &str| {
            (1..=63).contains(&label.len())
                && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
                && !label.starts_with('-')
                && !label.ends_with('-')
        };
        let sound = host.starts_with('[') || host.len() <= 253 && host.split('.').all(label);
        let has_port = s.len() > host.len();
        let port = match port.ok_or(WRONG)? {
            "" if !has_port => None,
            text => Some(text.parse().ok().filter(|port| *port > 0).ok_or(WRONG)?),
        };
        if sound { Ok(Self { host: host.to_ascii_lowercase(), port }) } else { Err(WRONG) }
    }
}

impl fmt::Display for SipHost {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.port {
            Some(port) => write!(f, "{}:{port}", self.host),
            None => f.write_str(&self.host),
        }
    }
}

impl TryFrom<String> for SipHost {
    type Error = &'static str;
    fn try_from(s: String) -> Result<Self, Self::Error> {
        s.parse()
    }
}

impl From<SipHost> for String {
    fn from(host: SipHost) -> String {
        host.to_string()
    }
}

/// The user part of an address: what may stand there unescaped (RFC 3261 §25.1), at most 64 characters.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct SipUser(String);

impl SipUser {
    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for SipUser {
    type Err = &'static str;
    fn from_str(s: &str) -> Result<Self, Self::Err> {
        let s = s.trim();
        let sound = s.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.!~*'()&=+$,/".contains(&b));
        match s.len() {
            1..=64 if sound => Ok(Self(s.to_owned())),
            _ => Err("write 1 to 64 letters, digits or - _ . ! ~ * ' ( ) & = + $ , /"),
        }
    }
}

impl TryFrom<String> for SipUser {
    type Error = &'static str;
    fn try_from(s: String) -> Result<Self, Self::Error> {
        s.parse()
    }
}

impl From<SipUser> for String {
    fn from(user: SipUser) -> String {
        user.0
    }
}

impl fmt::Display for SipUser {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

/// A registration as typed into its form.
#[derive(Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct RegistrationDraft {
    /// See [`RegistrationSettings::name`].
    pub name: String,
    /// A name or an address.
    pub server: String,
    /// The same, or empty.
    pub proxy: String,
    /// The user.
    pub user: String,
    /// The same, or empty.
    pub auth_user: String,
    /// A new password; empty keeps the one there is. Never filled in by us.
    pub password: String,
    /// A name or an address, or empty.
    pub contact: String,
    /// `default`, `auto` or seconds.
    pub period: String,
    /// `udp` or `tcp`; empty is `udp`.
    pub transport: String,
    /// `on`, or empty.
    pub enabled: String,
}

impl fmt::Debug for RegistrationDraft {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RegistrationDraft").field("name", &self.name).finish_non_exhaustive()
    }
}

/// A form that is right.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CheckedRegistration {
    /// All but the password.
    pub settings: RegistrationSettings,
    /// The new password, when one was given.
    pub password: Option<ForeignPassword>,
}

impl RegistrationDraft {
    /// What the form says, or what is wrong at each field.
    pub fn check(&self) -> Result<CheckedRegistration, Invalid> {
        let mut f = Fields::default();
        let name = f.parse("name", &self.name);
        let server = f.parse("server", &self.server);
        let proxy = f.optional("proxy", &self.proxy);
        let user = f.parse("user", &self.user);
        let auth_user = f.optional("auth_user", &self.auth_user);
        let contact = f.optional("contact", &self.contact);
        let period = f.parse("period", &self.period);
        let transport = f.optional("transport", &self.transport);
        let password = match self.password.as_str() {
            "" => Some(None),
            text => f.take("password", ForeignPassword::new(text)).map(Some),
        };
        let settings = (|| {
            Some(RegistrationSettings {
                name: name?,
                server: server?,
                proxy: proxy?,
                user: user?,
                auth_user: auth_user?,
                contact: contact?,
                period: period?,
                transport: transport?.unwrap_or_default(),
                enabled: !self.enabled.is_empty(),
            })
        })();
        f.finish(
            settings.zip(password).map(|(settings, password)| CheckedRegistration { settings, password }),
        )
    }
}

impl From<&RegistrationSettings> for RegistrationDraft {
    fn from(s: &RegistrationSettings) -> Self {
        let text = |value: &Option<SipHost>| value.as_ref().map(ToString::to_string).unwrap_or_default();
        Self {
            name: s.name.to_string(),
            server: s.server.to_string(),
            proxy: text(&s.proxy),
            user: s.user.to_string(),
            auth_user: s.auth_user.as_ref().map(ToString::to_string).unwrap_or_default(),
            password: String::new(),
            contact: text(&s.contact),
            period: s.period.to_string(),
            transport: s.transport.to_string(),
            enabled: if s.enabled { "on" } else { "" }.to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_form_survives_print_and_check() {
        let draft = RegistrationDraft {
            name: "Carrier".into(),
            server: "Sip.Example.com".into(),
            proxy: "[2001:db8::1]:5070".into(),
            user: "+441234".into(),
            auth_user: "trunk-7".into(),
            password: "x".into(),
            contact: "192.0.2.1:5062".into(),
            period: "300".into(),
            transport: "tcp".into(),
            enabled: "on".into(),
        };
        let checked = draft.check().unwrap();
        assert_eq!(checked.settings.server.to_string(), "sip.example.com");
        assert_eq!(checked.settings.period, RegisterPeriod::Seconds(300));
        let again = RegistrationDraft::from(&checked.settings);
        assert_eq!(again.check().unwrap().settings, checked.settings);
        assert!(!format!("{draft:?}{checked:?}").contains("\"x\""));
    }

    #[test]
    fn everything_wrong_is_told_at_its_field() {
        let draft = RegistrationDraft {
            server: "-bad-.example".into(),
            proxy: "h:0".into(),
            user: "a b".into(),
            auth_user: "\"".into(),
            password: "a\r\nb".into(),
            contact: "[::1".into(),
            period: "19".into(),
            transport: "pigeon".into(),
            ..Default::default()
        };
        let told = draft.check().unwrap_err();
        let fields: Vec<_> = told.by_field().into_keys().collect();
        assert_eq!(
            fields,
            ["auth_user", "contact", "name", "password", "period", "proxy", "server", "transport", "user"]
        );
    }
}

//! Receivers of events at other people's servers (INT-3).

use std::{collections::BTreeMap, fmt, str::FromStr};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{
    EventKind, Fields, Invalid, Name, RowVersion, WebhookDeliveryId, WebhookId, account::named,
    cause::UnknownName,
};

/// Longest address of a receiver.
const LONGEST: usize = 500;

/// Where events are posted to: `https://` or `http://`, a host, and whatever follows, without user and fragment.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct WebhookUrl(String);

impl WebhookUrl {
    /// As it was written.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether what is posted is encrypted.
    pub fn is_encrypted(&self) -> bool {
        self.0.starts_with("https://")
    }

    /// The host, IPv6 without brackets.
    pub fn host(&self) -> &str {
        split(&self.0).map_or("", |(_, host, ..)| host)
    }

    /// The port.
    pub fn port(&self) -> u16 {
        split(&self.0).map_or(443, |(_, _, port, _)| port)
    }

    /// Path and query, as they are asked for.
    pub fn target(&self) -> &str {
        split(&self.0).map_or("/", |(.., target)| if target.is_empty() { "/" } else { target })
    }

    /// Host and port as the `Host` header has them.
    pub fn authority(&self) -> &str {
        let rest = self.0.split_once("://").map_or("", |(_, rest)| rest);
        rest.split(['/', '?']).next().unwrap_or_default()
    }
}

/// Why a text is no address of a receiver.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("write an address like https://example.com/events, without user or password")]
pub struct WebhookUrlError;

/// Whether it is encrypted, the host, the port, and what is asked for.
fn split(text: &str) -> Option<(bool, &str, u16, &str)> {
    let (encrypted, rest) = match text.strip_prefix("https://") {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix("http://")?),
    };
    let end = rest.find(['/', '?']).unwrap_or(rest.len());
    let (authority, target) = rest.split_at(end);
    let usual = if encrypted { 443 } else { 80 };
    let (host, port) = match authority.strip_prefix('[') {
        Some(six) => {
            let (host, after) = six.split_once(']')?;
            host.parse::<std::net::Ipv6Addr>().ok()?;
            (host, after)
        }
        None => authority.find(':').map_or((authority, ""), |colon| authority.split_at(colon)),
    };
    let port = match port {
        "" => usual,
        written => written.strip_prefix(':')?.parse().ok().filter(|port| *port != 0)?,
    };
    let letters = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '_');
    let named =
        !host.is_empty() && host.len() <= 253 && host.chars().all(letters) && !host.starts_with(['-', '.']);
    let six = authority.starts_with('[');
    (named || six).then_some((encrypted, host, port, target))
}

impl FromStr for WebhookUrl {
    type Err = WebhookUrlError;

    fn from_str(s: &str) -> Result<Self, WebhookUrlError> {
        let text = s.trim();
        let plain =
            text.bytes().all(|b| b.is_ascii_graphic() && !matches!(b, b'#' | b'"' | b'<' | b'>' | b'\\'));
        let (_, _, _, target) =
            split(text).filter(|_| plain && text.len() <= LONGEST).ok_or(WebhookUrlError)?;
        if target.starts_with('?') {
            return Err(WebhookUrlError);
        }
        Ok(Self(text.to_owned()))
    }
}

impl TryFrom<String> for WebhookUrl {
    type Error = WebhookUrlError;
    fn try_from(text: String) -> Result<Self, WebhookUrlError> {
        text.parse()
    }
}

impl From<WebhookUrl> for String {
    fn from(url: WebhookUrl) -> Self {
        url.0
    }
}

impl fmt::Display for WebhookUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

/// What deliveries to a receiver are signed with: 16 to 128 printable characters without spaces. It is never shown and never
/// serialised.
#[derive(Clone, PartialEq, Eq)]
pub struct WebhookSecret(String);

impl WebhookSecret {
    /// As both sides know it.
    pub fn new(text: &str) -> Result<Self, &'static str> {
        match text.len() {
            0..16 => Err("at least 16 characters are needed: whoever guesses it can forge events"),
            16..=128 if text.bytes().all(|b| b.is_ascii_graphic()) => Ok(Self(text.to_owned())),
            _ => Err("at most 128 letters, digits and signs, without spaces"),
        }
    }

    /// The text, to be sealed or signed with.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for WebhookSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("WebhookSecret(…)")
    }
}

/// A receiver.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Webhook {
    /// Its key.
    pub id: WebhookId,
    /// For concurrent edits.
    pub version: RowVersion,
    /// What people set.
    pub settings: WebhookSettings,
}

/// What people set on a receiver; all but its secret.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct WebhookSettings {
    /// Unique among receivers.
    pub name: Name,
    /// Where events go.
    pub url: WebhookUrl,
    /// Which events, in the order of the catalogue; never none.
    pub events: Vec<EventKind>,
    /// Off lets what comes from now on pass by; what waits stays.
    pub enabled: bool,
}

/// A receiver as typed into its form.
#[derive(Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct WebhookDraft {
    /// See [`WebhookSettings::name`].
    pub name: String,
    /// See [`WebhookSettings::url`].
    pub url: String,
    /// A new secret; empty keeps the one there is. Never filled in by us.
    pub secret: String,
    /// `on`, or empty.
    pub enabled: String,
    /// The ticked boxes of events.
    #[serde(flatten)]
    pub boxes: BTreeMap<String, String>,
}

impl fmt::Debug for WebhookDraft {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WebhookDraft").field("name", &self.name).finish_non_exhaustive()
    }
}

/// A form that is right.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CheckedWebhook {
    /// All but the secret.
    pub settings: WebhookSettings,
    /// The new secret, when one was given.
    pub secret: Option<WebhookSecret>,
}

impl WebhookDraft {
    /// The name of an event's check box.
    pub fn box_name(kind: EventKind) -> String {
        format!("event_{}", kind.name().replace('.', "_"))
    }

    /// Whether the box of an event is ticked.
    pub fn ticked(&self, kind: EventKind) -> bool {
        self.boxes.get(&Self::box_name(kind)).is_some_and(|value| !value.is_empty())
    }

    /// Ticks these events.
    pub fn tick(&mut self, kinds: impl IntoIterator<Item = EventKind>) {
        self.boxes.extend(kinds.into_iter().map(|kind| (Self::box_name(kind), "on".to_owned())));
    }

    /// What the form says, or what is wrong at each field.
    pub fn check(&self) -> Result<CheckedWebhook, Invalid> {
        let mut f = Fields::default();
        let name = f.parse("name", &self.name);
        let url = f.parse("url", &self.url);
        let secret = match self.secret.as_str() {
            "" => Some(None),
            text => f.take("secret", WebhookSecret::new(text)).map(Some),
        };
        let events: Vec<EventKind> = EventKind::chosen().filter(|kind| self.ticked(*kind)).collect();
        if events.is_empty() {
            f.refuse("events", "choose at least one event");
        }
        let settings =
            (|| Some(WebhookSettings { name: name?, url: url?, events, enabled: !self.enabled.is_empty() }))(
            );
        f.finish(settings.zip(secret).map(|(settings, secret)| CheckedWebhook { settings, secret }))
    }
}

impl From<&WebhookSettings> for WebhookDraft {
    fn from(s: &WebhookSettings) -> Self {
        let mut draft = Self {
            name: s.name.to_string(),
            url: s.url.to_string(),
            secret: String::new(),
            enabled: if s.enabled { "on" } else { "" }.to_owned(),
            boxes: BTreeMap::new(),
        };
        draft.tick(s.events.iter().copied());
        draft
    }
}

/// A receiver in a list.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct WebhookRow {
    /// The receiver.
    pub webhook: Webhook,
    /// Deliveries that wait, for their first try or the next one.
    pub waiting: i64,
    /// Deliveries given up, as far as they are kept.
    pub failed: i64,
    /// When it took one last.
    pub last_delivered: Option<DateTime<Utc>>,
}

/// Where a delivery stands.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeliveryState {
    /// It is to be tried, for the first time or again.
    Waiting,
    /// The receiver has taken it (2xx).
    Delivered,
    /// It was given up after the last try.
    Failed,
}

named!(DeliveryState { Waiting = "waiting", Delivered = "delivered", Failed = "failed" });

/// An event on its way to a receiver.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct WebhookDelivery {
    /// Its key.
    pub id: WebhookDeliveryId,
    /// The event; the same for all receivers and all tries.
    pub event: Uuid,
    /// Its kind.
    pub kind: EventKind,
    /// When it happened.
    pub happened_at: DateTime<Utc>,
    /// Where it stands.
    pub state: DeliveryState,
    /// Tries so far.
    pub attempts: u32,
    /// When it is tried next, while it waits.
    pub due_at: DateTime<Utc>,
    /// When it was tried last.
    pub last_at: Option<DateTime<Utc>>,
    /// The status of the last answer.
    pub last_status: Option<u16>,
    /// Why the last try failed.
    pub last_error: Option<String>,
    /// How long the last try took, in milliseconds.
    pub last_took_ms: Option<u32>,
    /// What is posted.
    pub body: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_taken_apart() {
        for (text, host, port, target, authority) in [
            ("https://example.com", "example.com", 443, "/", "example.com"),
            ("http://example.com:8080/a?b=c", "example.com", 8080, "/a?b=c", "example.com:8080"),
            (" https://[2001:db8::1]:8443/x ", "2001:db8::1", 8443, "/x", "[2001:db8::1]:8443"),
            ("http://192.0.2.7/", "192.0.2.7", 80, "/", "192.0.2.7"),
        ] {
            let url: WebhookUrl = text.parse().unwrap();
            assert_eq!(
                (url.host(), url.port(), url.target(), url.authority()),
                (host, port, target, authority)
            );
            assert_eq!(url.is_encrypted(), text.trim().starts_with("https"));
        }
    }

    #[test]
    fn what_is_no_address_of_a_receiver_is_refused() {
        for text in [
            "",
            "example.com",
            "ftp://example.com",
            "https://",
            "https:///x",
            "https://u:p@example.com/",
            "https://example.com:0/",
            "https://example.com:x/",
            "https://exa mple.com/",
            "https://example.com/\r\nX: y",
            "https://[::1/",
            "https://[zz]/",
            "https://-a.example/",
            "https://a.example/#f",
            "https://a.example?x=1",
            "https://ä.example/",
            "javascript:alert(1)",
            "https://a.example:99999/",
            "https://[::1]x/",
        ] {
            assert_eq!(text.parse::<WebhookUrl>(), Err(WebhookUrlError), "{text:?}");
        }
        assert!(format!("https://a.example/{}", "x".repeat(LONGEST)).parse::<WebhookUrl>().is_err());
    }

    #[test]
    fn a_receiver_survives_its_own_form_and_its_secret_is_never_in_it() {
        let mut draft = WebhookDraft {
            name: "CRM".into(),
            url: "https://crm.example/events".into(),
            secret: "0123456789abcdef".into(),
            enabled: "on".into(),
            ..Default::default()
        };
        draft.tick([EventKind::GatewayOffline, EventKind::PhoneOnline]);
        let checked = draft.check().unwrap();
        assert_eq!(checked.settings.events, [EventKind::PhoneOnline, EventKind::GatewayOffline]);
        assert_eq!(checked.secret.as_ref().unwrap().expose(), "0123456789abcdef");
        assert!(!format!("{draft:?}{checked:?}").contains("0123456789abcdef"));
        let again = WebhookDraft::from(&checked.settings);
        assert!(again.secret.is_empty());
        assert_eq!(again.check().unwrap().settings, checked.settings);
    }

    #[test]
    fn everything_wrong_is_told_at_its_field() {
        let draft = WebhookDraft { url: "example".into(), secret: "short".into(), ..Default::default() };
        let told = draft.check().unwrap_err();
        assert_eq!(told.by_field().into_keys().collect::<Vec<_>>(), ["events", "name", "secret", "url"]);
    }
}

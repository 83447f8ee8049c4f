//! Registered contacts of one phone (RFC 3261 §10).

mod contact;
mod stored;
mod update;

use std::sync::Arc;
use std::time::Duration;

use sip::{Flow, SipUri};
use smallvec::SmallVec;

pub(crate) use contact::{Asked, LONGEST_CALL_ID};
pub(crate) use update::{Update, update};

/// One registered contact.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Binding {
    /// The contact's URI.
    pub contact: Box<str>,
    /// The registration's Call-ID.
    pub call_id: Box<str>,
    /// Its last sequence number.
    pub cseq: u32,
    /// Preference in thousandths, 0 to 1000.
    pub q: u16,
    /// When it ends, since the Unix epoch.
    pub expires: Duration,
    /// When it was last refreshed.
    pub refreshed: Duration,
    /// The way it came, and the way back: through the phone's address translation, or on its connection.
    pub flow: Flow,
    /// Whether the phone is behind address translation.
    pub nat: bool,
    /// The proxies on the way to it, nearest first (RFC 3327).
    pub path: Box<[Box<str>]>,
    /// What the phone says it is.
    pub user_agent: Option<Box<str>>,
    /// Which device it is, when it says so.
    pub device: Option<Device>,
}

/// A device that tells itself from others of the same user (RFC 5626 §4.1).
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Device {
    /// `+sip.instance`, without quotes.
    pub instance: Box<str>,
    /// Which of the device's flows; none when it keeps only one.
    pub reg_id: Option<u32>,
}

/// All contacts of one phone at one moment.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Bindings {
    revision: u64,
    contacts: SmallVec<[Arc<Binding>; 1]>,
}

impl Bindings {
    /// How often they have been changed: of two, the larger one is later.
    pub fn revision(&self) -> u64 {
        self.revision
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.contacts.is_empty()
    }

    /// Every contact, what has run out included, in the order of registration.
    pub fn all(&self) -> impl Iterator<Item = &Arc<Binding>> {
        self.contacts.iter()
    }

    /// The contacts that have not run out.
    pub fn live(&self, now: Duration) -> impl Iterator<Item = &Arc<Binding>> {
        self.contacts.iter().filter(move |binding| binding.expires > now)
    }

    /// The Contact headers of a 200 (RFC 3261 §10.3 step 8).
    pub(crate) fn headers(&self, now: Duration) -> impl Iterator<Item = String> {
        self.live(now).map(move |binding| binding.header(now))
    }

    /// The next state: what `keep` leaves of this one.
    pub(crate) fn without(&self, keep: impl Fn(&Binding) -> bool) -> Self {
        let contacts = self.contacts.iter().filter(|binding| keep(binding)).cloned().collect();
        Self { revision: self.revision + 1, contacts }
    }
}

impl Binding {
    /// Whether two contacts are the same (RFC 3261 §10.2.4): nearly always in the same words.
    fn is_of(&self, text: &str, uri: &SipUri) -> bool {
        *self.contact == *text || SipUri::parse(&self.contact).is_ok_and(|own| own.equivalent(uri))
    }

    /// The Contact header's value in a 200, with what remains.
    fn header(&self, now: Duration) -> String {
        // Rounded up: one that has not run out is never told as gone.
        let left = self.expires.saturating_sub(now).as_millis().div_ceil(1000);
        let mut text = format!("<{}>;expires={left}", self.contact);
        if self.q < 1000 {
            text.push_str(&format!(";q={}.{:03}", self.q / 1000, self.q % 1000));
        }
        if let Some(device) = &self.device {
            text.push_str(&format!(";+sip.instance=\"{}\"", device.instance));
            if let Some(reg_id) = device.reg_id {
                text.push_str(&format!(";reg-id={reg_id}"));
            }
        }
        text
    }

    /// Whether it dies with its connection.
    pub fn is_on_connection(&self) -> bool {
        self.flow.transport.is_reliable()
    }
}

//! What is written down about a parameter.

use std::{fmt, hash::Hash};

use serde::{Deserialize, Serialize};

use super::{Kind, Value};

/// A named parameter: one entry of the registry. As small as a pointer.
#[derive(Clone, Copy)]
pub struct Parameter(pub(super) &'static Entry);

/// Everything that is written down about a parameter.
#[derive(Debug)]
pub struct Entry {
    /// The name that carriers know it by.
    pub name: &'static str,
    /// Other names that are accepted wherever a name is read (decision 2).
    pub aliases: &'static [Alias],
    /// The page on which the portal shows it.
    pub page: Page,
    /// The part of the page.
    pub topic: Topic,
    /// What it may hold.
    pub kind: Kind,
    /// What its number counts.
    pub unit: Unit,
    /// What it holds unless somebody sets it.
    pub default: Value,
    /// What a change reaches. Nothing needs a restart.
    pub effect: Effect,
    /// Who may have a value of their own.
    pub levels: &'static [Level],
    /// How such a value and the system's make one.
    pub layering: Layering,
    /// What it does, as in its documentation, untrimmed.
    pub(super) about: &'static str,
    /// Whether the switch acts on it today; others can be set and are kept.
    pub built: bool,
}

/// Another name for a parameter.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Alias {
    /// The name.
    pub name: &'static str,
    /// What values are called under that name, and under the canonical one; others are the same under both.
    pub values: &'static [(&'static str, &'static str)],
}

/// The portal's pages of parameters.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Page {
    /// SIP.
    Sip,
    /// System.
    System,
    /// Server: billing and records.
    Server,
}

impl Page {
    /// Every page, in the order shown.
    pub const ALL: &'static [Self] = &[Self::Sip, Self::System, Self::Server];
}

impl fmt::Display for Page {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Sip => "SIP",
            Self::System => "System",
            Self::Server => "Server",
        })
    }
}

macro_rules! topics {
    ($($(#[$doc:meta])* $topic:ident = $text:literal,)*) => {
        /// What belongs together on a page.
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
        pub enum Topic { $($(#[$doc])* $topic,)* }

        impl fmt::Display for Topic {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(match self { $(Self::$topic => $text,)* })
            }
        }
    };
}

topics! {
    /// From INVITE to answer.
    Progress = "Call progress",
    /// The next gateway after a failure.
    Switching = "Gateway switching",
    /// What a gateway's signalling is like.
    Signalling = "Signalling of gateways",
    /// Whether an answered call is still there.
    Session = "Session timer",
    /// Numbers and names in headers.
    Identity = "Numbers in headers",
    /// Who is let in.
    Authentication = "Authentication",
    /// Phones that register here.
    Registrar = "Registrar",
    /// Registrations of ours elsewhere.
    Registration = "Registration elsewhere",
    /// Devices behind address translation.
    Nat = "NAT",
    /// How long a call may last.
    Duration = "Call duration",
    /// Tones and marks on packets.
    Media = "Media",
    /// Which gateway is good enough.
    Selection = "Gateway quality",
    /// Durations, holds and prices.
    Billing = "Billing",
    /// Call records and questions about them.
    Records = "Call records",
    /// What was signalled lately.
    Tracing = "Signalling trace",
}

/// What a number counts.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub enum Unit {
    /// Nothing: a switch, a text, a bare count.
    #[default]
    None,
    /// Thousandths of a second.
    Milliseconds,
    /// Seconds.
    Seconds,
    /// Minutes.
    Minutes,
    /// Days.
    Days,
    /// Hundredths of the whole.
    Percent,
    /// An amount in each account's own currency.
    Currency,
}

impl fmt::Display for Unit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::None => "",
            Self::Milliseconds => "ms",
            Self::Seconds => "s",
            Self::Minutes => "min",
            Self::Days => "days",
            Self::Percent => "%",
            Self::Currency => "account's currency",
        })
    }
}

/// What a change of a parameter reaches.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Effect {
    /// Calls that begin after it; those in progress keep what they began with.
    NewCalls,
    /// Registrations and authentications that begin after it.
    NewSessions,
    /// Everything, at once.
    Immediately,
}

impl fmt::Display for Effect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::NewCalls => "new calls",
            Self::NewSessions => "new sessions",
            Self::Immediately => "immediately",
        })
    }
}

/// Who may have a value of their own instead of the system's.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Level {
    /// A customer trunk.
    MappingGateway,
    /// A vendor trunk.
    RoutingGateway,
    /// A registered phone.
    Phone,
    /// A billed party.
    Account,
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::MappingGateway => "mapping gateway",
            Self::RoutingGateway => "routing gateway",
            Self::Phone => "phone",
            Self::Account => "account",
        })
    }
}

/// How the value of a gateway and the system's make one.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Layering {
    /// The gateway's takes the system's place.
    Replaces,
    /// The smaller of both counts, 0 being no limit (decision 11).
    Tightens,
}

impl Parameter {
    /// All that is written down about it.
    pub fn entry(self) -> &'static Entry {
        self.0
    }

    /// Its canonical name.
    pub fn name(self) -> &'static str {
        self.0.name
    }

    /// What it does, in a sentence or two.
    pub fn about(self) -> &'static str {
        self.0.about.trim()
    }

    /// What it holds unless somebody sets it.
    pub fn default_value(self) -> &'static Value {
        &self.0.default
    }

    /// Whether `level` may have a value of its own.
    pub fn overridable_by(self, level: Level) -> bool {
        self.0.levels.contains(&level)
    }
}

impl PartialEq for Parameter {
    fn eq(&self, other: &Self) -> bool {
        // Not by address: the compiler may keep several copies of an entry.
        self.0.name == other.0.name
    }
}

impl Eq for Parameter {}

impl PartialOrd for Parameter {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Parameter {
    /// By name.
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.0.name.cmp(other.0.name)
    }
}

impl Hash for Parameter {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.0.name.hash(state);
    }
}

impl fmt::Debug for Parameter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.name)
    }
}

/// An entry as its topic begins it; what follows is added to it.
pub(super) const fn entry(page: Page, topic: Topic, kind: Kind, default: Value) -> Entry {
    Entry {
        name: "",
        aliases: &[],
        page,
        topic,
        kind,
        unit: Unit::None,
        default,
        effect: Effect::NewCalls,
        levels: &[],
        layering: Layering::Replaces,
        about: "",
        built: false,
    }
}

impl Entry {
    pub(super) const fn unit(mut self, unit: Unit) -> Self {
        self.unit = unit;
        self
    }

    pub(super) const fn effect(mut self, effect: Effect) -> Self {
        self.effect = effect;
        self
    }

    pub(super) const fn by(mut self, levels: &'static [Level]) -> Self {
        self.levels = levels;
        self
    }

    pub(super) const fn tightens(mut self) -> Self {
        self.layering = Layering::Tightens;
        self
    }

    pub(super) const fn aliases(mut self, aliases: &'static [Alias]) -> Self {
        self.aliases = aliases;
        self
    }

    /// The switch acts on it.
    pub(super) const fn built(mut self) -> Self {
        self.built = true;
        self
    }

    pub(super) const fn named(mut self, name: &'static str, about: &'static str) -> Self {
        self.name = name;
        self.about = about;
        self
    }
}

/// Declares the parameters of a topic: each becomes a constant of [`Parameter`], its documentation its description.
macro_rules! parameters {
    ($($(#[doc = $about:literal])+ $name:ident = $entry:expr;)+) => {
        impl super::Parameter {
            $($(#[doc = $about])+
            pub const $name: Self = {
                const ENTRY: &super::Entry = &$entry.named(stringify!($name), concat!($($about),+));
                Self(ENTRY)
            };)+
        }

        /// This topic, in the order shown.
        pub(super) const ALL: &[super::Parameter] = &[$(super::Parameter::$name),+];
    };
}

pub(super) use parameters;

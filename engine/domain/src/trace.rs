//! What the debug trace shows people (OPS-4). The texts come from far ends: they may hold anything.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::CallId;

/// Messages as they went between the far ends and us.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
pub struct TraceLadder {
    /// Who takes part, from left to right: those who asked, the switch, those who were asked.
    pub lanes: Vec<TraceLane>,
    /// The messages in the order of time.
    pub steps: Vec<TraceStep>,
    /// What is to be noticed.
    pub findings: Vec<TraceFinding>,
    /// There were more messages; the earliest are left out.
    pub cut: bool,
    /// The moment from which on the trace has everything; none when it has seen nothing yet.
    pub since: Option<DateTime<Utc>>,
}

/// A party of a ladder.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct TraceLane {
    /// What we call it; empty when nobody knows it.
    pub name: String,
    /// Its address; empty where several share the lane.
    pub address: String,
    /// It is the switch itself.
    pub ours: bool,
}

/// What sort of message it is.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TraceKind {
    /// A request.
    Request,
    /// A response below 200.
    Provisional,
    /// A 2xx.
    Success,
    /// A 3xx, or a challenge.
    Redirection,
    /// Any other final response.
    Failure,
    /// Nothing that could be read.
    Unreadable,
}

/// One message of a ladder.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct TraceStep {
    /// When.
    pub at: DateTime<Utc>,
    /// The lane it comes from.
    pub from: usize,
    /// The lane it goes to.
    pub to: usize,
    /// `INVITE`, `183 Session Progress`.
    pub label: String,
    /// What tells it from others of its kind: `CSeq 2 INVITE`, `RAck 1 1 INVITE`.
    pub marks: Vec<String>,
    /// What sort it is.
    pub kind: TraceKind,
    /// It carries a session description.
    pub has_sdp: bool,
    /// The same message went before.
    pub is_repeated: bool,
    /// What became of it, when it was not simply handled: a word of the catalogue.
    pub fate: Option<String>,
    /// What exactly is wrong with it.
    pub fate_detail: String,
    /// `UDP`, `TCP` …
    pub transport: String,
    /// Where it came from.
    pub source: String,
    /// Where it went.
    pub target: String,
    /// Its Call-ID.
    pub call_id: String,
    /// Its length in octets.
    pub octets: u64,
    /// The message as text; cut when it is long, none when the page has too much already.
    pub text: Option<String>,
    /// The challenges and credentials in it.
    pub digests: Vec<TraceDigest>,
}

/// A challenge, or the answer to one.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct TraceDigest {
    /// The header's name.
    pub header: String,
    /// A challenge; else credentials.
    pub is_challenge: bool,
    /// Its parts by their names in the header: `realm`, `nonce`, `nc` …
    pub parts: Vec<(String, String)>,
    /// What is wrong with it, when it cannot be read.
    pub fault: Option<String>,
}

/// Something in a ladder that is to be noticed.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct TraceFinding {
    /// What.
    pub what: TraceNotice,
    /// How often.
    pub count: u64,
    /// Whose: an address, or a word of the catalogue.
    pub whose: String,
}

/// What is to be noticed.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TraceNotice {
    /// More than two challenges were answered and none was good: a wrong password or realm.
    ChallengeLoop,
    /// A challenge was never answered.
    ChallengeUnanswered,
    /// After a challenge the request came again without credentials.
    NoCredentials,
    /// Credentials on a nonce that was too old: challenged again, no failure.
    StaleNonce,
    /// What the registrar made of credentials; `whose` is its word.
    Login,
    /// Messages that were dropped or refused; `whose` is the reason's word.
    Refused,
    /// A request that was never answered at all.
    Unanswered,
    /// Messages that went again.
    Repeated,
    /// A registration was removed: REGISTER with expiry 0, and its 200.
    Unregistered,
}

/// Messages that belong together, in a list.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct TraceExchange {
    /// The call, when it is one of ours.
    pub call: Option<CallId>,
    /// The Call-ID; empty for what has none.
    pub call_id: String,
    /// When it began, as far as the trace goes back.
    pub first_at: DateTime<Utc>,
    /// Its latest message.
    pub last_at: DateTime<Utc>,
    /// Its first request; empty when none was seen.
    pub method: String,
    /// Who calls.
    pub caller: String,
    /// Who is called.
    pub called: String,
    /// Where the first message came from, or went to.
    pub remote: String,
    /// The latest final answer to the first request.
    pub answer: Option<u16>,
    /// How many messages.
    pub messages: u64,
    /// What became of refused ones: a word of the catalogue.
    pub fate: Option<String>,
    /// What exactly was wrong.
    pub fate_detail: String,
}

/// A list of exchanges, the latest first.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct TraceOverview {
    /// The exchanges.
    pub exchanges: Vec<TraceExchange>,
    /// There were more.
    pub cut: bool,
    /// The moment from which on the trace has everything of calls.
    pub since: Option<DateTime<Utc>>,
}

/// A capture: messages kept aside.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct CaptureView {
    /// Its number; counted from the start of the process.
    pub id: u64,
    /// What is captured, in words.
    pub what: String,
    /// Who began it.
    pub by: String,
    /// When.
    pub started_at: DateTime<Utc>,
    /// When it ends by itself.
    pub ends_at: DateTime<Utc>,
    /// When it ended; none while it runs.
    pub ended_at: Option<DateTime<Utc>>,
    /// Why it ended.
    pub end: Option<CaptureEnd>,
    /// Messages that it holds.
    pub messages: u64,
    /// Octets that they take.
    pub bytes: u64,
    /// Octets at which it is full.
    pub most_bytes: u64,
    /// Messages of the whole switch that came too fast to be looked at meanwhile.
    pub lost: u64,
}

/// Why a capture ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CaptureEnd {
    /// Its time was over.
    TimeOver,
    /// It had all that it might hold.
    Full,
    /// Somebody stopped it.
    Stopped,
}

//! The configuration as a TOML document, for `tandem apply` and `tandem export`.
//!
//! ```toml
//! [parameters]                # every name stands in docs/parameters.md; "" where it is no value is the default
//! SS_SIP_TIMEOUT_INVITE = 8
//! SS_REPLY_UNAUTHORIZED = true
//! SERVER_BILLING_FREE_E164S = ["911", "0800*"]
//! SS_SIP_RESEND_INTERVAL = "0.5, 1, 2, 4"
//!
//! [[rate_table]]
//! name = "Sell"
//! currency = "USD"
//! billing_unit = 6            # seconds, 1 to 3600; left out: the system's
//! rates = [
//!     { prefix = "44", destination = "United Kingdom", rate = "0.0235", connect_fee = "0.01", billing_unit = 1 },
//! ]
//!
//! [[account]]
//! name = "Acme"
//! kind = "customer"           # or "vendor"
//! currency = "USD"
//! precision = 4
//! credit_limit = "0"
//! rate_table = "Sell"
//! agent = "Reseller"          # who brought this customer
//! status = "active"           # or "locked"
//! opening_balance = "100"     # booked once, when the account is made
//!
//! [[agent]]
//! name = "Reseller"
//! account = "Reseller"        # its own, a customer of nobody
//! status = "active"           # or "locked": its people are kept out
//!
//! [[mapping_gateway]]
//! name = "Acme"
//! account = "Acme"
//! sources = ["192.0.2.7", "192.0.2.16/28", "192.0.2.9:5062"]
//! user = ""                   # instead of sources: known by user and password
//! password = "…"              # read, never exported; left out: as it is
//! max_calls = 30
//! enabled = true
//! caller_field = "from"       # or "remote_party_id", "asserted_identity", "display"
//! callee_field = "request_line" # or "to"
//! support_privacy = false     # what its callers ask for in Privacy counts
//!
//! [[routing_gateway]]
//! name = "Carrier"
//! account = "Carrier"
//! address = "198.51.100.1:5060" # or a name, which is looked up: "sip.example.com"
//! prefixes = ["44", "1"]      # "" takes every number
//! transport = "auto"           # or "udp", "tcp", "tls"
//! local = ""                  # which of our addresses speaks to it: "192.0.2.1" or "192.0.2.1:5070"
//! redirects = "refuse"        # its 3xx; or "follow", "pass"
//! prefix_mode = "extension"   # or "expiration"
//! priority = 10
//! user = ""                   # for a gateway that challenges our calls
//! password = "…"              # read, never exported; left out: as it is
//! max_calls = 100
//! enabled = true
//! privacy = ""                # as the system; or "none", "passthrough", "id"
//! asserted_identity = "none"  # or "passthrough", "caller"
//! preferred_identity = "none" # likewise
//! asserted_rules = ["00=+", "0=+49"] # of the caller's number in P-Asserted-Identity
//! peer_number = "from"        # or "remote_party_id", "display"
//! local_domain = false        # From carries SS_LOCAL_IP_DOMAIN
//! user_phone = false          # numbers in URIs get user=phone
//! custom_headers = ["X-Carrier: 7"]
//! passed_headers = ["X-Trace", "Subject"] # of the caller's; ["*"] passes all that may pass
//! parameters = { SS_SIP_TIMEOUT_RINGING = 60 }   # its own values; "" inherits the system's
//!
//! [[phone]]
//! number = "1001"
//! account = "Acme"
//! password = "…"              # read, never exported; left out: as it is
//! display_name = "Reception"
//! max_calls = 2
//! address = "192.0.2.60:5060" # for a phone that does not register
//! max_contacts = 1
//! forward_always = ""         # a number, or "gateway:Carrier"
//! forward_busy = ""
//! forward_no_answer = "1002"
//! no_answer_after = 20        # seconds
//! forward_offline = "gateway:Carrier"
//! do_not_disturb = false
//! caller_ids = ["14155550100"]
//! allowed_networks = ["192.0.2.0/24"]
//! enabled = true
//!
//! [[registration]]            # of ours at another server
//! name = "Carrier"
//! server = "sip.example.com"
//! proxy = "198.51.100.9:5060"
//! user = "441234"
//! auth_user = "trunk"
//! password = "…"
//! contact = "pbx.example.com"
//! period = "default"          # "auto", or 20 to 7200 seconds
//! transport = "udp"           # or "tcp"
//! enabled = true
//! ```
//!
//! Things are known by their names. What the document names and the database has not is made; what both have is changed where
//! they differ; nothing is ever removed, rates neither: those of a table are matched by prefix. A key that is left out keeps
//! its value, or takes its default when the thing is made; an optional one is emptied by `""`. References are by name and may
//! point to things of the same document, in any order. Values pass the same checks as in the portal's forms.

mod apply;
mod change;
mod entry;
mod export;
mod parameters;
mod parse;
mod phones;
mod position;
mod rates;
mod things;

pub use apply::{ApplyError, Refusal, apply, apply_with};
pub use change::{Change, ChangeKind};
pub use export::export;
pub use parse::Document;
pub use position::DocumentError;

//! Who sends a request that comes from no gateway's address.

use std::sync::Arc;
use std::time::Duration;

use domain::{MappingGatewayId, PhoneMode};
use sip::{Flow, Message};

use crate::answer::Answer;
use crate::directory::{Line, Trunk};
use crate::door::{Known, Outcome, Visit};
use crate::registrar::{Output, Registrar};

/// Who it is.
#[derive(Clone)]
pub enum Admission {
    /// This phone.
    Phone(Arc<Line>),
    /// This customer's trunk, by its password.
    Trunk(MappingGatewayId),
    /// Nobody yet, or nobody at all.
    Refused(Answer),
}

impl Registrar {
    /// Says which phone or trunk sends a request other than REGISTER, or what is answered: a phone with a fixed address is known by it,
    /// every other by its credentials. With it comes what the authentication came to (none for a fixed address) and what is to
    /// be told.
    pub fn admit(
        &self,
        now: Duration,
        message: &Message,
        flow: Flow,
    ) -> (Admission, Option<Outcome>, Vec<Output>) {
        let directory = self.directory.load();
        if let Some(line) = directory.fixed_at(flow.remote) {
            return (Admission::Phone(Arc::clone(line)), None, Vec::new());
        }
        let visit = Visit { now, message, source: flow.remote, policy: &directory.policy };
        // A number of digits alone is a phone's, whatever a trunk's user may be.
        let phone = |user: &str| directory.numbered(user).filter(|line| line.settings().enabled);
        let find = |user: &str| match phone(user) {
            Some(line) => line.known(now, flow),
            None => directory.trunk(user).map(|trunk| trunk.known()),
        };
        let checked = self.door.check(&visit, find);
        let outputs = checked.suspended.into_iter().map(Output::Suspended).collect();
        let admission = match checked.refusal {
            Some(refusal) => Admission::Refused(refusal),
            None => {
                let trunk = || directory.trunk(&checked.user).map(|trunk| Admission::Trunk(trunk.id));
                let phone = phone(&checked.user).map(|line| Admission::Phone(Arc::clone(line)));
                phone.or_else(trunk).expect("who was let in is known under this name")
            }
        };
        (admission, Some(checked.outcome), outputs)
    }

    /// Whether a request from this address is from somebody known: a phone's fixed address, or one that is registered from there
    /// under the name it gives. What is not is a stranger to `SS_REPLY_UNAUTHORIZED` (decision 22).
    pub fn knows(&self, now: Duration, message: &Message, flow: Flow) -> bool {
        let directory = self.directory.load();
        let name = message.from().ok().and_then(|from| from.uri.decoded_user()).unwrap_or_default();
        directory.fixed_at(flow.remote).is_some()
            || directory.numbered(&name).is_some_and(|line| line.is_at_home(now, flow))
    }
}

impl Trunk {
    fn known(&self) -> Known<'_> {
        Known { keys: &self.keys, replay: &self.replay, networks: &[], at_home: false }
    }
}

impl Line {
    /// What its credentials are checked with; `None` for one without a password.
    pub(crate) fn known(&self, now: Duration, flow: Flow) -> Option<Known<'_>> {
        Some(Known {
            keys: self.keys.as_ref()?,
            replay: &self.state.replay,
            networks: &self.settings().allowed_networks,
            at_home: self.is_at_home(now, flow),
        })
    }

    fn is_at_home(&self, now: Duration, flow: Flow) -> bool {
        let address = flow.remote.ip();
        matches!(self.settings().mode, PhoneMode::Dynamic)
            && self
                .bindings()
                .as_ref()
                .is_some_and(|b| b.live(now).any(|binding| binding.flow.remote.ip() == address))
    }
}

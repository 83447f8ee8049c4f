//! REGISTER, from request to answer (RFC 3261 §10.3).

use std::sync::Arc;
use std::time::Duration;

use domain::PhoneMode;
use sip::{Flow, HeaderName, Message};

use crate::answer::{Answer, Reply};
use crate::bindings::{Asked, Bindings, LONGEST_CALL_ID, Update, update};
use crate::directory::Line;
use crate::door::{Outcome, Visit};
use crate::registrar::{Output, Outputs, Registrar};

/// What became of a request.
#[derive(Clone, Debug)]
pub struct Handled {
    /// What the shard does with it.
    pub answer: Answer,
    /// What the authentication came to; none when it was answered without one.
    pub outcome: Option<Outcome>,
    /// Who it was about: the name in the credentials or the header, whatever it is.
    pub user: String,
    /// What is to be written down or told.
    pub outputs: Vec<Output>,
}

impl Registrar {
    /// Handles a REGISTER that came along `flow` at `now`, the time since the Unix epoch.
    pub fn register(&self, now: Duration, message: &Message, flow: Flow) -> Handled {
        let directory = self.directory.load();
        let policy = &directory.policy;
        let bare = |reply: Reply| {
            let user = message.to().ok().and_then(|to| to.uri.decoded_user()).unwrap_or_default();
            Handled { answer: reply.into(), outcome: None, user, outputs: Vec::new() }
        };
        let to = message.to().ok().and_then(|to| to.uri.decoded_user()).unwrap_or_default();
        let registered = directory.numbered(&to).filter(|line| line.may_register());
        if let Some(reply) = registered.and_then(|line| line.light(now, message, flow)) {
            return bare(reply);
        }
        let visit = Visit { now, message, source: flow.remote, policy };
        let find = |user: &str| directory.numbered(user).filter(|line| line.may_register())?.known(now, flow);
        let mut checked = self.door.check(&visit, find);
        let mut outputs: Outputs = checked.suspended.drain(..).map(Output::Suspended).collect();
        let answer = match checked.refusal.take() {
            Some(refusal) => refusal,
            None if checked.user != to => {
                self.door.outcomes.count(Outcome::WrongUser);
                checked.outcome = Outcome::WrongUser;
                Reply::because(403, "Not Your Address").into()
            }
            None => {
                let line = registered.expect("who was let in is known under this name");
                let terms = Update {
                    now,
                    message,
                    flow,
                    terms: line.terms,
                    most: usize::from(line.settings().max_contacts.get()),
                    replaces: policy.replaces,
                };
                self.bind(line, &terms, &mut outputs).unwrap_or_else(|refusal| refusal).into()
            }
        };
        Handled { answer, outcome: Some(checked.outcome), user: checked.user, outputs: outputs.into_vec() }
    }

    fn bind(&self, line: &Line, terms: &Update<'_>, outputs: &mut Outputs) -> Result<Reply, Reply> {
        let (now, message) = (terms.now, terms.message);
        let unknown: Vec<&str> = message
            .list(HeaderName::Require)
            .filter(|option| !["path", "outbound"].iter().any(|known| known.eq_ignore_ascii_case(option)))
            .collect();
        if !unknown.is_empty() {
            return Err(Reply::plain(420).with(HeaderName::Unsupported.as_str(), unknown.join(", ")));
        }
        if message.call_id().len() > LONGEST_CALL_ID {
            return Err(Reply::because(400, "Call-ID Too Long"));
        }
        let asked = Asked::read(message)?;
        // The question changes nothing and so has nothing to put in place.
        let changed = line.replace(|before| match update(terms, &asked, before) {
            Ok(Some(after)) => Ok(after),
            Ok(None) => Err(None),
            Err(reply) => Err(Some(reply)),
        });
        let bindings = match changed {
            Ok((before, after)) => {
                self.tell(now, line, &before, Arc::clone(&after), outputs);
                let displaced = before.live(now).filter(|old| displaced(old, &after, message));
                outputs.extend(displaced.map(|old| Output::Displaced {
                    phone: line.id(),
                    number: line.settings().number.clone(),
                    binding: Arc::clone(old),
                }));
                after
            }
            Err(None) => line.bindings().clone().unwrap_or_default(),
            Err(Some(refusal)) => return Err(refusal),
        };
        Ok(accepted(now, message, &bindings))
    }
}

/// Whether a contact went although nobody asked for that.
fn displaced(old: &crate::bindings::Binding, after: &Bindings, message: &Message) -> bool {
    let same_device = |new: &crate::bindings::Binding| match (&old.device, &new.device) {
        (Some(old), Some(new)) => old.instance == new.instance,
        _ => false,
    };
    let stays = after.all().any(|new| new.contact == old.contact || same_device(new));
    !stays && *old.call_id != *message.call_id() && after.all().any(|new| *new.call_id == *message.call_id())
}

/// 200 with what is registered now.
fn accepted(now: Duration, message: &Message, bindings: &Bindings) -> Reply {
    let mut reply = Reply::plain(200);
    for contact in bindings.headers(now) {
        reply = reply.with(HeaderName::Contact.as_str(), contact);
    }
    // RFC 3327 §5.3: who knows Path is told which was taken.
    if message.supports("path") {
        for path in message.headers(HeaderName::Path) {
            reply = reply.with(HeaderName::Path.as_str(), path);
        }
    }
    let several_flows = |binding: &Arc<crate::bindings::Binding>| {
        binding.is_on_connection() && binding.device.as_ref().is_some_and(|device| device.reg_id.is_some())
    };
    // RFC 5626 §6: the device's flows are kept apart, and one that goes is noticed here too.
    if message.supports("outbound") && bindings.live(now).any(several_flows) {
        reply = reply.with(HeaderName::Require.as_str(), "outbound").with("Flow-Timer", 120);
    }
    reply
}

impl Line {
    fn may_register(&self) -> bool {
        self.settings().enabled && matches!(self.settings().mode, PhoneMode::Dynamic) && self.keys.is_some()
    }

    /// The answer to a renewal that changes nothing and comes sooner than it need (`SS_ENDPOINT_REGISTER_LIGHT_INTERVAL`). It
    /// needs no credentials: it says nothing but what remains, to where the phone is, and nothing is changed by it.
    fn light(&self, now: Duration, message: &Message, flow: Flow) -> Option<Reply> {
        if self.terms.light.is_zero() {
            return None;
        }
        let bindings = self.bindings();
        let bindings = bindings.as_ref()?;
        let Ok(Asked::Contacts(asked)) = Asked::read(message) else { return None };
        let (cseq, _) = message.cseq();
        let unchanged = asked.iter().all(|contact| {
            contact.expires != Some(0)
                && bindings.live(now).any(|binding| {
                    binding.flow == flow
                        && *binding.contact == *contact.text
                        && *binding.call_id == *message.call_id()
                        && cseq > binding.cseq
                        && now.saturating_sub(binding.refreshed) < self.terms.light
                })
        });
        unchanged.then(|| accepted(now, message, bindings))
    }
}

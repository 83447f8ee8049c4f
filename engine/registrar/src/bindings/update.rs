//! From the contacts there are to the contacts there will be (RFC 3261 §10.3 steps 6 to 8): all of a request, or nothing.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use sip::{Flow, HeaderName, Message};
use smallvec::SmallVec;

use super::contact::Contact;
use super::{Asked, Binding, Bindings};
use crate::answer::Reply;
use crate::policy::Terms;

/// A REGISTER that was let in.
pub(crate) struct Update<'a> {
    pub(crate) now: Duration,
    pub(crate) message: &'a Message,
    pub(crate) flow: Flow,
    pub(crate) terms: Terms,
    /// Devices that may be registered at one time.
    pub(crate) most: usize,
    pub(crate) replaces: bool,
}

/// The contacts after a request; `None` when it was only a question.
///
/// # Errors
/// 400, 403, 423 or 500; nothing has changed then.
pub(crate) fn update(
    update: &Update<'_>,
    asked: &Asked,
    before: &Bindings,
) -> Result<Option<Bindings>, Reply> {
    let now = update.now;
    let (cseq, _) = update.message.cseq();
    let mut contacts: SmallVec<[Arc<Binding>; 1]> = before.live(now).cloned().collect();
    match asked {
        Asked::Question => return Ok(None),
        Asked::RemoveAll => {
            for binding in &contacts {
                in_order(update, binding, cseq)?;
            }
            contacts.clear();
        }
        Asked::Contacts(asked) => {
            let first_new = contacts.len();
            let mut named = Vec::new();
            for contact in asked {
                if contact.expires == Some(0) {
                    if let Some(at) = find(&contacts, contact, update) {
                        in_order(update, &contacts[at], cseq)?;
                        contacts.remove(at);
                    }
                    continue;
                }
                let binding = update.binding(contact)?;
                named.push(binding.contact.clone());
                match find(&contacts, contact, update) {
                    Some(at) => {
                        in_order(update, &contacts[at], cseq)?;
                        contacts[at] = Arc::new(binding);
                    }
                    None => contacts.push(Arc::new(binding)),
                }
            }
            // A refresh takes no room, not even when there is less of it than before.
            if contacts.len() > first_new {
                make_room(&mut contacts, update, &named)?;
            }
        }
    }
    Ok(Some(Bindings { revision: before.revision + 1, contacts }))
}

/// A request that was overtaken by a later one of the same device changes nothing.
fn in_order(update: &Update<'_>, binding: &Binding, cseq: u32) -> Result<(), Reply> {
    if *binding.call_id == *update.message.call_id() && cseq <= binding.cseq {
        return Err(Reply::because(500, "CSeq Out Of Order"));
    }
    Ok(())
}

/// The binding that a contact means: that of the same device, or the same URI.
fn find(contacts: &[Arc<Binding>], contact: &Contact, update: &Update<'_>) -> Option<usize> {
    contacts.iter().position(|binding| match (&binding.device, &contact.device) {
        (Some(ours), Some(theirs)) if ours.instance == theirs.instance => {
            // A device that keeps several flows names each (RFC 5626 §6); another one has moved.
            ours.reg_id == theirs.reg_id || !update.message.supports("outbound")
        }
        _ => binding.is_of(&contact.text, &contact.uri),
    })
}

/// Counts devices: several flows of one are one.
fn make_room(
    contacts: &mut SmallVec<[Arc<Binding>; 1]>,
    update: &Update<'_>,
    named: &[Box<str>],
) -> Result<(), Reply> {
    while devices(contacts) > update.most {
        if !update.replaces {
            return Err(Reply::because(403, "Already Registered"));
        }
        let earlier = contacts.iter().enumerate().filter(|(_, binding)| !named.contains(&binding.contact));
        let Some((oldest, _)) = earlier.min_by_key(|(_, binding)| binding.refreshed) else {
            return Err(Reply::because(403, "Too Many Contacts"));
        };
        contacts.remove(oldest);
    }
    Ok(())
}

fn devices(contacts: &[Arc<Binding>]) -> usize {
    let instance = |binding: &Arc<Binding>| binding.device.as_ref().map(|device| device.instance.clone());
    let counted = contacts.iter().enumerate().filter(|(at, binding)| {
        let own = instance(binding);
        own.is_none() || !contacts[..*at].iter().any(|earlier| instance(earlier) == own)
    });
    counted.count()
}

impl Update<'_> {
    fn binding(&self, contact: &Contact) -> Result<Binding, Reply> {
        let path: Box<[Box<str>]> = self.message.list(HeaderName::Path).take(8).map(Into::into).collect();
        if path.iter().map(|hop| hop.len()).sum::<usize>() > 1024 {
            return Err(Reply::because(400, "Path Too Long"));
        }
        // A proxy on the way keeps the way open; its address is not the phone's.
        let nat = path.is_empty() && self.is_behind_nat(contact);
        let seconds = self
            .terms
            .grant(contact.expires, nat)
            .map_err(|least| Reply::plain(423).with(HeaderName::MinExpires.as_str(), least))?;
        let user_agent = self.message.header(HeaderName::UserAgent).map(|text| {
            text.chars().filter(|c| !c.is_control()).take(64).collect::<String>().into_boxed_str()
        });
        Ok(Binding {
            contact: contact.text.clone(),
            call_id: self.message.call_id().into(),
            cseq: self.message.cseq().0,
            q: contact.q,
            expires: self.now + Duration::from_secs(u64::from(seconds)),
            refreshed: self.now,
            flow: self.flow,
            nat,
            path,
            user_agent,
            device: contact.device.clone(),
        })
    }

    /// A phone that says another address than its packets show. On a connection the port says nothing.
    fn is_behind_nat(&self, contact: &Contact) -> bool {
        let Some(said) = contact.uri.socket_addr() else { return true };
        let (said, shown) = (canonical(said), canonical(self.flow.remote));
        said.ip() != shown.ip() || !self.flow.transport.is_reliable() && said.port() != shown.port()
    }
}

fn canonical(address: SocketAddr) -> SocketAddr {
    SocketAddr::new(address.ip().to_canonical(), address.port())
}

//! Contacts on their way to the database and back.

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use domain::{PhoneId, StoredBinding};
use sip::{Flow, Transport};

use super::{Binding, Bindings, Device};

impl Bindings {
    /// What is to be written down of them for `phone`. Contacts on connections are left out: they end with the process.
    pub fn stored(&self, phone: PhoneId) -> Vec<StoredBinding> {
        self.all()
            .filter(|binding| !binding.is_on_connection())
            .map(|binding| binding.stored(phone))
            .collect()
    }

    /// Those that were written down and have not run out; `None` when there are none.
    pub(crate) fn restored(now: Duration, stored: &[StoredBinding]) -> Option<Self> {
        let contacts =
            stored.iter().filter_map(|one| Binding::restored(one).filter(|b| b.expires > now)).map(Arc::new);
        let bindings = Self { revision: 0, contacts: contacts.take(10).collect() };
        (!bindings.is_empty()).then_some(bindings)
    }
}

impl Binding {
    fn stored(&self, phone: PhoneId) -> StoredBinding {
        StoredBinding {
            phone,
            contact: self.contact.to_string(),
            call_id: self.call_id.to_string(),
            cseq: self.cseq,
            q: self.q,
            expires: date(self.expires),
            refreshed: date(self.refreshed),
            transport: self.flow.transport.as_str().to_owned(),
            local: self.flow.local,
            remote: self.flow.remote,
            nat: self.nat,
            path: self.path.iter().map(ToString::to_string).collect(),
            user_agent: self.user_agent.as_deref().map(str::to_owned),
            instance: self.device.as_ref().map(|device| device.instance.to_string()),
            reg_id: self.device.as_ref().and_then(|device| device.reg_id),
        }
    }

    /// `None` for what was on a connection.
    fn restored(stored: &StoredBinding) -> Option<Self> {
        if stored.transport != Transport::Udp.as_str() {
            return None;
        }
        Some(Self {
            contact: stored.contact.as_str().into(),
            call_id: stored.call_id.as_str().into(),
            cseq: stored.cseq,
            q: stored.q.min(1000),
            expires: since_epoch(stored.expires),
            refreshed: since_epoch(stored.refreshed),
            flow: Flow { transport: Transport::Udp, local: stored.local, remote: stored.remote },
            nat: stored.nat,
            path: stored.path.iter().map(|hop| hop.as_str().into()).collect(),
            user_agent: stored.user_agent.as_deref().map(Into::into),
            device: stored
                .instance
                .as_deref()
                .map(|instance| Device { instance: instance.into(), reg_id: stored.reg_id }),
        })
    }
}

fn date(since_epoch: Duration) -> DateTime<Utc> {
    TimeDelta::from_std(since_epoch)
        .ok()
        .and_then(|delta| DateTime::UNIX_EPOCH.checked_add_signed(delta))
        .unwrap_or(DateTime::<Utc>::MAX_UTC)
}

fn since_epoch(date: DateTime<Utc>) -> Duration {
    date.signed_duration_since(DateTime::UNIX_EPOCH).to_std().unwrap_or_default()
}

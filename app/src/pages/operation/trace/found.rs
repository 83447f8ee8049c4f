//! Finds what a question asks for.

#[cfg(feature = "ssr")]
use domain::{CallId, Fields, Invalid};
#[cfg(feature = "ssr")]
use switch::{
    Trunk,
    trace::{Found, Target},
};

#[cfg(feature = "ssr")]
use super::question::Question;
#[cfg(feature = "ssr")]
use crate::{
    load::LoadError,
    server::{Site, session::Asker},
};

/// How many messages a list looks at, a page shows, a file holds.
#[cfg(feature = "ssr")]
pub(super) const MOST_LISTED: usize = 20_000;
#[cfg(feature = "ssr")]
pub(super) const MOST_SHOWN: usize = 250;
#[cfg(feature = "ssr")]
pub(super) const MOST_IN_FILE: usize = 50_000;

#[cfg(feature = "ssr")]
impl Question {
    /// What it asks for, or what is wrong at which field.
    fn target(&self, site: &Site) -> Result<Target, Invalid> {
        let mut f = Fields::default();
        let given = [&self.call, &self.dialog, &self.gateway, &self.address, &self.number];
        let given = given.into_iter().filter(|value| !value.is_empty()).count();
        if given > 1 {
            let field = if self.number.is_empty() { "address" } else { "number" };
            f.refuse(field, "give a gateway, an address or a number, not several of them");
        }
        let target = if !self.call.is_empty() {
            let id = f.parse::<CallId>("call", &self.call);
            id.map(|id| Target::Call { id, call_ids: Vec::new() })
        } else if !self.dialog.is_empty() {
            Some(Target::Dialog(self.dialog.chars().take(256).collect()))
        } else if !self.gateway.is_empty() {
            let trunk = trunk(&self.gateway).ok_or("there is no such gateway");
            let addresses =
                trunk.and_then(|t| site.switch.addresses_of(t).ok_or("this gateway is not in use"));
            f.take("gateway", addresses).map(Target::Address)
        } else if !self.address.is_empty() {
            f.parse("address", &self.address).map(|source| Target::Address(vec![source]))
        } else if !self.number.is_empty() {
            f.take("number", number(&self.number)).map(Target::Number)
        } else {
            Some(Target::All)
        };
        f.finish(target)
    }

    /// The messages that it asks for, the latest of them.
    pub(super) async fn find(&self, site: &Site, asker: &Asker, most: usize) -> Result<Found, LoadError> {
        if !self.capture.is_empty() {
            let id = self.capture.parse().map_err(|_| LoadError::NotFound)?;
            let mut messages = site.switch.tracing().captured(id).ok_or(LoadError::NotFound)?;
            messages.retain(|seen| self.refused.is_empty() || seen.fate.is_refused());
            let over = messages.len().saturating_sub(most);
            messages.drain(..over);
            return Ok(Found { messages, cut: over > 0, ..Found::default() });
        }
        let mut f = Fields::default();
        let moment = |f: &mut Fields, name: &str, text: &str| match text {
            "" => Some(None),
            text => f.take(name, crate::pages::cdrs::moment(text)).map(Some),
        };
        let (from, to) = (moment(&mut f, "from", &self.from), moment(&mut f, "to", &self.to));
        let (from, to) = f.finish(from.zip(to)).map_err(LoadError::Invalid)?;
        let mut question = match self.target(site).map_err(LoadError::Invalid)? {
            Target::Call { id, .. } => {
                let (mut until, mut call_ids) = (None, Vec::new());
                match store::cdrs::find(&site.pool, &asker.scope, id).await {
                    Ok(cdr) => {
                        until = Some(cdr.ended_at);
                        call_ids = std::iter::once(cdr.call_id_in).chain(cdr.call_id_out).collect();
                    }
                    // It may be in progress.
                    Err(store::StoreError::NotFound) => {}
                    Err(error) => return Err(error.into()),
                }
                switch::Handle::question_of_call(id, until, call_ids, most)
            }
            target => switch::trace::Question {
                target,
                only_refused: false,
                from: chrono::DateTime::UNIX_EPOCH,
                until: chrono::Utc::now(),
                most,
            },
        };
        question.only_refused = !self.refused.is_empty();
        question.from = from.unwrap_or(question.from);
        question.until = to.unwrap_or(question.until);
        Ok(site.switch.traced(question).await)
    }
}

/// The gateway of `mapping-7` or `routing-7`.
#[cfg(feature = "ssr")]
pub(super) fn trunk(text: &str) -> Option<Trunk> {
    let (kind, id) = text.split_once('-')?;
    match kind {
        "mapping" => id.parse().ok().map(Trunk::Mapping),
        "routing" => id.parse().ok().map(Trunk::Routing),
        _ => None,
    }
}

/// The beginning of a number, or of a name, as it stands in a SIP address.
pub(super) fn number(text: &str) -> Result<String, &'static str> {
    let sound = (1..=64).contains(&text.len())
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"+*#._-".contains(&b));
    if sound { Ok(text.to_owned()) } else { Err("write the beginning of a number, like 4420 or +4420") }
}

/// The gateways of either kind, for a list of choices.
#[cfg(feature = "ssr")]
pub(super) async fn gateways(site: &Site, asker: &Asker) -> Result<crate::components::Options, LoadError> {
    let t = crate::words::trace();
    let (pool, scope) = (&site.pool, &asker.scope);
    let mapping = store::mapping_gateways::list(pool, scope, "").await?;
    let routing = store::routing_gateways::list(pool, scope, "").await?;
    let option = |kind: &str, id: String, name: &domain::Name, told: &str| {
        (format!("{kind}-{id}"), format!("{name} ({told})"))
    };
    let mapping = mapping.iter().map(|row| (row.gateway.id.to_string(), &row.gateway.settings.name));
    let routing = routing.iter().map(|row| (row.gateway.id.to_string(), &row.gateway.settings.name));
    Ok(mapping
        .map(|(id, name)| option("mapping", id, name, t.customer_trunk))
        .chain(routing.map(|(id, name)| option("routing", id, name, t.vendor_trunk)))
        .collect())
}

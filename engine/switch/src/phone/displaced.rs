//! Tells a device that another one has taken its place in the registration (REG-4), where that is set.
//!
//! SIP has no answer for it, as nothing was asked; the nearest word is NOTIFY of the registration package with the event
//! `rejected` (RFC 3680 §5.1), sent without a subscription as message waiting is. A device that does not know it refuses it,
//! which changes nothing, so nobody waits for the answer.

use registrar::{Binding, Output, Target};
use sip::{InviteSpec, Method};

use crate::call::{Desk, Moment};

pub(super) fn tell(desk: &mut Desk, now: Moment, outputs: &[Output]) {
    for output in outputs {
        if let Output::Displaced { number, binding, .. } = output
            && desk.environment.rules.load().tells_displaced
            && let Some(target) = Target::of(binding)
        {
            notify(desk, now, number.as_str(), binding, target);
        }
    }
}

fn notify(desk: &mut Desk, now: Moment, number: &str, binding: &Binding, target: Target) {
    let us = target.flow.local.to_string();
    let routes = target.routes.into_iter().map(|route| ("Route".to_owned(), route));
    let told = [("Event", "reg"), ("Subscription-State", "terminated;reason=rejected")];
    let spec = InviteSpec {
        uri: target.uri,
        from_display: None,
        from_user: number.to_owned(),
        from_host: us.clone(),
        to_user: number.to_owned(),
        to_host: us.clone(),
        user_phone: false,
        contact: desk.contact(&target.flow).to_owned(),
        max_forwards: 70,
        headers: routes.chain(told.map(|(name, value)| (name.to_owned(), value.to_owned()))).collect(),
        body: Some(("application/reginfo+xml".to_owned(), information(number, &us, binding).into_bytes())),
    };
    let request =
        sip::build_request(&mut desk.endpoint, &Method::Notify, &spec).expect("NOTIFY is a known method");
    // Not among the desk's clients: whatever comes back belongs to nobody.
    desk.endpoint.request(now.steady, target.flow, request);
}

/// The registration lives on, without this contact (RFC 3680 §5.2).
fn information(number: &str, us: &str, binding: &Binding) -> String {
    let (number, contact) = (escaped(number), escaped(&binding.contact));
    format!(
        "<?xml version=\"1.0\"?>\n\
         <reginfo xmlns=\"urn:ietf:params:xml:ns:reginfo\" version=\"0\" state=\"partial\">\n\
         <registration aor=\"sip:{number}@{us}\" id=\"{number}\" state=\"active\">\n\
         <contact id=\"{contact}\" state=\"terminated\" event=\"rejected\"><uri>{contact}</uri></contact>\n\
         </registration>\n</reginfo>\n"
    )
}

/// What a device has written about itself stays text.
fn escaped(text: &str) -> String {
    let mut written = String::with_capacity(text.len());
    for one in text.chars() {
        match one {
            '&' => written.push_str("&amp;"),
            '<' => written.push_str("&lt;"),
            '>' => written.push_str("&gt;"),
            '"' => written.push_str("&quot;"),
            _ => written.push(one),
        }
    }
    written
}

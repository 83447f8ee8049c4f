//! Check boxes for the kinds of events.

use domain::{EventKind, WebhookDraft};
use leptos::prelude::*;

use super::form::Faults;
use crate::words::webhooks;

/// A box for each kind of event.
#[component]
pub(crate) fn EventBoxes(ticked: Vec<EventKind>) -> impl IntoView {
    let fault = Faults::at("events", webhooks().events);
    let boxes = EventKind::chosen()
        .map(|kind| {
            let (name, checked) = (WebhookDraft::box_name(kind), ticked.contains(&kind));
            view! {
                <div class="field tick">
                    <label>
                        <input type="checkbox" name=name value="on" checked=checked />
                        {event_word(kind)}
                    </label>
                </div>
            }
        })
        .collect_view();
    view! {
        <div class="field" id="events" class:wrong=move || fault.get().is_some()>
            {move || {
                fault
                    .get()
                    .map(|text| {
                        view! {
                            <p class="fault" id="events-fault">
                                {text}
                            </p>
                        }
                    })
            }}
            <fieldset class="permissions">
                <legend>{webhooks().events}</legend>
                {boxes}
            </fieldset>
        </div>
    }
}

/// An event, as people call it.
pub(crate) fn event_word(kind: EventKind) -> &'static str {
    let t = webhooks();
    match kind {
        EventKind::PhoneOnline => t.phone_online,
        EventKind::PhoneOffline => t.phone_offline,
        EventKind::GatewayOnline => t.gateway_online,
        EventKind::GatewayOffline => t.gateway_offline,
        EventKind::RegistrationUp => t.registration_up,
        EventKind::RegistrationDown => t.registration_down,
        EventKind::SuspensionBegun => t.suspension_begun,
        EventKind::SuspensionReleased => t.suspension_released,
        EventKind::BalanceExhausted => t.balance_exhausted,
        EventKind::BalanceRestored => t.balance_restored,
        EventKind::PresenceUnusual => t.presence_unusual,
        EventKind::PresenceUsual => t.presence_usual,
        EventKind::Test => t.test_event,
    }
}

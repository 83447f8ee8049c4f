//! Begins a capture: messages kept aside beyond what the trace holds.

use leptos::{prelude::*, server_fn::codec::GetUrl};

use super::{CAPTURES, capture_draft::CaptureDraft};
use crate::{
    components::{Buttons, Choice, DraftForm, Options, PageHead, Text, or_empty},
    form::{Opened, submitted},
    load::{LoadError, loaded, once},
    pages::query,
    words::{fields, trace},
};

#[server(prefix = "/load", endpoint = "capture-choices", input = GetUrl)]
pub(crate) async fn load_capture_choices() -> Result<Options, LoadError> {
    let (site, asker) =
        crate::server::session::asking(crate::access::Need::Inside(domain::Permission::ViewTrace))?;
    super::found::gateways(&site, &asker).await
}

/// The form that begins a capture.
#[component]
pub(crate) fn NewCapture() -> impl IntoView {
    let sent = submitted::<CaptureDraft>();
    let fresh = CaptureDraft {
        gateway: query("gateway").get_untracked(),
        address: query("address").get_untracked(),
        number: query("number").get_untracked(),
        call: query("call").get_untracked(),
        minutes: "30".to_owned(),
        megabytes: "8".to_owned(),
    };
    let gateways = once(load_capture_choices);
    loaded(gateways, move |gateways| {
        let (t, f) = (trace(), fields());
        let opened = Opened::new(sent.clone(), fresh.clone());
        let draft = opened.draft.clone();
        let options = or_empty(f.none, gateways);
        view! {
            <PageHead title=t.new_capture about=t.new_capture_about />
            <DraftForm opened>
                <Choice name="gateway" label=f.gateway value=draft.gateway options hint=t.capture_gateway_hint />
                <Text name="address" label=t.address value=draft.address hint=t.capture_address_hint />
                <Text name="number" label=t.number value=draft.number hint=t.capture_number_hint />
                <Text name="call" label=t.call_key value=draft.call hint=t.capture_call_hint />
                <Text
                    name="minutes"
                    label=t.lasting
                    value=draft.minutes
                    unit=t.minutes
                    keyboard="numeric"
                    figure=true
                    required=true
                    hint=t.lasting_hint
                />
                <Text
                    name="megabytes"
                    label=t.size
                    value=draft.megabytes
                    unit="MiB"
                    keyboard="numeric"
                    figure=true
                    required=true
                    hint=t.size_hint
                />
                <Buttons submit=t.begin back=CAPTURES />
            </DraftForm>
        }
    })
}

/// Begins it.
#[cfg(feature = "ssr")]
pub(crate) async fn begin(posted: crate::server::posted::Posted<CaptureDraft>) -> axum::response::Response {
    use chrono::{TimeDelta, Utc};
    use store::captures::{Deed, note};
    use switch::trace::{CaptureOrder, CaptureRefused, Target};

    use super::capture_draft::Whose;
    use crate::{
        form::Refusal,
        server::{posted::Posted, sent::Done},
    };

    posted
        .answer(async |Posted { site, asker, sent, .. }| {
            let wanted = sent.draft.check()?;
            let (target, what) = match wanted.whose {
                Whose::Gateway(key) => {
                    let choices = super::found::gateways(site, asker).await;
                    let choices = choices.map_err(|error| Refusal::saying(error.to_string()))?;
                    let name = choices.into_iter().find(|(known, _)| *known == key).map(|(_, name)| name);
                    let addresses =
                        super::found::trunk(&key).and_then(|trunk| site.switch.addresses_of(trunk));
                    let (Some(name), Some(addresses)) = (name, addresses) else {
                        return Err(Refusal::from(domain::Invalid::field(
                            "gateway",
                            "this gateway is not in use",
                        )));
                    };
                    (Target::Address(addresses), name)
                }
                Whose::Address(source) => (Target::Address(vec![source]), source.to_string()),
                Whose::Number(number) => (Target::Number(number.clone()), format!("{number}…")),
                Whose::Call(id) => {
                    let cdr = store::cdrs::find(&site.pool, &asker.scope, id).await;
                    let known =
                        cdr.map(|cdr| std::iter::once(cdr.call_id_in).chain(cdr.call_id_out).collect());
                    (Target::Call { id, call_ids: known.unwrap_or_default() }, format!("call {id}"))
                }
            };
            let order = CaptureOrder {
                target,
                what,
                by: asker.actor.name.clone(),
                lasting: TimeDelta::minutes(i64::from(wanted.minutes)),
                bytes: u64::from(wanted.megabytes) << 20,
            };
            let begun = site.switch.tracing().capture(Utc::now(), order).map_err(|refused| {
                Refusal::saying(match refused {
                    CaptureRefused::TooMany => trace().too_many_captures,
                    CaptureRefused::TooMuch => trace().too_large_capture,
                })
            })?;
            if let Err(error) = note(&site.pool, &asker.actor, Deed::Start, &begun).await {
                // What cannot be written down is not done.
                site.switch.tracing().forget_capture(begun.id);
                return Err(error.into());
            }
            Ok(Done::to(CAPTURES, trace().capture_begun))
        })
        .await
}

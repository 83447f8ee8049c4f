//! Asks before a parameter goes back to its default.

use leptos::prelude::*;

use super::{address, row::effect_at_length, show::load_parameter};
use crate::{
    components::{Buttons, DraftForm, Empty, PageHead, with_unit},
    form::{Confirmation, Opened, submitted},
    load::{by_key, loaded},
    pages::key,
    words::{fill, system},
};

/// Says what a reset does, and asks.
#[component]
pub(crate) fn ResetParameter() -> impl IntoView {
    let sent = submitted::<Confirmation>();
    let known = by_key(key("name"), |name| load_parameter(name, None));
    loaded(known, move |known| {
        let parameter = known.row.parameter;
        let page = address(parameter);
        let t = system();
        let title = fill(t.reset_question, &[parameter.name()]);
        if known.row.set.is_none() {
            return view! {
                <PageHead title=title />
                <Empty title=t.at_default>
                    <a href=page>{t.look_at_it}</a>
                </Empty>
            }
            .into_any();
        }
        let now = with_unit(parameter, &known.row.value());
        let default = with_unit(parameter, &parameter.default_value().to_string());
        let owners = match known.owners.rows.len() {
            0 => String::new(),
            1 => t.reset_keeps_one.to_owned(),
            n => fill(t.reset_keeps, &[&n.to_string()]),
        };
        let opened = Opened::of(sent.clone(), Confirmation::default(), known.row.version);
        view! {
            <PageHead title=title about=parameter.about() />
            <DraftForm opened>
                <p>{fill(t.reset_text, &[&now, &default])}</p>
                <p>{fill(t.reset_reaches, &[effect_at_length(parameter.entry().effect)])} " " {owners}</p>
                <Buttons submit=t.reset_do back=page />
            </DraftForm>
        }
        .into_any()
    })
}

#[cfg(feature = "ssr")]
pub(crate) mod server {
    use axum::response::Response;
    use domain::Parameter;

    use super::super::{Place, told};
    use crate::{
        form::{Confirmation, Refusal},
        server::{posted::Posted, sent::Done},
        words::{fill, system},
    };

    /// Resets it.
    pub(crate) async fn reset(posted: Posted<Confirmation, String>) -> Response {
        posted
            .answer(async |Posted { site, id: name, asker, sent }| {
                let parameter: Parameter =
                    name.parse().map_err(|_| Refusal::from(store::StoreError::NotFound))?;
                store::parameters::reset(&site.pool, &asker.actor, parameter, sent.version()?).await?;
                let said = fill(system().reset_done, &[parameter.name(), &told(Some(parameter), None)]);
                Ok(Done::to(Place::of(parameter).address(), said))
            })
            .await
    }
}

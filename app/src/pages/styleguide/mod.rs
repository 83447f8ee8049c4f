//! Every piece of the portal in its states, for whoever builds pages and for the pictures that tests take.

mod forms;
mod lists;
mod overlays;
mod small;

use leptos::prelude::*;

use crate::{
    components::{Empty, Example, HourlyRatio, HourlyTraffic, PageHead, Skeleton},
    words::frame,
};

/// The page.
#[component]
pub(crate) fn Styleguide() -> impl IntoView {
    provide_context(Example);
    view! {
        <PageHead title=frame().styleguide>
            <a class="button primary" href="#buttons" rel="external">
                "Primary"
            </a>
        </PageHead>
        <div class="guide">
            <h2>"Colours"</h2>
            {small::colours()}
            <h2 id="buttons">"Buttons"</h2>
            {small::buttons()}
            <h2>"Badges"</h2>
            {small::badges()}
            <h2>"Notices"</h2>
            {overlays::notices()}
            <h2>"Figures"</h2>
            {small::figures()}
            <h2>"Charts"</h2>
            <HourlyTraffic hours=small::hours() />
            <HourlyRatio hours=small::hours() />
            <h2>"Search box"</h2>
            {lists::search()}
            <h2>"Filter bar"</h2>
            {lists::filter()}
            <h2>"List"</h2>
            {lists::list()}
            <h2>"Table in a page"</h2>
            {lists::table()}
            <h2>"Nothing there"</h2>
            <Empty title="Nothing here yet">"Say what to do next."</Empty>
            <h2>"Loading"</h2>
            <Skeleton lines=3 />
            <h2>"Palette"</h2>
            {overlays::palette()}
            <h2>"Dialogs"</h2>
            {overlays::dialogs()}
            <h2>"Form, as refused"</h2>
            {forms::form(false)}
            <h2>"Form, changed by somebody else meanwhile"</h2>
            {forms::form(true)}
            <h2>"Before something is deleted"</h2>
            {forms::removal(false)}
            {forms::removal(true)}
        </div>
    }
}

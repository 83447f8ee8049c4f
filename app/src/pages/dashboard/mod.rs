//! The first page. For the operator's people: the switch now, the day so far against yesterday, where the calls go, what failed
//! lately. For a reseller: its customers with their balances and traffic. For a customer: what is left, what was used, its own
//! trunks and phones. All of them from the same pieces.

mod busiest;
mod calls;
mod day;
mod now;
mod own;

use domain::Permission;
use leptos::prelude::*;
use serde::{Serialize, de::DeserializeOwned};

use self::{
    day::{load_day, show_day},
    now::{Now, load_status},
    own::OwnHome,
};
use crate::{
    access::{inside, may},
    components::PageHead,
    load::{Loaded, loaded, once},
    words::home,
};

/// How often the figures of the day are read anew, in seconds. The live ones come every second.
const DAY_EVERY: u64 = 30;

/// The first page that people see, and leave open.
#[component]
pub(crate) fn Dashboard() -> impl IntoView {
    if !may(Permission::ViewDashboard) {
        // Everybody lands here; whoever has no dashboard goes on by the menu.
        return view! { <PageHead title=home().welcome about=home().welcome_about /> }.into_any();
    }
    let now = once(load_status);
    let today = once(load_day);
    read_anew(today);
    view! {
        {loaded(now, |status| view! { <Now status /> })}
        {(!inside()).then(|| view! { <OwnHome /> })}
        {loaded(today, show_day)}
    }
    .into_any()
}

/// Loads `what` again from time to time, as long as the page is open.
fn read_anew<T>(what: Loaded<T>)
where
    T: Serialize + DeserializeOwned + Send + Sync + 'static,
{
    Effect::new(move |_| {
        let timer =
            set_interval_with_handle(move || what.refetch(), std::time::Duration::from_secs(DAY_EVERY));
        on_cleanup(move || {
            if let Ok(timer) = timer {
                timer.clear();
            }
        });
    });
}

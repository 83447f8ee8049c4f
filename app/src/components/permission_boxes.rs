//! Check boxes for permissions, area by area.

use domain::{Area, Permission, Permissions, RoleDraft};
use leptos::prelude::*;

use super::form::Faults;
use crate::words;

/// A box for each of `offered`, with its sentence; those of `ticked` are ticked.
#[component]
pub(crate) fn PermissionBoxes(offered: Permissions, ticked: Permissions) -> impl IntoView {
    let fault = Faults::at("permissions", words::people().permissions);
    let groups = Area::ALL
        .into_iter()
        .filter_map(|area| {
            let boxes: Vec<_> = offered
                .iter()
                .filter(|permission| permission.area() == area)
                .map(|permission| one(permission, ticked.has(permission)))
                .collect();
            (!boxes.is_empty()).then(|| {
                view! {
                    <fieldset class="permissions">
                        <legend>{words::area(area)}</legend>
                        {boxes}
                    </fieldset>
                }
            })
        })
        .collect_view();
    view! {
        <div class="field" id="permissions" class:wrong=move || fault.get().is_some()>
            {move || {
                fault
                    .get()
                    .map(|text| {
                        view! {
                            <p class="fault" id="permissions-fault">
                                {text}
                            </p>
                        }
                    })
            }}
            {groups}
        </div>
    }
}

fn one(permission: Permission, ticked: bool) -> impl IntoView {
    let name = RoleDraft::box_name(permission);
    let hint = format!("{name}-hint");
    let (label, sentence) = words::permission(permission);
    view! {
        <div class="field tick">
            <label>
                <input type="checkbox" name=name value="on" checked=ticked aria-describedby=hint.clone() />
                {label}
            </label>
            <p class="hint" id=hint>
                {sentence}
            </p>
        </div>
    }
}

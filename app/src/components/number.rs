//! Telephone numbers, and texts that people copy.

use leptos::prelude::*;

use super::{Icon, Picture};
use crate::words::parts;

/// Digits of the country code that a number in E.164 begins with (ITU-T E.164, list of country codes).
fn country_code(digits: &str) -> usize {
    let two = digits.get(..2).unwrap_or_default();
    match two.as_bytes() {
        [b'1' | b'7', _] => 1,
        b"20" | b"27" | b"30" | b"31" | b"32" | b"33" | b"34" | b"36" | b"39" | b"40" | b"41" | b"43"
        | b"44" | b"45" | b"46" | b"47" | b"48" | b"49" | b"51" | b"52" | b"53" | b"54" | b"55" | b"56"
        | b"57" | b"58" | b"60" | b"61" | b"62" | b"63" | b"64" | b"65" | b"66" | b"81" | b"82" | b"84"
        | b"86" | b"90" | b"91" | b"92" | b"93" | b"94" | b"95" | b"98" => 2,
        _ => 3,
    }
}

/// A number in groups: its country code, then three and three, the last up to four. What is no plain number stays whole.
fn groups(number: &str) -> Vec<&str> {
    let digits = number.strip_prefix('+').unwrap_or(number);
    if digits.len() < 8 || digits.starts_with('0') || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return vec![number];
    }
    let (code, mut rest) = number.split_at(number.len() - digits.len() + country_code(digits));
    let mut groups = vec![code];
    while rest.len() > 4 {
        let (group, more) = rest.split_at(3);
        groups.push(group);
        rest = more;
    }
    groups.push(rest);
    groups
}

/// A telephone number, set in groups by space alone: what is copied is the plain number.
#[component]
pub(crate) fn Number(#[prop(into)] number: String) -> impl IntoView {
    let groups = groups(&number)
        .into_iter()
        .map(|group| view! { <span class="group">{group.to_owned()}</span> })
        .collect_view();
    view! { <span class="number">{groups}</span> }
}

/// A button that copies `text`. Without a script there is none.
#[component]
pub(crate) fn Copy(#[prop(into)] text: String) -> impl IntoView {
    let copied = RwSignal::new(false);
    let told = move || if copied.get() { parts().copied } else { parts().copy };
    view! {
        <button type="button" class="copy needs-script" class:done=copied title=told on:click=move |_| copy(&text, copied)>
            <Icon picture=Picture::Copy />
            <span class="unseen" role="status">
                {told}
            </span>
        </button>
    }
}

#[cfg(feature = "hydrate")]
fn copy(text: &str, copied: RwSignal<bool>) {
    // A page that came by plain http from another host may not write to the clipboard: then nothing happens.
    let clipboard = window().navigator().clipboard();
    if leptos::web_sys::js_sys::Reflect::has(&window().navigator(), &"clipboard".into()).unwrap_or(false)
        && window().is_secure_context()
    {
        let _ = clipboard.write_text(text);
        copied.set(true);
        set_timeout(move || copied.set(false), std::time::Duration::from_secs(2));
    }
}

#[cfg(not(feature = "hydrate"))]
fn copy(_: &str, _: RwSignal<bool>) {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_read_in_groups_and_nothing_of_it_is_lost() {
        for (number, read) in [
            ("442079460000", "44 207 946 0000"),
            ("+12025550100", "+1 202 555 0100"),
            ("35312345678", "353 123 456 78"),
            ("112", "112"),
            ("00442079460000", "00442079460000"),
            ("alice", "alice"),
            ("", ""),
        ] {
            let groups = groups(number);
            assert_eq!(groups.join(" "), read);
            assert_eq!(groups.concat(), number);
        }
    }
}

//! Whoever reads Chinese is told in Chinese what is wrong, at every field of every form.

use std::collections::BTreeSet;

use super::{
    hostile::{REFUSED, body, every_form, is_tried_elsewhere},
    house::House,
};

#[tokio::test]
async fn in_chinese_what_is_wrong_is_told_in_chinese() {
    let house = House::build().await;
    let token = format!("{}; language=zh-Hans", house.token("administrator"));
    let large = "x".repeat(3_000);
    let (mut told, mut english) = (BTreeSet::new(), BTreeSet::new());
    for (to, (_, form)) in every_form(&house).await {
        if is_tried_elsewhere(&to) || form.fields.iter().all(|field| !field.is_typed()) {
            continue;
        }
        for value in [REFUSED[0], &large, "-1", "a b", "1e999", ""] {
            let typed =
                body(&form, |field| if field.is_typed() { value.to_owned() } else { field.value.clone() });
            let answer = house.send(&to, Some(&token), &typed).await;
            for text in faults(&answer.body) {
                told.insert(text.clone());
                if !text.chars().any(|letter| ('\u{4e00}'..='\u{9fff}').contains(&letter)) {
                    english.insert(text);
                }
            }
        }
    }
    assert!(told.len() > 25, "{told:#?}");
    // A rule may be younger than its translation: it is then shown as it came. That is to stay rare.
    assert!(english.len() * 20 <= told.len(), "{} of {}: {english:#?}", english.len(), told.len());
}

/// What a page tells at its fields, and in the notice above its form.
fn faults(html: &str) -> Vec<String> {
    let main = html.split("<main").nth(1).unwrap_or_default().split("</main").next().unwrap_or_default();
    let told = |element: &str, mark: &str, end: &str| -> Vec<String> {
        let elements = main.split(element).skip(1).filter_map(|rest| rest.split_once('>'));
        let marked = elements.filter(|(tag, _)| tag.contains(mark));
        marked.map(|(_, inner)| plain(inner.split(end).next().unwrap_or_default())).collect()
    };
    [told("<p ", "-fault\"", "</p>"), told("<div ", "notice trouble", "</div>")].concat()
}

/// The text between tags.
fn plain(html: &str) -> String {
    let text: String =
        html.split('<').map(|part| part.split_once('>').map_or(part, |(_, text)| text)).collect();
    text.trim().to_owned()
}

#[test]
fn what_is_told_is_found_in_a_page() {
    let html = r#"<main id="content"><div role="alert" class="notice trouble"><!>One field<!> needs</div><p>Other</p>
        <input aria-describedby="name-fault"><p id="name-fault" class="fault"><!>a name is needed</p></main>"#;
    assert_eq!(faults(html), ["a name is needed", "One field needs"]);
}

//! From what stood before and after to what a change did, field by field.

use std::collections::BTreeMap;

use domain::FieldChange;
use serde_json::Value;

/// Structures deeper than this are shown as one value.
const DEEPEST: usize = 8;

/// What became of each field; those that stayed are left out. Text that is no JSON counts as one value without a name.
pub(super) fn differences(before: Option<&str>, after: Option<&str>) -> Vec<FieldChange> {
    let (before, mut after) = (fields(before), fields(after));
    let mut changes: Vec<FieldChange> = before
        .into_iter()
        .filter_map(|(field, old)| match after.remove(&field) {
            Some(new) if new == old => None,
            new => Some(FieldChange { field, before: Some(old), after: new }),
        })
        .collect();
    changes.extend(after.into_iter().map(|(field, new)| FieldChange {
        field,
        before: None,
        after: Some(new),
    }));
    changes.sort_by(|a, b| a.field.cmp(&b.field));
    changes
}

fn fields(text: Option<&str>) -> BTreeMap<String, String> {
    let mut fields = BTreeMap::new();
    if let Some(text) = text {
        let value = serde_json::from_str(text).unwrap_or_else(|_| Value::String(text.to_owned()));
        spread(String::new(), &value, 0, &mut fields);
    }
    fields
}

fn spread(name: String, value: &Value, depth: usize, fields: &mut BTreeMap<String, String>) {
    match value {
        Value::Object(parts) if depth < DEEPEST => {
            for (key, value) in parts {
                let name = if name.is_empty() { key.clone() } else { format!("{name}.{key}") };
                spread(name, value, depth + 1, fields);
            }
        }
        // No value is no field: one that is emptied is shown as taken away.
        Value::Null => {}
        Value::String(text) => {
            fields.insert(name, text.clone());
        }
        Value::Array(items) if items.iter().all(|item| !item.is_object() && !item.is_array()) => {
            let words: Vec<String> = items.iter().map(plain).collect();
            fields.insert(name, words.join(", "));
        }
        other => {
            fields.insert(name, other.to_string());
        }
    }
}

fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(before: Option<&str>, after: Option<&str>) -> Vec<String> {
        let shown = |value: Option<String>| value.unwrap_or_else(|| "–".to_owned());
        differences(before, after)
            .into_iter()
            .map(|change| format!("{}: {} → {}", change.field, shown(change.before), shown(change.after)))
            .collect()
    }

    #[test]
    fn only_what_changed_is_told_part_by_part() {
        let before = r#"{"name":"Acme","limit":5,"agent":3,"sources":["a","b"],"deep":{"x":1,"y":2}}"#;
        let after =
            r#"{"name":"Acme","limit":"7","agent":null,"sources":["a"],"deep":{"x":1,"y":3},"new":true}"#;
        assert_eq!(
            told(Some(before), Some(after)),
            ["agent: 3 → –", "deep.y: 2 → 3", "limit: 5 → 7", "new: – → true", "sources: a, b → a"]
        );
        assert_eq!(told(Some(before), Some(before)), [""; 0]);
    }

    #[test]
    fn what_is_made_or_removed_is_told_whole_and_broken_text_as_it_is() {
        assert_eq!(told(None, Some(r#"{"a":1}"#)), ["a: – → 1"]);
        assert_eq!(told(Some(r#"{"a":1}"#), None), ["a: 1 → –"]);
        assert_eq!(told(None, Some("{broken")), [": – → {broken"]);
        assert_eq!(told(None, None), [""; 0]);
    }
}

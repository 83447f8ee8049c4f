//! The forms of a page, read from its HTML as we write it.

/// A form that is posted.
#[derive(Clone, Debug)]
pub(super) struct Form {
    /// The address that it is sent to.
    pub(super) to: String,
    pub(super) fields: Vec<Field>,
}

/// A field of a form, with what it holds.
#[derive(Clone, Debug)]
pub(super) struct Field {
    pub(super) name: String,
    pub(super) value: String,
    kind: Kind,
    pub(super) is_secret: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Kind {
    Hidden,
    Typed,
    Chosen,
    Ticked,
}

impl Field {
    /// True when a person types into it.
    pub(super) fn is_typed(&self) -> bool {
        self.kind == Kind::Typed
    }
}

/// The forms of `html` that are posted; `page` is the address that it came from.
pub(super) fn forms_of(html: &str, page: &str) -> Vec<Form> {
    let mut forms = Vec::new();
    let mut open: Option<Form> = None;
    // A field that may stand outside the form that it belongs to is not used in posted forms.
    let mut rest = html;
    while let Some(begin) = rest.find('<') {
        rest = &rest[begin + 1..];
        let end = end_of_tag(rest);
        let (tag, after) = rest.split_at(end);
        match tag.split([' ', '>', '/']).next().unwrap_or_default() {
            "form" if attribute(tag, "method").as_deref() == Some("post") => {
                let own = || page.split('?').next().unwrap_or(page).to_owned();
                let to = attribute(tag, "action").filter(|to| !to.is_empty()).unwrap_or_else(own);
                open = Some(Form { to, fields: Vec::new() });
            }
            "input" => add(&mut open, input(tag)),
            "textarea" => {
                let text = after.get(1..).unwrap_or_default().split("</textarea").next().unwrap_or_default();
                add(&mut open, field(tag, Kind::Typed, unescaped(text.trim())));
            }
            "select" => {
                let options = after.split("</select").next().unwrap_or_default();
                add(&mut open, field(tag, Kind::Chosen, chosen(options)));
            }
            _ if tag.starts_with("/form") => forms.extend(open.take()),
            _ => {}
        }
        rest = after;
    }
    forms
}

fn add(open: &mut Option<Form>, field: Option<Field>) {
    if let (Some(form), Some(field)) = (open, field) {
        form.fields.push(field);
    }
}

fn input(tag: &str) -> Option<Field> {
    let kind = attribute(tag, "type").unwrap_or_default();
    let value = attribute(tag, "value").unwrap_or_default();
    match kind.as_str() {
        "hidden" => field(tag, Kind::Hidden, value),
        "checkbox" | "radio" => {
            let ticked = tag
                .split(' ')
                .any(|word| word.trim_end_matches('>') == "checked" || word.starts_with("checked="));
            ticked.then(|| field(tag, Kind::Ticked, value)).flatten()
        }
        "submit" | "button" => None,
        _ => field(tag, Kind::Typed, value),
    }
}

fn field(tag: &str, kind: Kind, value: String) -> Option<Field> {
    let name = attribute(tag, "name").filter(|name| !name.is_empty())?;
    let is_secret = attribute(tag, "type").as_deref() == Some("password");
    Some(Field { name, value, kind, is_secret })
}

/// The value of the marked option, else of the first.
fn chosen(options: &str) -> String {
    let tags = || options.split("<option").skip(1).map(|rest| &rest[..end_of_tag(rest)]);
    let marked = tags().find(|tag| tag.contains(" selected"));
    marked.or_else(|| tags().next()).and_then(|tag| attribute(tag, "value")).unwrap_or_default()
}

/// Where the tag ends; a `>` in a quoted value is none.
fn end_of_tag(tag: &str) -> usize {
    let mut quoted = false;
    let end = tag.char_indices().find(|(_, c)| {
        quoted ^= *c == '"';
        *c == '>' && !quoted
    });
    end.map_or(tag.len(), |(place, _)| place)
}

fn attribute(tag: &str, name: &str) -> Option<String> {
    let begin = tag.find(&format!(" {name}=\""))? + name.len() + 3;
    let value = tag[begin..].split('"').next()?;
    Some(unescaped(value))
}

fn unescaped(text: &str) -> String {
    text.replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&#x27;", "'")
        .replace("&amp;", "&")
}

#[test]
fn a_form_is_read_with_what_it_holds() {
    let html = r#"<form method="get"><input name="search"></form><form class="form" method="post" action="">
        <input type="hidden" name="row_version" value="7"><input name="name" type="text" value="a &amp; &quot;b&quot; >">
        <input type="checkbox" name="on" value="on" checked><input type="checkbox" name="off" value="on">
        <textarea name="note" rows="3">two
lines</textarea><select id="x" name="kind"><option value="a">A</option><option value="b" selected>B</option></select></form>
        <form method="post" action="/theme"><input type="hidden" name="back" value="/"></form>"#;
    let forms = forms_of(html, "/here?x=1");
    let told: Vec<_> = forms.iter().map(|form| form.to.as_str()).collect();
    assert_eq!(told, ["/here", "/theme"]);
    let fields: Vec<_> =
        forms[0].fields.iter().map(|field| (field.name.as_str(), field.value.as_str())).collect();
    let expected =
        [("row_version", "7"), ("name", "a & \"b\" >"), ("on", "on"), ("note", "two\nlines"), ("kind", "b")];
    assert_eq!(fields, expected);
    let typed: Vec<_> =
        forms[0].fields.iter().filter(|field| field.is_typed()).map(|f| f.name.as_str()).collect();
    assert_eq!(typed, ["name", "note"]);
}

//! The OpenAPI description: what the operations say of themselves, and what is the same for all of them.

use domain::Permission;
use serde_json::{Map, Value, json};
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{
        ComponentsBuilder, InfoBuilder, LicenseBuilder, OpenApi, OpenApiBuilder, Ref,
        security::{HttpAuthScheme, HttpBuilder, SecurityScheme},
    },
};

use crate::{
    admission::KEY,
    answer::{Problem, ProblemDetails, WrongField},
    router::{self, BASE},
};

const ABOUT: &str = "\
What the portal does, for programs. Amounts and rates are decimal text and never floating point; moments are RFC 3339 in UTC. \
Lists come in pages: follow `next` until it is null. What is read carries its version as ETag; a change or removal \
sends it back as If-Match. Everything but a success is a problem (RFC 9457).";

/// The description, as it is served.
pub fn document() -> Value {
    finished(router::operations().split_for_parts().1)
}

/// What stands before the operations.
pub(crate) fn preface() -> OpenApi {
    let license = LicenseBuilder::new().name("Apache-2.0").identifier(Some("Apache-2.0")).build();
    let info = InfoBuilder::new()
        .title("Tandem")
        .version("1")
        .description(Some(ABOUT))
        .license(Some(license))
        .build();
    let token = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).description(Some(token_words())).build();
    let mut problems = Vec::new();
    ProblemDetails::schemas(&mut problems);
    let components = ComponentsBuilder::new()
        .security_scheme("token", SecurityScheme::Http(token))
        .schema(ProblemDetails::name(), ProblemDetails::schema())
        .schema(WrongField::name(), WrongField::schema())
        .schemas_from_iter(problems)
        .build();
    OpenApiBuilder::new().info(info).components(Some(components)).build()
}

fn token_words() -> String {
    let mut words =
        "A token made in the portal (`tdm_…`). It can do what it was given, as long as its owner may. Each \
                     operation names the permission that it needs:\n"
            .to_owned();
    for permission in Permission::ALL {
        words += &format!("\n- `{permission}`: {}", permission.sentence());
    }
    words
}

/// Adds to each operation what every one of its kind answers and takes.
pub(crate) fn finished(described: OpenApi) -> Value {
    let mut document = serde_json::to_value(described).expect("a description is plain data");
    let paths = document["paths"].as_object_mut().expect("there are operations");
    for (path, methods) in paths.iter_mut() {
        debug_assert!(path.starts_with(BASE));
        for (method, operation) in methods.as_object_mut().into_iter().flatten() {
            complete(path, method, operation);
        }
    }
    document
}

/// What is only ended or taken away, and never changed.
const WITHOUT_VERSION: [&str; 4] = ["/calls/", "/tokens/", "/suspensions/", "/captures/"];

fn complete(path: &str, method: &str, operation: &mut Value) {
    let (has_id, has_body) = (path.contains('{'), operation.get("requestBody").is_some());
    let reads = method == "get";
    let has_version =
        has_id && !reads && method != "post" && !WITHOUT_VERSION.iter().any(|part| path.contains(part));
    let mut answers = vec![
        ("401", "No token, or one that is not taken"),
        ("403", "The token lacks the permission"),
        ("429", "Too many requests"),
        ("500", "A fault that stands in the log"),
        ("503", "The database is not available"),
    ];
    if has_id {
        answers.push(("404", "There is no such thing, or the token may not see it"));
    }
    if reads {
        answers.push(("400", "The query cannot be understood"));
    } else {
        answers.push(("409", "Something refers to it, or the same request is being worked on"));
        answers.push(("413", "The body is larger than a megabyte"));
        answers.push(("422", "Fields cannot be as they are"));
    }
    if has_body {
        answers.push(("400", "The body is no JSON"));
        answers.push(("415", "The body is something else than JSON"));
    }
    if has_version {
        answers.push(("412", "Somebody else has changed it in the meantime"));
        answers.push(("428", "If-Match is missing"));
    }
    let responses = operation["responses"].as_object_mut().expect("every operation answers");
    for (_, response) in responses.iter_mut() {
        response["headers"] = headers(&["X-Request-Id"]);
    }
    for versioned in
        ["200", "201"].into_iter().filter(|_| has_version || method == "post" || (reads && has_id))
    {
        if let Some(response) = responses.get_mut(versioned) {
            let names: &[&str] = if versioned == "201" {
                &["ETag", "Location", "X-Request-Id"]
            } else {
                &["ETag", "X-Request-Id"]
            };
            response["headers"] = headers(names);
        }
    }
    for (status, description) in answers {
        responses.insert(status.to_owned(), problem(status, description));
    }
    if !reads {
        let parameters = operation
            .as_object_mut()
            .expect("an operation is an object")
            .entry("parameters")
            .or_insert_with(|| json!([]))
            .as_array_mut()
            .expect("parameters are a list");
        if has_version {
            parameters.push(header_parameter(
                "If-Match",
                true,
                "The ETag of what was read; `*` for whatever there is",
            ));
        }
        let about = "Names the request: sent again under the same key, it is done once and answered as the first time. \
                     Kept for a day.";
        parameters.push(header_parameter(KEY, false, about));
    }
}

fn headers(names: &[&str]) -> Value {
    let text = |name: &&str| ((*name).to_owned(), json!({ "schema": { "type": "string" } }));
    Value::Object(names.iter().map(text).collect::<Map<_, _>>())
}

fn header_parameter(name: &str, required: bool, description: &str) -> Value {
    let mut schema = json!({ "type": "string" });
    if name == KEY {
        schema = json!({ "type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]+$" });
    }
    json!({ "name": name, "in": "header", "required": required, "description": description, "schema": schema })
}

fn problem(status: &str, description: &str) -> Value {
    let names: &[&str] = match status {
        "401" | "403" => &["WWW-Authenticate", "X-Request-Id"],
        "429" | "503" => &["Retry-After", "X-Request-Id"],
        _ => &["X-Request-Id"],
    };
    let schema = Ref::from_schema_name(ProblemDetails::name());
    json!({
        "description": description,
        "headers": headers(names),
        "content": { (Problem::CONTENT_TYPE): { "schema": schema } },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_description_in_the_repository_is_the_one_that_is_served() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/openapi.json");
        let served = serde_json::to_string_pretty(&document()).unwrap() + "\n";
        if std::env::var_os("TANDEM_WRITE_DOCS").is_some() {
            std::fs::write(path, &served).unwrap();
        }
        let stored = std::fs::read_to_string(path).unwrap_or_default();
        assert!(stored == served, "openapi.json is stale: run the tests once with TANDEM_WRITE_DOCS=1");
    }

    #[test]
    fn passwords_are_described_to_be_written_and_are_never_read() {
        let schemas = &document()["components"]["schemas"];
        for name in ["Phone", "Registration", "MappingGateway", "RoutingGateway"] {
            let password = &schemas[format!("{name}Settings")]["properties"]["password"];
            assert_eq!(password["writeOnly"], true, "{name}");
            assert!(schemas[name]["properties"].get("password").is_none(), "{name}");
        }
    }

    #[test]
    fn every_reference_of_the_description_leads_somewhere() {
        fn references<'a>(value: &'a Value, found: &mut Vec<&'a str>) {
            match value {
                Value::Object(fields) => {
                    found.extend(fields.get("$ref").and_then(Value::as_str));
                    fields.values().for_each(|value| references(value, found));
                }
                Value::Array(items) => items.iter().for_each(|item| references(item, found)),
                _ => {}
            }
        }
        let document = document();
        let mut found = Vec::new();
        references(&document, &mut found);
        assert!(found.len() > 50);
        for reference in found {
            assert!(document.pointer(&reference[1..]).is_some(), "{reference}");
        }
    }
}

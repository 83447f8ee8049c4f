//! Everybody at every door: who is let in where, and what they see there.

mod chinese;
mod forms;
mod hostile;
mod house;
mod loaders;
mod log_in;
mod stale;

use http::{Method, StatusCode};

use self::{
    house::{House, MARKS_OF_OTHERS, Somebody},
    loaders::LOADERS,
};
use crate::access::{DOORS, Door, Need};

/// What people of a customer or a reseller must never get in, in the words of its address.
const NEVER_OUTSIDE: [&str; 13] = [
    "/security/suspensions",
    "/operation/online",
    "/operation/trace",
    "/operation/routing-gateways",
    "/operation/registrations",
    "/system/people",
    "/system/roles",
    "/system/lockouts",
    "/system/webhooks",
    "/system/audit",
    "/system/sip-parameters",
    "/system/server-parameters",
    "/business/accounts/new",
];

fn opens(need: Need, somebody: &Somebody) -> bool {
    need.is_met_by(&somebody.who())
}

#[tokio::test]
async fn every_page_file_and_stream_opens_to_those_alone_who_have_what_it_needs() {
    let house = House::build().await;
    for door in DOORS {
        let Some(need) = door.look else { continue };
        let address = house.own.filled(door.path);
        for somebody in &house.people {
            let answer = house.look(&address, Some(somebody)).await;
            let told = format!("{} at {address}: {}", somebody.label, answer.status);
            let there = match answer.status {
                StatusCode::OK => true,
                StatusCode::NOT_FOUND => false,
                _ => panic!("{told}"),
            };
            // Rows may be missing for those who see only a part; nobody gets more than what is needed gives.
            let right = there == opens(need, somebody)
                || (!there && somebody.sees_a_part() && door.path.contains("{id}"));
            assert!(right, "{told}");
            let never = somebody.sees_a_part() && NEVER_OUTSIDE.iter().any(|path| address.starts_with(path));
            assert!(!(never && there), "{told}");
        }
        let stranger = house.look(&address, None).await.status;
        let expected = match need {
            Need::Nothing => StatusCode::OK,
            _ if address.starts_with("/events/") => StatusCode::UNAUTHORIZED,
            _ => StatusCode::SEE_OTHER,
        };
        assert_eq!(stranger, expected, "a stranger at {address}");
    }
}

#[tokio::test]
async fn every_form_is_taken_from_those_alone_who_have_what_it_needs() {
    let house = House::build().await;
    for door in DOORS {
        let Some(need) = door.send else { continue };
        // It would end the session with which the others are tried.
        if door.path == "/logout" {
            continue;
        }
        let address = house.own.filled(door.path);
        for somebody in &house.people {
            // What is no form is refused by whoever would read one: nothing is changed, and it is seen who was let in.
            let status = house.send_no_form(&address, Some(somebody)).await.status;
            let expected = match opens(need, somebody) {
                true => StatusCode::UNSUPPORTED_MEDIA_TYPE,
                false => StatusCode::NOT_FOUND,
            };
            assert_eq!(status, expected, "{} sends to {address}", somebody.label);
        }
        let stranger = house.send_no_form(&address, None).await.status;
        let expected = match need {
            Need::Nothing => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            _ => StatusCode::SEE_OTHER,
        };
        assert_eq!(stranger, expected, "a stranger sends to {address}");
    }
}

#[tokio::test]
async fn every_loader_answers_those_alone_who_have_what_it_needs() {
    let house = House::build().await;
    for (path, need, query) in LOADERS {
        let address = format!("{path}?{}", house.own.filled(query));
        for somebody in &house.people {
            let answer = house.look(&address, Some(somebody)).await;
            let told = format!("{} at {address}: {} {}", somebody.label, answer.status, answer.body);
            let refused = answer.body.contains("NotFound");
            let right = refused != opens(*need, somebody) || (refused && somebody.sees_a_part());
            assert!(right && answer.status != StatusCode::UNAUTHORIZED, "{told}");
        }
        assert_eq!(
            house.look(&address, None).await.status,
            StatusCode::UNAUTHORIZED,
            "a stranger at {address}"
        );
    }
}

#[tokio::test]
async fn nobody_outside_learns_anything_of_others_wherever_they_ask() {
    let house = House::build().await;
    let pages = DOORS.iter().filter(|door| door.look.is_some()).map(|door| door.path.to_owned());
    let loaders = LOADERS.iter().map(|(path, _, query)| format!("{path}?{query}"));
    let more =
        ["/cdrs?from=2026-01-01", "/cdrs/export.csv?from=2026-01-01", "/search?search=e"].map(str::to_owned);
    for place in pages.chain(loaders).chain(more) {
        // What is not there for themselves is asked for by the keys of others too.
        for address in [house.own.filled(&place), house.others.filled(&place)] {
            for somebody in house.people.iter().filter(|somebody| somebody.sees_a_part()) {
                let answer = house.look(&address, Some(somebody)).await;
                for mark in MARKS_OF_OTHERS {
                    assert!(!answer.body.contains(mark), "{} at {address} reads {mark}", somebody.label);
                }
            }
        }
    }
    // The marks are there for who may read them: the test can fail.
    let administrator = house.person("administrator");
    let calls = house.look("/cdrs?from=2026-01-01", Some(administrator)).await.body;
    assert!(calls.contains("Zebra") && calls.contains("Hidden") && calls.contains("99887766"));
}

#[tokio::test]
async fn the_own_things_of_a_customer_are_there() {
    let house = House::build().await;
    let customer = house.person("customer");
    for (address, mark) in [
        ("/business/accounts".to_owned(), "Acme"),
        (format!("/business/accounts/{}", house.own.filled("{account}")), "Acme"),
        (format!("/business/rate-tables/{}", house.own.filled("{table}")), "0.03"),
        ("/cdrs?from=2026-01-01".to_owned(), "Acme"),
        (format!("/cdrs/{}", house.own.filled("{call}")), "442071838750"),
        ("/operation/phones".to_owned(), "Acme desk"),
        (format!("/operation/phones/{}", house.own.filled("{phone}")), "Acme desk"),
    ] {
        let answer = house.look(&address, Some(customer)).await;
        assert_eq!(answer.status, StatusCode::OK, "{address}");
        assert!(answer.body.contains(mark), "{address} shows no {mark}");
    }
}

#[tokio::test]
async fn who_may_not_know_costs_learns_none_inside_either() {
    let house = House::build().await;
    let operator = house.person("operator");
    for address in [
        "/cdrs?from=2026-01-01".to_owned(),
        format!("/cdrs/{}", house.own.filled("{call}")),
        "/cdrs/export.csv?from=2026-01-01".to_owned(),
        format!("/load/cdr?id={}", house.own.filled("{call}")),
    ] {
        let told = house.look(&address, Some(operator)).await;
        assert!(!told.body.contains("0.0199"), "{address}");
        // The administrator reads it there: the test can fail.
        let all = house.look(&address, Some(house.person("administrator"))).await;
        assert!(all.body.contains("0.0199"), "{address}: {}", all.body);
    }
}

#[tokio::test]
async fn what_is_forbidden_looks_like_what_is_not_there() {
    let house = House::build().await;
    let customer = house.person("customer");
    let main = |body: &str| {
        let inner = body.split("<main").nth(1).and_then(|rest| rest.split("</main>").next());
        inner.unwrap_or_else(|| panic!("no page: {body}")).to_owned()
    };
    let nowhere = house.look("/system/nothing", Some(customer)).await;
    for address in
        ["/system/people", "/system/people/1", "/operation/routing-gateways", "/business/accounts/new"]
    {
        let forbidden = house.look(address, Some(customer)).await;
        assert_eq!((nowhere.status, forbidden.status), (StatusCode::NOT_FOUND, StatusCode::NOT_FOUND));
        assert_eq!(main(&nowhere.body), main(&forbidden.body), "{address}");
        for link in ["href=\"/system/people", "href=\"/operation/routing-gateways"] {
            assert!(!forbidden.body.contains(link), "{address}: {}", forbidden.body);
        }
    }
}

#[tokio::test]
async fn a_duty_comes_before_everything() {
    let house = House::build().await;
    let fresh = house.newcomer().await;
    for address in ["/", "/cdrs", "/me", "/system/people"] {
        let answer = house.look(address, Some(&fresh)).await;
        assert_eq!((answer.status, answer.to.as_str()), (StatusCode::SEE_OTHER, "/me/password"), "{address}");
    }
    assert_eq!(house.look("/me/password", Some(&fresh)).await.status, StatusCode::OK);
    assert!(house.look("/load/accounts?question[search]=", Some(&fresh)).await.body.contains("NotFound"));
}

/// Every route as it is written down: a route without a door would be there for nobody, and a door without a route leads
/// nowhere.
#[tokio::test]
async fn every_route_has_a_door_and_every_door_a_route() {
    let house = House::build().await;
    let sources = [include_str!("../../routes.rs"), include_str!("../router.rs")].concat();
    let mut written = 0;
    for line in sources.lines().filter_map(|line| line.trim().strip_prefix(".route(\"")) {
        let (path, rest) = line.split_once('"').unwrap();
        let door = Door::of_pattern(path).unwrap_or_else(|| panic!("{path} has no door"));
        let sends = rest.contains("post(");
        assert!(if sends { door.send.is_some() } else { door.look.is_some() }, "{path}");
        written += 1;
    }
    assert!(written > 40, "the routes are written in another way now: {written}");
    for route in leptos_axum::generate_route_list(crate::shell::App) {
        let path = if route.path().is_empty() { "/" } else { route.path() };
        let door = Door::of_pattern(path);
        assert!(path.contains("{*") || door.is_some_and(|door| door.look.is_some()), "{path} has no door");
    }
    let administrator = house.person("administrator");
    for door in DOORS {
        let address = house.own.filled(door.path);
        if door.look.is_some() {
            assert_eq!(house.look(&address, Some(administrator)).await.status, StatusCode::OK, "{address}");
        }
        if door.send.is_some() && door.path != "/logout" {
            let status = house.send_no_form(&address, Some(administrator)).await.status;
            assert_eq!(status, StatusCode::UNSUPPORTED_MEDIA_TYPE, "{address}");
        }
    }
}

#[test]
fn every_loader_stands_in_the_table() {
    let registered: Vec<_> = leptos::server_fn::axum::server_fn_paths().collect();
    for (path, method) in &registered {
        assert_eq!(*method, Method::GET, "{path} changes something: forms do that");
        assert!(LOADERS.iter().any(|(known, _, _)| known == path), "{path} is missing in the table");
    }
    for (path, _, _) in LOADERS {
        assert!(registered.iter().any(|(known, _)| known == path), "{path} is no loader any more");
    }
}

//! Log-ins as a browser makes them: lock-outs, ends of sessions, form limits.

use chrono::Duration;
use http::StatusCode;
use store::sessions::Terms;

use super::house::House;

/// What the people of the house have for a password.
const RIGHT: &str = "name=operator&password=amber-window-73-harvest";
const WRONG: &str = "name=operator&password=something-else";

#[tokio::test]
async fn a_right_password_opens_a_session_that_ends_with_the_log_out() {
    let house = House::build().await;
    let answer = house.send("/login?next=/cdrs", None, RIGHT).await;
    assert_eq!((answer.status, answer.to.as_str()), (StatusCode::SEE_OTHER, "/cdrs"));
    let token = answer.token.unwrap();
    assert_eq!(house.look_with("/me", &token).await.status, StatusCode::OK);
    assert_eq!(house.send("/logout", Some(&token), "x=1").await.to, "/login");
    assert!(house.look_with("/me", &token).await.to.starts_with("/login"));
}

#[tokio::test]
async fn too_many_failures_lock_with_the_time_until_somebody_releases_them() {
    let house = House::build().await;
    for _ in 0..5 {
        let answer = house.send("/login", None, WRONG).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(answer.body.contains("The name or the password is wrong."));
    }
    let answer = house.send("/login", None, RIGHT).await;
    assert_eq!(answer.status, StatusCode::TOO_MANY_REQUESTS, "even the right one waits");
    assert!(answer.body.contains("Too many failed log-ins. Try again in 15 minutes, at "), "{}", answer.body);
    assert!(!answer.body.contains("amber-window"), "no password is shown again");
    // The administrator releases the name and the address.
    house.session_of("administrator", "admin-session", Terms::default()).await;
    for id in ["1", "2"] {
        let form = format!("id={id}");
        let released = house.send("/system/lockouts", Some("admin-session"), &form).await;
        assert_eq!(released.status, StatusCode::SEE_OTHER, "{}", released.body);
    }
    assert_eq!(house.send("/login", None, RIGHT).await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn a_session_ends_unused_and_at_its_time_however_much_it_is_used() {
    let house = House::build().await;
    let (second, hour) = (Duration::seconds(1), Duration::hours(1));
    house.session_of("operator", "idle", Terms { idle: second, absolute: hour }).await;
    house.session_of("operator", "absolute", Terms { idle: hour, absolute: second }).await;
    for token in ["idle", "absolute"] {
        assert_eq!(house.look_with("/me", token).await.status, StatusCode::OK, "{token}");
    }
    tokio::time::sleep(std::time::Duration::from_millis(1500)).await;
    for token in ["idle", "absolute"] {
        assert!(house.look_with("/me", token).await.to.starts_with("/login"), "{token}");
        assert_eq!(house.look_with("/load/me", token).await.status, StatusCode::UNAUTHORIZED, "{token}");
    }
}

#[tokio::test]
async fn a_session_of_somebody_who_is_disabled_is_worth_nothing() {
    let house = House::build().await;
    house.session_of("finance", "theirs", Terms::default()).await;
    house.session_of("administrator", "admin-session", Terms::default()).await;
    let id = house.person("finance").id;
    let page = house.look_with(&format!("/system/people/{id}"), "admin-session").await.body;
    let version = page.split("name=\"row_version\" value=\"").nth(1).unwrap().split('"').next().unwrap();
    let form = format!("row_version={version}&name=finance&role=3&home=administration&language=en");
    let answer = house.send(&format!("/system/people/{id}"), Some("admin-session"), &form).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
    assert!(house.look_with("/me", "theirs").await.to.starts_with("/login"));
}

#[tokio::test]
async fn the_last_administrator_cannot_shut_themselves_out() {
    let house = House::build().await;
    house.session_of("administrator", "admin-session", Terms::default()).await;
    let id = house.person("administrator").id;
    let answer =
        house.send(&format!("/system/people/{id}/delete"), Some("admin-session"), "row_version=1").await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.body.contains("last administrator"), "{}", answer.body);
}

#[tokio::test]
async fn a_form_beyond_its_limit_is_not_read() {
    let house = House::build().await;
    let form = format!("name={}&password=x", "x".repeat(300 * 1024));
    assert_eq!(house.send("/login", None, &form).await.status, StatusCode::PAYLOAD_TOO_LARGE);
}

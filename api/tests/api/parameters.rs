//! Parameters are set and reset.

use serde_json::json;

use crate::fixture::World;

#[tokio::test(flavor = "multi_thread")]
async fn a_parameter_is_set_reset_and_remembered() {
    let world = World::new().await;
    let place = "/api/v1/parameters/SS_SIP_TIMEOUT_INVITE";
    let before = world.get(place).await.expect(200);
    assert_eq!((before.header("etag"), &before.json["set_at"]), ("\"0\"", &json!(null)));
    let default = before.json["default"].as_str().unwrap().to_owned();
    assert_eq!(before.json["value"], default);

    world.write("PUT", place, &[], json!({ "value": "8" })).await.expect(428);
    let set = world.write("PUT", place, &[("if-match", "\"0\"")], json!({ "value": "8" })).await.expect(200);
    assert_eq!(set.json["value"], "8");
    assert_ne!(set.header("etag"), "\"0\"");
    let stale =
        world.write("PUT", place, &[("if-match", "\"0\"")], json!({ "value": "9" })).await.expect(412);
    assert_eq!((&stale.json["current"]["value"], &stale.json["sent"]["value"]), (&json!("8"), &json!("9")));
    let wrong = world.write("PUT", place, &[("if-match", "*")], json!({ "value": "soon" })).await.expect(422);
    assert_eq!(wrong.fields(), ["value"]);

    world.send(&world.key, "DELETE", place, &[("if-match", "\"0\"")], None).await.expect(412);
    world.ask(&world.key, "DELETE", place).await.expect(428);
    world.remove(place).await.expect(204);
    assert_eq!(world.get(place).await.json["value"], default);
    let history = world.get(&format!("{place}/history")).await.expect(200);
    let changes: Vec<_> = history.json["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|c| (c["old"].clone(), c["new"].clone()))
        .collect();
    assert_eq!(changes, [(json!("8"), json!(null)), (json!(null), json!("8"))]);
    assert_eq!(history.json["items"][0]["user_name"], "ann (token Everything)");
    for nothing in ["SS_NOTHING", "SS_NOTHING/history", "%00"] {
        world.get(&format!("/api/v1/parameters/{nothing}")).await.expect(404);
    }
}

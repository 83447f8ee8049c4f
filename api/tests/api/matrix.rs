//! Each operation of the description, as everybody who might send it.

use std::collections::{BTreeSet, HashMap};

use domain::{BuiltInRole, Home, Permission, Permissions};
use serde_json::{Value, json};

use crate::fixture::{Answer, Tenant, World, all_but};

/// An operation of the description.
struct Operation {
    method: String,
    path: String,
    permission: Permission,
    answers: Vec<String>,
    writes: bool,
}

fn operations() -> Vec<Operation> {
    let document = api::document();
    let mut found = Vec::new();
    for (path, methods) in document["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            found.push(Operation {
                method: method.to_ascii_uppercase(),
                path: path.clone(),
                permission: operation["security"][0]["token"][0].as_str().unwrap().parse().unwrap(),
                answers: operation["responses"].as_object().unwrap().keys().cloned().collect(),
                writes: operation.get("requestBody").is_some(),
            });
        }
    }
    assert!(found.len() >= 48, "the walk sees {} operations", found.len());
    found
}

impl Operation {
    /// Its path with a tenant's ids; those of vendors and parameters are nobody's.
    fn of(&self, tenant: &Tenant) -> String {
        let gateway = if self.path.contains("routing") { 777 } else { tenant.gateway.0 };
        self.path
            .replace("{account}", &tenant.account.to_string())
            .replace("{gateway}", &gateway.to_string())
            .replace("{table}", &tenant.table.to_string())
            .replace("{rate}", &tenant.rate.to_string())
            .replace("{call}", &tenant.call.to_string())
            .replace("{name}", "SS_SIP_TIMEOUT_INVITE")
            .replace("{phone}", &tenant.phone.to_string())
            .replace("{registration}", "1")
            .replace("{capture}", "1")
            .replace("{webhook}", "1")
            .replace("{delivery}", "1")
            .replace("{token}", "1")
    }

    async fn sent(&self, world: &World, key: &str, tenant: &Tenant) -> Answer {
        let headers: &[(&str, &str)] = if self.is_versioned() { &[("if-match", "\"999\"")] } else { &[] };
        let body = self.writes.then(|| json!({ "note": "what no operation takes alone" }));
        let answer = world.send(key, &self.method, &self.of(tenant), headers, body).await;
        let (status, name) = (answer.status.as_u16().to_string(), self.name());
        assert!(
            self.answers.contains(&status),
            "{name} answers {status}, which is not described: {}",
            answer.text
        );
        assert!(!answer.status.is_server_error(), "{name}: {}", answer.text);
        if !answer.status.is_success() {
            assert_eq!(answer.header("content-type"), "application/problem+json", "{name}");
            assert_eq!(answer.json["status"], Value::from(answer.status.as_u16()), "{name}");
        }
        assert!(!answer.header("x-request-id").is_empty(), "{name}");
        answer
    }

    /// True when it changes what has a version.
    fn is_versioned(&self) -> bool {
        self.answers.iter().any(|status| status == "428")
    }

    fn name(&self) -> String {
        format!("{} {}", self.method, self.path)
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_token_or_with_a_wrong_one_nothing_is_answered() {
    let world = World::new().await;
    let tenant = world.tenant("Acme", 1).await;
    let wrong = format!("tdm_{}", "x".repeat(43));
    for (n, operation) in operations().iter().enumerate() {
        let answer = operation.sent(&world, "", &tenant).await.expect(401);
        assert_eq!(answer.header("www-authenticate"), "Bearer realm=\"tandem\"");
        // A few only: who guesses more often is told to wait.
        if n < 20 {
            let answer = operation.sent(&world, &wrong, &tenant).await.expect(401);
            assert!(answer.header("www-authenticate").contains("invalid_token"));
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_operation_needs_the_permission_that_it_names_and_no_other() {
    let world = World::new().await;
    let tenant = world.tenant("Acme", 1).await;
    let needed: BTreeSet<Permission> = operations().iter().map(|operation| operation.permission).collect();
    let (mut without, mut alone) = (HashMap::new(), HashMap::new());
    for permission in needed {
        let key = world.token(&format!("without {permission}"), all_but(permission)).await;
        without.insert(permission, key);
        let key = world.token(&format!("only {permission}"), Permissions::of(&[permission])).await;
        alone.insert(permission, key);
    }
    for operation in operations() {
        let permission = operation.permission;
        let name = operation.name();
        let answer = operation.sent(&world, &without[&permission], &tenant).await;
        assert_eq!(answer.status.as_u16(), 403, "{name} without {permission}: {}", answer.text);
        assert!(answer.header("www-authenticate").contains(&format!("scope=\"{permission}\"")), "{name}");
        if name == "DELETE /api/v1/tokens/{token}" {
            continue; // It would revoke the key of the others.
        }
        let answer = operation.sent(&world, &alone[&permission], &tenant).await;
        assert!(![401, 403].contains(&answer.status.as_u16()), "{name} with {permission}: {}", answer.text);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_has_a_version_is_changed_and_removed_with_it_alone() {
    let world = World::new().await;
    let tenant = world.tenant("Acme", 1).await;
    world.vendor().await;
    let mut versioned = 0;
    for operation in operations().iter().filter(|operation| ["PUT", "DELETE"].contains(&&*operation.method)) {
        if operation.name() == "DELETE /api/v1/tokens/{token}" {
            continue; // It would revoke the key of the others.
        }
        let body = operation.writes.then(|| json!({}));
        let answer = world.send(&world.key, &operation.method, &operation.of(&tenant), &[], body).await;
        assert_eq!(
            answer.status.as_u16() == 428,
            operation.is_versioned(),
            "{}: {}",
            operation.name(),
            answer.text
        );
        versioned += usize::from(operation.is_versioned());
    }
    assert!(versioned >= 16, "{versioned}");
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_sees_or_changes_what_is_another_tenants() {
    let world = World::new().await;
    let (acme, zeta) = (world.tenant("Acme", 1).await, world.tenant("Zeta", 2).await);
    world.vendor().await;
    let askers = [
        (BuiltInRole::Reseller, Home::Agent(acme.agent)),
        (BuiltInRole::Customer, Home::Account(acme.account)),
        // A role given by mistake opens nothing of others.
        (BuiltInRole::Administrator, Home::Agent(acme.agent)),
        (BuiltInRole::Administrator, Home::Account(acme.account)),
    ];
    for (role, home) in askers {
        let key = world.token_of(role, home).await;
        let may = role.permissions().both(home.ceiling());
        let mut lists = 0;
        for operation in operations() {
            let answer = operation.sent(&world, &key, &zeta).await;
            let (name, status) = (operation.name(), answer.status.as_u16());
            if !may.has(operation.permission) {
                assert_eq!(status, 403, "{name} as {role} of {home}");
                continue;
            }
            if operation.path.contains('{') {
                assert_eq!(status, 404, "{name} as {role} of {home}: {}", answer.text);
            } else {
                assert_eq!(status, 200, "{name} as {role} of {home}: {}", answer.text);
                lists += 1;
            }
            for foreign in ["Zeta", "Vendor", "198.51.100.1"] {
                assert!(!answer.text.contains(foreign), "{name} as {role} of {home}: {}", answer.text);
            }
            // The same with an id that nobody has looks the same.
            if operation.path.contains('{') {
                let path = operation.of(&zeta).replace(&zeta.account.to_string(), "999999");
                let nobody = world.ask(&key, &operation.method, &path).await;
                assert_eq!(nobody.text, answer.text, "{name}");
            }
        }
        assert!(lists >= 5, "{role} of {home} sees {lists} lists");
        let own = world.ask(&key, "GET", &format!("/api/v1/accounts/{}", acme.account)).await.expect(200);
        assert_eq!(own.json["name"], "Acme customer");
    }
    // They are there, all the same.
    let seen = world.get("/api/v1/accounts?search=zeta").await.expect(200);
    assert_eq!(seen.json["items"].as_array().unwrap().len(), 2);
}

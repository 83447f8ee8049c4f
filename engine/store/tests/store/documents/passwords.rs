//! Passwords stand in documents to be set, and never in exports.

use store::{
    document::{ChangeKind, Document, apply, apply_with, export},
    snapshot,
};

use crate::fixture::{Carrier, actor, seal};

#[tokio::test]
async fn phones_and_registrations_of_a_document_are_made_once_and_exported_without_passwords() {
    let c = Carrier::new().await;
    let text = r#"
[[phone]]
number = "1001"
account = "Acme"
password = "quiet-Heron-42"
display_name = "Reception"
forward_busy = "1002"
forward_offline = "gateway:Vendor trunk"
caller_ids = ["14155550100", "14155550101"]
parameters = { SS_ENDPOINT_EXPIRE = 600 }

[[registration]]
name = "Carrier"
server = "sip.example.com"
user = "441234"
password = "given to us"
period = 300
"#;
    let document = Document::parse(text).unwrap();
    let refused = apply(&c.pool, &actor(), &document, false).await.unwrap_err().to_string();
    assert_eq!(refused.lines().count(), 2, "{refused}");
    assert!(refused.lines().all(|line| line.contains("password: ")), "{refused}");
    let made = async |expected: ChangeKind| {
        let changes = apply_with(&c.pool, Some(&seal()), &actor(), &document, false).await.unwrap();
        assert!(changes.iter().all(|change| change.kind == expected), "{changes:?}");
        assert!(!format!("{changes:?}").contains("Heron") && !format!("{changes:?}").contains("given"));
    };
    made(ChangeKind::Created).await;
    made(ChangeKind::Unchanged).await;
    let before = snapshot::load_with(&c.pool, &seal()).await.unwrap();
    assert_eq!((before.phone_keys.len(), before.registration_passwords.len()), (1, 1));
    let exported = export(&c.pool).await.unwrap();
    assert!(
        exported.contains("forward_offline = \"gateway:Vendor trunk\"") && !exported.contains("password"),
        "{exported}"
    );
    let again = apply(&c.pool, &actor(), &Document::parse(&exported).unwrap(), false).await.unwrap();
    assert!(again.iter().all(|change| change.kind == ChangeKind::Unchanged), "{again:?}");
    let other = text.replace("Heron", "Egret").replace("1002", "1003");
    let changes =
        apply_with(&c.pool, Some(&seal()), &actor(), &Document::parse(&other).unwrap(), false).await.unwrap();
    let fields: Vec<_> = changes[0].fields.iter().map(|(field, ..)| field.as_str()).collect();
    assert_eq!(fields, ["forward_busy", "password"]);
    let after = snapshot::load_with(&c.pool, &seal()).await.unwrap();
    assert_ne!(after.phone_keys, before.phone_keys);
    let wrong = other.replace("gateway:Vendor trunk", "gateway:Nobody");
    let refused = apply_with(&c.pool, Some(&seal()), &actor(), &Document::parse(&wrong).unwrap(), false)
        .await
        .unwrap_err();
    assert!(refused.to_string().contains("forward_offline: there is no routing gateway"), "{refused}");
}

#[tokio::test]
async fn a_document_sets_a_gateways_password_once_and_exports_none() {
    let c = Carrier::new().await;
    let text = "[[mapping_gateway]]\nname = \"Roaming\"\naccount = \"Acme\"\nuser = \"roaming\"\npassword = \"quiet-Heron-42\"\n\
        sources = []\n\n[[routing_gateway]]\nname = \"Asks\"\naccount = \"Vendor\"\naddress = \"198.51.100.77:5060\"\n\
        prefixes = [\"999\"]\nuser = \"us\"\npassword = \"secret!\"\n";
    let document = Document::parse(text).unwrap();
    let made = async |expected: ChangeKind| {
        let changes = apply_with(&c.pool, Some(&seal()), &actor(), &document, false).await.unwrap();
        assert!(changes.iter().all(|change| change.kind == expected), "{changes:?}");
        assert!(!format!("{changes:?}").contains("Heron") && !format!("{changes:?}").contains("secret!"));
    };
    made(ChangeKind::Created).await;
    let picture = snapshot::load_with(&c.pool, &seal()).await.unwrap();
    assert_eq!((picture.mapping_gateway_keys.len(), picture.routing_gateway_passwords.len()), (1, 1));
    made(ChangeKind::Unchanged).await;
    let exported = export(&c.pool).await.unwrap();
    assert!(exported.contains("user = \"roaming\"") && exported.contains("user = \"us\""));
    assert!(!exported.contains("password"), "{exported}");
}

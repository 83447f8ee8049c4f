//! Registrations of ours at other servers, with their sealed passwords.

use domain::RegistrationDraft;
use store::{Scope, StoreError, registrations, snapshot};

use crate::fixture::{Carrier, actor, refused_at, seal};

#[tokio::test]
async fn a_registration_of_ours_keeps_its_password_sealed_and_exact() {
    let c = Carrier::new().await;
    let draft = RegistrationDraft {
        name: "Carrier".into(),
        server: "sip.example.com:5070".into(),
        proxy: "198.51.100.9".into(),
        user: "+441234".into(),
        auth_user: "trunk".into(),
        password: "p ä\"ss".into(),
        contact: "pbx.example.com:5062".into(),
        period: "300".into(),
        transport: "tcp".into(),
        enabled: "on".into(),
    };
    let id = registrations::create(&c.pool, &actor(), &seal(), &draft.check().unwrap()).await.unwrap();
    let twice = registrations::create(&c.pool, &actor(), &seal(), &draft.check().unwrap()).await;
    assert_eq!(refused_at(twice), "name");
    let read = registrations::find(&c.pool, &Scope::All, id).await.unwrap();
    assert_eq!((&read.settings, read.has_password), (&draft.check().unwrap().settings, true));
    let picture = snapshot::load_with(&c.pool, &seal()).await.unwrap();
    assert_eq!(picture.registration_passwords[&id].expose(), "p ä\"ss");
    let kept = RegistrationDraft { password: String::new(), proxy: String::new(), ..draft };
    registrations::update(&c.pool, &actor(), &seal(), id, read.version, &kept.check().unwrap())
        .await
        .unwrap();
    let stale =
        registrations::update(&c.pool, &actor(), &seal(), id, read.version, &kept.check().unwrap()).await;
    assert!(matches!(stale, Err(StoreError::Conflict { .. })));
    let again = snapshot::load_with(&c.pool, &seal()).await.unwrap();
    assert!(
        again.version > picture.version && again.registration_passwords == picture.registration_passwords
    );
    registrations::remove(&c.pool, &actor(), id, None).await.unwrap();
    assert!(registrations::list(&c.pool, &Scope::All).await.unwrap().is_empty());
}

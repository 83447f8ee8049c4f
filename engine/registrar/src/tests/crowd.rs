//! Several shards at the same time.

use domain::PhoneDraft;

use super::world::{Device, World, draft};

#[test]
fn contacts_that_are_registered_at_the_same_moment_are_all_there() {
    let mut world = World::new();
    world.phone(1, PhoneDraft { max_contacts: "8".into(), ..draft("1001") });
    let world = &world;
    for _ in 0..20 {
        std::thread::scope(|scope| {
            for shard in 0..8 {
                scope.spawn(move || {
                    let mut device =
                        Device::at("1001", &format!("192.0.2.{}:5060", 10 + shard), &format!("d{shard}"));
                    for cseq in 0..5 {
                        device.cseq = 1 + cseq * 10;
                        device.call_id = format!("{shard}-{cseq}");
                        device.credentials = None;
                        world.registered(&mut device);
                    }
                });
            }
        });
        let line = world.registrar.find("1001").unwrap();
        assert_eq!(line.targets(world.now).len(), 8);
        world.registrar.unregister(world.now, "1001");
        assert_eq!(line.targets(world.now).len(), 0);
    }
}

//! Everything stays bounded, whatever comes.

use super::world::{Device, World, status};

#[test]
fn a_flood_of_unknown_names_displaces_no_suspension_of_a_known_one() {
    let world = World::new();
    for n in 0..6 {
        world.log_in(&mut Device::at("1001", "203.0.113.7:5060", &n.to_string()), "Another-Word-1");
    }
    for n in 0..4_000u32 {
        let address = format!("10.{}.{}.{}:5060", n >> 16, n >> 8 & 255, n & 255);
        let mut device = Device::at(&format!("77{n}"), &address, "x");
        world.log_in(&mut device, "Another-Word-1");
    }
    let known = world.registrar.suspensions(world.now).iter().filter(|suspension| suspension.known).count();
    assert_eq!(known, 2);
}

#[test]
fn names_of_ten_thousand_characters_are_cut() {
    let world = World::new();
    let name = "é\"".repeat(5_000);
    for n in 0..70 {
        let mut device = Device { user: name.clone(), call_id: n.to_string(), ..Device::new("1001") };
        let challenge = super::world::reply(world.send(&device.message(), device.flow));
        device.answer(&challenge, "Another-Word-1");
        // Too long to be read at all, so it is challenged as if it were not there.
        assert_eq!(status(&world.send(&device.message(), device.flow)), 401);
    }
    let name = "é".repeat(1_000);
    for n in 0..6 {
        let mut device = Device { user: name.clone(), call_id: n.to_string(), ..Device::new("1001") };
        let challenge = super::world::reply(world.send(&device.message(), device.flow));
        device.answer(&challenge, "Another-Word-1");
        world.send(&device.message(), device.flow);
    }
    let kept = world.registrar.suspensions(world.now);
    assert!(
        !kept.is_empty() && kept.iter().all(|suspension| suspension.who.to_string().len() < 120),
        "{kept:?}"
    );
}

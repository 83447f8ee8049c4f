//! Proxies on the way (RFC 3327), connections and devices with several flows (RFC 5626).

use domain::PhoneDraft;
use sip::{Flow, Transport};

use super::world::{Device, World, contacts, draft, header};
use crate::{Output, Reach};

fn over(transport: Transport, remote: &str) -> Flow {
    Flow { transport, ..super::world::flow(remote) }
}

fn targets(world: &World) -> Vec<crate::Target> {
    match world.registrar.reach(world.now, "1001") {
        Reach::Rings(_, targets) => targets,
        _ => Vec::new(),
    }
}

#[test]
fn a_path_is_kept_told_and_gone_back() {
    let world = World::new();
    let mut phone = Device::new("1001")
        .with("Path: <sip:203.0.113.5:5070;lr>, <sip:inner.example;lr>")
        .with("Supported: path");
    phone.contacts = vec!["<sip:1001@10.0.0.5:5060>".into()];
    let answer = world.registered(&mut phone);
    assert_eq!(header(&answer, "Path"), Some("<sip:203.0.113.5:5070;lr>, <sip:inner.example;lr>"));
    assert_eq!(contacts(&answer), ["<sip:1001@10.0.0.5:5060>;expires=3600"], "the proxy keeps the way open");
    let target = targets(&world).remove(0);
    assert_eq!(target.routes, ["<sip:203.0.113.5:5070;lr>", "<sip:inner.example;lr>"]);
    assert_eq!(target.flow.remote, "203.0.113.5:5070".parse().unwrap());
}

#[test]
fn a_binding_on_a_connection_is_reached_by_it_and_dies_with_it() {
    for transport in [Transport::Tcp, Transport::Tls, Transport::Ws, Transport::Wss] {
        let world = World::new();
        let flow = over(transport, "192.0.2.10:40123");
        let mut phone = Device { flow, ..Device::new("1001") };
        phone.contacts = vec!["<sip:1001@df7jal23ls0d.invalid;transport=ws>".into()];
        let handled = world.log_in(&mut phone, super::world::PASSWORD);
        let stored = handled.outputs.iter().find_map(|output| match output {
            Output::Changed { phone, bindings } => Some(bindings.stored(*phone).len()),
            _ => None,
        });
        assert_eq!(stored, Some(0), "it does not outlive the process");
        assert_eq!(targets(&world)[0].flow, flow);
        let other = over(transport, "192.0.2.10:40124");
        assert!(world.registrar.connection_closed(world.now, other).is_empty());
        let told = world.registrar.connection_closed(world.now, flow);
        assert!(matches!(told[..], [Output::Offline { .. }, Output::Changed { .. }]), "{told:?}");
        assert!(matches!(world.registrar.reach(world.now, "1001"), Reach::Offline(_)));
        assert_eq!(world.registrar.flows.len(), 0);
    }
}

#[test]
fn a_device_that_comes_back_on_another_connection_takes_its_own_place() {
    let world = World::new();
    let mut phone = Device { flow: over(Transport::Tls, "192.0.2.10:40001"), ..Device::new("1001") };
    phone.contacts = vec!["<sip:1001@10.0.0.5:40001>;+sip.instance=\"<urn:uuid:1>\"".into()];
    world.registered(&mut phone);
    let mut again =
        Device { flow: over(Transport::Tls, "192.0.2.10:40002"), call_id: "second".into(), ..phone.clone() };
    again.contacts = vec!["<sip:1001@10.0.0.5:40002>;+sip.instance=\"<urn:uuid:1>\"".into()];
    again.credentials = None;
    assert_eq!(contacts(&world.registered(&mut again)).len(), 1);
    // The end of the earlier connection is not the end of the device.
    assert!(world.registrar.connection_closed(world.now, phone.flow).is_empty());
    assert_eq!(targets(&world)[0].flow, again.flow);
    assert_eq!(world.registrar.flows.len(), 1);
}

#[test]
fn rfc_5626_several_flows_of_one_device_count_as_one_and_only_the_latest_rings() {
    let mut world = World::new();
    world.phone(1, PhoneDraft { max_contacts: "1".into(), ..draft("1001") });
    for reg_id in [1, 2] {
        world.pass(1);
        let mut phone =
            Device { flow: over(Transport::Tls, &format!("192.0.2.10:4000{reg_id}")), ..Device::new("1001") };
        phone.call_id = format!("flow-{reg_id}");
        phone = phone.with("Supported: path, outbound");
        phone.contacts = vec![format!("<sip:1001@10.0.0.5>;+sip.instance=\"<urn:uuid:1>\";reg-id={reg_id}")];
        let answer = world.registered(&mut phone);
        assert_eq!(
            (header(&answer, "Require"), header(&answer, "Flow-Timer")),
            (Some("outbound"), Some("120"))
        );
        assert_eq!(contacts(&answer).len(), reg_id);
    }
    let ringing = targets(&world);
    assert_eq!(ringing.len(), 1);
    assert_eq!(ringing[0].flow.remote.port(), 40002);
    world.registrar.connection_closed(world.now, ringing[0].flow);
    assert_eq!(targets(&world)[0].flow.remote.port(), 40001, "the other flow takes over");
}

//! What the guard costs a datagram: `cargo bench -p sip --bench guard`. The budget is 100 ns.

use std::hint::black_box;
use std::net::IpAddr;
use std::time::{Duration, Instant};

use sip::guard::{Guard, GuardLimits};

const ROUNDS: u32 = if cfg!(debug_assertions) { 20_000 } else { 5_000_000 };

fn main() {
    let invite = format!("INVITE sip:+442079460000@192.0.2.1:5060 SIP/2.0\r\n{}", "X: 1\r\n".repeat(150));
    let junk = vec![b'x'; 1_000];
    for (name, sources, bytes) in [
        ("an INVITE, one source", 1, invite.as_bytes()),
        ("an INVITE, 20 000 sources", 20_000, invite.as_bytes()),
        ("an INVITE, ever new sources", u32::MAX, invite.as_bytes()),
        ("1 kB without a line end", 20_000, &junk),
    ] {
        let begun = Instant::now();
        let mut guard = Guard::new(begun, GuardLimits::default());
        guard.ban(begun, IpAddr::from([203, 0, 113, 1]), Duration::from_secs(3600));
        let mut admitted = 0_u32;
        let started = Instant::now();
        for round in 0..ROUNDS {
            let from = IpAddr::from((round.wrapping_mul(2_654_435_761) % sources).to_be_bytes());
            let now = begun + Duration::from_micros(u64::from(round));
            admitted += u32::from(guard.admit(now, from, false, black_box(bytes)).is_ok());
        }
        let each = started.elapsed().as_nanos() / u128::from(ROUNDS);
        println!("{name}: {each} ns, {admitted} of {ROUNDS} admitted");
    }
}

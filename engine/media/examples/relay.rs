//! A bare relay for load tests: opens calls, prints the port pairs that both ends send to, relays until standard input
//! ends, then prints what passed.
//!
//! `relay CALLS [WORKERS [FIRST_PORT]]`

use std::io::{self, Read, Write};
use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use media::{Address, Family, MediaPlane, PlaneConfig, PortRange, Remote, Side};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut words = std::env::args().skip(1);
    let calls: u16 = words.next().ok_or("usage: relay CALLS [WORKERS [FIRST_PORT]]")?.parse()?;
    let workers = words.next().map_or(Ok(1), |word| word.parse())?;
    let first: u16 = words.next().map_or(Ok(20_000), |word| word.parse())?;
    let last = first.saturating_add(calls.saturating_mul(4)).saturating_add(1_000);
    let bind = IpAddr::V4(Ipv4Addr::LOCALHOST);
    let plane = MediaPlane::start(PlaneConfig {
        address: Address { bind, advertise: bind },
        second: None,
        ports: PortRange { first, last },
        workers,
    })?;
    let mut sessions =
        (0..calls).map(|_| plane.open(Family::V4, Family::V4)).collect::<Result<Vec<_>, _>>()?;
    // Nobody announced anything: each side is the first that sends.
    let anybody = SocketAddr::from((Ipv4Addr::UNSPECIFIED, 0));
    let mut out = io::stdout().lock();
    for session in &mut sessions {
        Side::BOTH.into_iter().for_each(|side| session.expect(side, Remote { rtp: anybody, rtcp: anybody }));
        writeln!(out, "{} {}", session.local(Side::Caller), session.local(Side::Callee))?;
    }
    out.flush()?;
    io::stdin().read_to_end(&mut Vec::new())?;
    let mut sum = [0; 4];
    for side in sessions.iter().map(media::Session::stats).flat_map(|stats| [stats.caller, stats.callee]) {
        let counts = [side.packets_in, side.packets_out, side.dropped_source, side.unsent];
        sum.iter_mut().zip(counts).for_each(|(sum, count)| *sum += count);
    }
    let [packets_in, packets_out, dropped, unsent] = sum;
    writeln!(out, "# in {packets_in} out {packets_out} dropped {dropped} unsent {unsent}")?;
    Ok(())
}

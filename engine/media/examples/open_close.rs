//! What opening and closing a session costs.
//!
//! `open_close [SESSIONS [OPEN_AT_ONCE]]` over 10,000 ports

use std::collections::VecDeque;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::time::{Duration, Instant};

use media::{Address, Family, MediaError, MediaPlane, PlaneConfig, PortRange, Remote, Side, Tuning};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut words = std::env::args().skip(1);
    let sessions: u32 = words.next().map_or(Ok(20_000), |word| word.parse())?;
    let at_once: usize = words.next().map_or(Ok(1_000), |word| word.parse())?;
    let bind = IpAddr::V4(Ipv4Addr::LOCALHOST);
    let config = PlaneConfig {
        address: Address { bind, advertise: bind },
        second: None,
        ports: PortRange { first: 20_000, last: 29_999 },
        workers: 1,
    };
    let tuning = Tuning { quarantine: Duration::from_millis(50), ..Tuning::default() };
    let plane = MediaPlane::start_with(config, tuning)?;
    let far = SocketAddr::from((Ipv4Addr::LOCALHOST, 9));
    let (mut opening, mut expecting, mut closing) = (Duration::ZERO, Duration::ZERO, Duration::ZERO);
    let mut open = VecDeque::new();
    let (start, cpu) = (Instant::now(), cpu());
    for _ in 0..sessions {
        let (mut session, t0, t1) = loop {
            let t0 = Instant::now();
            match plane.open(Family::V4, Family::V4) {
                // Every port rests: this loop is faster than any load.
                Err(MediaError::NoPortsLeft) => std::thread::sleep(Duration::from_millis(1)),
                opened => break (opened?, t0, Instant::now()),
            }
        };
        Side::BOTH.into_iter().for_each(|side| session.expect(side, Remote { rtp: far, rtcp: far }));
        let t2 = Instant::now();
        open.push_back(session);
        let oldest = if open.len() > at_once { open.pop_front() } else { None };
        let t3 = Instant::now();
        drop(oldest);
        opening += t1 - t0;
        expecting += t2 - t1;
        closing += t3.elapsed();
    }
    let (wall, cpu) = (start.elapsed(), self::cpu()? - cpu?);
    println!(
        "{sessions} sessions, {at_once} at once: open {:?}, expect twice {:?}, drop {:?}; CPU of all threads {:?} each; {wall:?}",
        opening / sessions,
        expecting / sessions,
        closing / sessions,
        cpu / sessions,
    );
    println!("{:?}", plane.usage());
    Ok(())
}

/// CPU time of this process so far, to the kernel's tick of 10 ms.
fn cpu() -> Result<Duration, Box<dyn std::error::Error>> {
    let stat = std::fs::read_to_string("/proc/self/stat")?;
    let fields = stat.rsplit(')').next().ok_or("a stat line")?;
    let ticks: u64 =
        fields.split_whitespace().skip(11).take(2).map(str::parse::<u64>).sum::<Result<_, _>>()?;
    Ok(Duration::from_millis(10 * ticks))
}

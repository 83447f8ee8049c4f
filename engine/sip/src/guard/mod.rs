//! What stands before the parser: who may speak, and how fast.
//!
//! A shard asks its [`Guard`] about each datagram before it reads deeper than the first line. Nothing here allocates
//! once the tables are full, and every table is bounded: hostile traffic costs a look-up and a counter.
//!
//! Sources are told apart by address, not by port, and IPv6 by its /64, because whoever has one address of a /64 has
//! all of them.

mod bans;
mod bucket;
mod first_line;
mod limits;
mod refused;
mod seats;

use std::net::IpAddr;
use std::time::{Duration, Instant};

pub use first_line::{FirstLine, first_line_of};
pub use limits::{GuardLimits, Pace};
pub use refused::{Refusals, Refused};

use bans::Bans;
use bucket::Bucket;
use seats::Seats;

/// One who sends: an IPv4 address, or the /64 of an IPv6 address.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Source(u64);

impl Source {
    /// The source of an address. An IPv4 address mapped into IPv6 is that IPv4 address.
    pub fn of(address: IpAddr) -> Self {
        match address.to_canonical() {
            // ::/64 holds no host that could reach us, so small numbers are free for IPv4.
            IpAddr::V4(four) => Self(u64::from(u32::from(four))),
            IpAddr::V6(six) => Self((u128::from(six) >> 64) as u64),
        }
    }
}

/// What one source has used up.
#[derive(Clone, Copy, Default)]
struct Usage {
    all: Bucket,
    registrations: Bucket,
    /// It has shown who it is.
    recognised: bool,
}

/// Flood limits, bans and counts of one shard.
pub struct Guard {
    limits: GuardLimits,
    /// Times are kept as nanoseconds since then.
    begun: Instant,
    usage: Seats<Usage>,
    strangers: Bucket,
    bans: Bans,
    refusals: Refusals,
}

impl Guard {
    /// A guard that has seen nobody. Takes the memory for its tables at once: about 100 bytes a source.
    pub fn new(now: Instant, limits: GuardLimits) -> Self {
        Self {
            limits,
            begun: now,
            usage: Seats::new(limits.sources),
            strangers: Bucket::default(),
            bans: Bans::new(limits.bans),
            refusals: Refusals::default(),
        }
    }

    /// Other limits from now on; what sources have used up stays counted. Table sizes stay as they are.
    pub fn set_limits(&mut self, limits: GuardLimits) {
        self.limits = limits;
    }

    /// Whether a datagram may be read. A `trusted` source (one that is known by its address) is exempt from bans and
    /// limits of pace, but must speak SIP all the same.
    ///
    /// # Errors
    /// The reason, counted, when the datagram is to be dropped without an answer.
    pub fn admit<'a>(
        &mut self,
        now: Instant,
        source: IpAddr,
        trusted: bool,
        datagram: &'a [u8],
    ) -> Result<FirstLine<'a>, Refused> {
        let verdict = self.judge(now, source, trusted, datagram);
        if let Err(why) = verdict {
            self.refusals.count(why);
        }
        verdict
    }

    fn judge<'a>(
        &mut self,
        now: Instant,
        source: IpAddr,
        trusted: bool,
        datagram: &'a [u8],
    ) -> Result<FirstLine<'a>, Refused> {
        let moment = self.moment(now);
        let source = Source::of(source);
        if !trusted && self.bans.holds(source, moment) {
            return Err(Refused::Banned);
        }
        if datagram.len() > self.limits.max_bytes {
            return Err(Refused::TooBig);
        }
        let line = first_line_of(datagram);
        if !trusted {
            // Junk uses up the pace as well: who sends much of it is soon not even looked at.
            self.pace(source, moment, &line)?;
        }
        match line {
            FirstLine::Junk => Err(Refused::NotSip),
            line => Ok(line),
        }
    }

    fn pace(&mut self, source: Source, moment: u64, line: &FirstLine<'_>) -> Result<(), Refused> {
        let limits = &self.limits;
        let usage = self.usage.of(source);
        if !usage.all.has_room(moment, limits.all) {
            return Err(Refused::TooFast);
        }
        if line.is_register() {
            if !usage.registrations.has_room(moment, limits.registrations) {
                return Err(Refused::TooManyRegistrations);
            }
            usage.registrations.take(moment, limits.registrations);
        }
        if !usage.recognised {
            if !self.strangers.has_room(moment, limits.strangers) {
                return Err(Refused::Overload);
            }
            self.strangers.take(moment, limits.strangers);
        }
        usage.all.take(moment, limits.all);
        Ok(())
    }

    /// A source has shown who it is: it has a pace of its own, whatever strangers send. Forgotten with what else is known of
    /// it, when it has not been heard of for long and others need the room.
    pub fn recognise(&mut self, source: IpAddr) {
        self.usage.of(Source::of(source)).recognised = true;
    }

    /// Counts a refusal that was decided elsewhere, such as [`Refused::UnknownSource`].
    pub fn note(&mut self, why: Refused) {
        self.refusals.count(why);
    }

    /// Refuses a source for some time; a ban that lasts longer stays. When the table is full, of some neighbours the
    /// one that would end first makes room.
    pub fn ban(&mut self, now: Instant, source: IpAddr, lasting: Duration) {
        let until = self.moment(now).saturating_add(nanoseconds(lasting));
        self.bans.add(Source::of(source), until);
    }

    /// Ends a ban; whether there was one.
    pub fn unban(&mut self, source: IpAddr) -> bool {
        self.bans.lift(Source::of(source))
    }

    /// How long a source stays banned; `None` when it is not.
    pub fn banned_for(&self, now: Instant, source: IpAddr) -> Option<Duration> {
        let moment = self.moment(now);
        let until = self.bans.until(Source::of(source)).filter(|until| *until > moment)?;
        Some(Duration::from_nanos(until - moment))
    }

    /// What was refused since the start.
    pub fn refusals(&self) -> &Refusals {
        &self.refusals
    }

    /// Sources that are being watched.
    pub fn sources(&self) -> usize {
        self.usage.len()
    }

    fn moment(&self, now: Instant) -> u64 {
        nanoseconds(now.saturating_duration_since(self.begun))
    }
}

/// Five centuries fit.
fn nanoseconds(time: Duration) -> u64 {
    time.as_secs().saturating_mul(1_000_000_000).saturating_add(u64::from(time.subsec_nanos()))
}

#[cfg(test)]
mod tests;

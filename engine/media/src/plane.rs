use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use crate::datapath::Datapath;
use crate::error::MediaError;
use crate::family::{Address, Addresses, Family};
use crate::ground::Ground;
use crate::latch::LatchPolicy;
use crate::port::{Berths, PortPool, PortRange, PortUsage};
use crate::relay::Userspace;
use crate::session::Session;

/// More threads than any machine has use for.
const MOST_WORKERS: usize = 256;

/// Where the relay listens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PlaneConfig {
    /// Where far ends are met, unless they want the other version of IP.
    pub address: Address,
    /// Where far ends of the other version of IP are met; without, they meet the first address.
    pub second: Option<Address>,
    /// Ports; a session takes two even/odd pairs.
    pub ports: PortRange,
    /// Threads; one per core that media may use.
    pub workers: usize,
}

/// What rarely needs another value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tuning {
    /// How long ports rest after a call, so that its late packets do not meet the next one.
    pub quarantine: Duration,
    /// How long the sockets of a call that is over stay open for the next one.
    pub keep_open: Duration,
    /// Whom a session listens to.
    pub latch: LatchPolicy,
    /// Receive buffer of an RTP socket in octets, as far as the kernel allows.
    pub receive_buffer: usize,
}

impl Default for Tuning {
    fn default() -> Tuning {
        Tuning {
            quarantine: Duration::from_secs(1),
            keep_open: Duration::from_secs(10),
            latch: LatchPolicy::default(),
            receive_buffer: 256 << 10,
        }
    }
}

/// The RTP relay: ports and the threads that serve them. Clones are handles to the same plane; it stops with the last.
#[derive(Clone, Debug)]
pub struct MediaPlane {
    plane: Arc<Plane>,
}

#[derive(Debug)]
struct Plane {
    stopped: AtomicBool,
    userspace: Arc<Userspace>,
    ground: Arc<Ground>,
}

impl MediaPlane {
    /// Starts the worker threads `media-0`, `media-1`… with the default [`Tuning`].
    ///
    /// # Errors
    /// A range without room for a call, an address that cannot be bound or advertised, no workers or no threads.
    pub fn start(config: PlaneConfig) -> Result<MediaPlane, MediaError> {
        MediaPlane::start_with(config, Tuning::default())
    }

    /// [`MediaPlane::start`] with other tuning.
    ///
    /// # Errors
    /// As there.
    pub fn start_with(config: PlaneConfig, tuning: Tuning) -> Result<MediaPlane, MediaError> {
        check(&config)?;
        let addresses = Addresses::new(config.address, config.second)?;
        let epoch = Instant::now();
        let userspace =
            Userspace::start(config.ports, config.workers, epoch).map_err(MediaError::NoWorker)?;
        let userspace = Arc::new(userspace);
        let ground = Ground {
            datapath: userspace.clone(),
            ports: PortPool::new(config.ports, tuning.quarantine, epoch),
            berths: Berths::new(tuning.quarantine, tuning.keep_open),
            addresses,
            receive_buffer: tuning.receive_buffer,
            latch: tuning.latch,
            open_sessions: AtomicUsize::new(0),
        };
        let ground = Arc::new(ground);
        // Weak, because the ground holds the workers. The plane waits for their end before it lets go of the ground, so
        // that none of them can be the last to hold it.
        let trimmed = Arc::downgrade(&ground);
        userspace.each_look(move |now| {
            if let Some(ground) = trimmed.upgrade() {
                ground.trim(now);
            }
        });
        let plane = Plane { stopped: AtomicBool::new(false), userspace, ground };
        Ok(MediaPlane { plane: Arc::new(plane) })
    }

    /// Opens a session on two free port pairs, for far ends that are met by these versions of IP. May be called from any thread; costs system
    /// calls only when no sockets of an earlier call can be taken, and never waits for a worker.
    ///
    /// # Errors
    /// No free ports, a kernel limit (open files), or the plane is stopped.
    pub fn open(&self, caller: Family, callee: Family) -> Result<Session, MediaError> {
        if self.plane.stopped.load(Ordering::Acquire) {
            return Err(MediaError::Stopped);
        }
        Session::open(&self.plane.ground, [caller, callee])
    }

    /// Marks what calls send from now on with a code point (DSCP, RFC 2474, 0 to 63); those in progress keep theirs.
    pub fn set_mark(&self, mark: u8) {
        self.plane.ground.berths.set_mark(mark & 0x3f);
    }

    /// How full the plane is now.
    pub fn usage(&self) -> PortUsage {
        let (ground, now) = (&self.plane.ground, Instant::now());
        ground.trim(now);
        let (unbound, bound) = (ground.ports.count(now), ground.berths.count(now));
        PortUsage {
            open_sessions: ground.open_sessions.load(Ordering::Relaxed),
            free_pairs: unbound.0 + bound.0,
            resting_pairs: unbound.1 + bound.1,
        }
    }

    /// Stops the workers and waits for them; sessions still open fall silent.
    pub fn stop(&self) {
        self.plane.stopped.store(true, Ordering::Release);
        self.plane.userspace.stop();
    }

    /// The executor of the sessions' rules, for whoever gives a flow another action.
    pub fn datapath(&self) -> Arc<dyn Datapath> {
        self.plane.ground.datapath.clone()
    }
}

impl Drop for Plane {
    fn drop(&mut self) {
        // Sessions may outlive the plane and hold the datapath.
        self.userspace.stop();
    }
}

fn check(config: &PlaneConfig) -> Result<(), MediaError> {
    let PlaneConfig { ports: range, workers, .. } = *config;
    if range.pairs().take(2).count() < 2 {
        return Err(MediaError::BadRange { range });
    }
    if !(1..=MOST_WORKERS).contains(&workers) {
        return Err(MediaError::BadWorkers { workers, max: MOST_WORKERS });
    }
    Ok(())
}

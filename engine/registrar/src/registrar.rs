//! What all shards share.

use std::sync::Arc;
use std::time::Duration;

use arc_swap::ArcSwap;
use domain::{Configuration, PhoneId, PhoneNumber, StoredBinding};
use hashbrown::HashMap;
use smallvec::SmallVec;

use crate::bindings::{Binding, Bindings};
use crate::directory::{Directory, Line};
use crate::door::{Door, Outcome, Suspended, Suspension};
use crate::flows::Flows;

/// Phones, their bindings, and who is let in. One for the process; every method may be called from every thread.
pub struct Registrar {
    pub(crate) directory: ArcSwap<Directory>,
    pub(crate) door: Door,
    pub(crate) flows: Flows,
}

/// What is to be written down or told.
#[derive(Clone, Debug)]
pub enum Output {
    /// The bindings of a phone have changed: write these down in place of what was ([`Bindings::stored`]), unless later ones
    /// ([`Bindings::revision`]) have been.
    Changed {
        /// Whose.
        phone: PhoneId,
        /// What they are now.
        bindings: Arc<Bindings>,
    },
    /// A phone that had no contact has one.
    Online {
        /// Which phone.
        phone: PhoneId,
        /// Its number.
        number: PhoneNumber,
    },
    /// A phone has no contact any more.
    Offline {
        /// Which phone.
        phone: PhoneId,
        /// Its number.
        number: PhoneNumber,
    },
    /// A new contact took the place of an older one (`SS_ENDPOINT_REGISTER_REPLACE`).
    Displaced {
        /// Whose.
        phone: PhoneId,
        /// The phone's number.
        number: PhoneNumber,
        /// The contact that went.
        binding: Arc<Binding>,
    },
    /// A user or an address failed too often. A security event: to be logged and counted.
    Suspended(Suspension),
}

pub(crate) type Outputs = SmallVec<[Output; 2]>;

impl Registrar {
    /// Without phones. `secret` signs nonces: 32 bytes of good chance, the same for every process that shares the address; one
    /// that outlives a restart saves every phone a challenge.
    pub fn new(secret: [u8; 32]) -> Self {
        Self { directory: ArcSwap::default(), door: Door::new(secret), flows: Flows::default() }
    }

    /// Takes up a configuration. Phones keep their bindings as long as they keep their number and register at all. Call it from
    /// one thread.
    pub fn configure(&self, configuration: &Configuration) -> Vec<Output> {
        let (directory, moved) = Directory::build(configuration, &self.directory.load());
        self.directory.store(Arc::new(directory));
        let gone = |line: Arc<Line>| {
            let bindings = Arc::new(Bindings::default());
            let (phone, number) = (line.id(), line.settings().number.clone());
            [Output::Changed { phone, bindings }, Output::Offline { phone, number }]
        };
        moved.into_iter().flat_map(gone).collect()
    }

    /// Puts back what was written down before a restart; how many contacts still hold. Call it before anything registers, after
    /// [`Self::configure`].
    pub fn restore(&self, now: Duration, stored: &[StoredBinding]) -> usize {
        let mut by_phone: HashMap<PhoneId, Vec<StoredBinding>> = HashMap::new();
        for binding in stored {
            by_phone.entry(binding.phone).or_default().push(binding.clone());
        }
        let directory = self.directory.load();
        let restored = by_phone.into_iter().filter_map(|(phone, stored)| {
            let bindings = Bindings::restored(now, &stored)?;
            let count = bindings.all().count();
            directory.of(phone)?.state.bindings.store(Some(Arc::new(bindings)));
            Some(count)
        });
        restored.sum()
    }

    /// Whether no phone and no trunk can log in or call: then there is nobody to challenge.
    pub fn is_empty(&self) -> bool {
        self.directory.load().is_empty()
    }

    /// The phone of a number, disabled ones too.
    pub fn find(&self, number: &str) -> Option<Arc<Line>> {
        self.directory.load().numbered(number).cloned()
    }

    /// A connection has closed: what was registered over it is gone (RFC 5626 §5).
    pub fn connection_closed(&self, now: Duration, flow: sip::Flow) -> Vec<Output> {
        let mut outputs = Outputs::new();
        let directory = self.directory.load();
        for line in self.flows.take(flow).into_iter().filter_map(|phone| directory.of(phone)) {
            self.keep_only(now, line, &|binding| binding.flow != flow, &mut outputs);
        }
        outputs.into_vec()
    }

    /// Takes away what has run out. Call it about once a second from a thread of housekeeping: a look at each phone.
    pub fn expire(&self, now: Duration) -> Vec<Output> {
        let mut outputs = Outputs::new();
        for line in &self.directory.load().lines {
            let due = |bindings: &Arc<Bindings>| bindings.all().any(|binding| binding.expires <= now);
            if line.bindings().as_ref().is_some_and(due) {
                self.keep_only(now, line, &|_| true, &mut outputs);
            }
        }
        outputs.into_vec()
    }

    /// Takes away a phone's contacts, as its person at the portal wants.
    pub fn unregister(&self, now: Duration, number: &str) -> Vec<Output> {
        let mut outputs = Outputs::new();
        if let Some(line) = self.directory.load().numbered(number) {
            self.keep_only(now, line, &|_| false, &mut outputs);
        }
        outputs.into_vec()
    }

    fn keep_only(&self, now: Duration, line: &Line, keep: &dyn Fn(&Binding) -> bool, outputs: &mut Outputs) {
        let swapped = line.replace(|before| {
            let after = before.without(|binding| binding.expires > now && keep(binding));
            (after.all().count() < before.all().count()).then_some(after).ok_or(())
        });
        if let Ok((before, after)) = swapped {
            self.tell(now, line, &before, after, outputs);
        }
    }

    /// What a change of a phone's bindings means to others.
    pub(crate) fn tell(
        &self,
        now: Duration,
        line: &Line,
        before: &Bindings,
        after: Arc<Bindings>,
        outputs: &mut Outputs,
    ) {
        let (phone, number) = (line.id(), &line.settings().number);
        let over = |bindings: &Bindings, flow| bindings.all().any(|binding| binding.flow == flow);
        for binding in before.all().filter(|binding| binding.is_on_connection()) {
            if !over(&after, binding.flow) {
                self.flows.remove(binding.flow, phone);
            }
        }
        for binding in after.all().filter(|binding| binding.is_on_connection()) {
            if !over(before, binding.flow) {
                self.flows.add(binding.flow, phone);
            }
        }
        // What has run out may have been taken away by whoever came first: it was online until somebody told.
        match (before.is_empty(), after.live(now).next().is_none()) {
            (true, false) => outputs.push(Output::Online { phone, number: number.clone() }),
            (false, true) => outputs.push(Output::Offline { phone, number: number.clone() }),
            _ => {}
        }
        outputs.push(Output::Changed { phone, bindings: after });
    }

    /// Who is suspended now, the latest first.
    pub fn suspensions(&self, now: Duration) -> Vec<Suspension> {
        self.door.suspended(now)
    }

    /// Puts back the suspensions that were in force before a restart, as far as their time is not over. Call it before anything
    /// asks to be let in.
    pub fn restore_suspensions(&self, now: Duration, suspensions: &[Suspension]) {
        for suspension in suspensions {
            self.door.restore(now, suspension);
        }
    }

    /// Ends a suspension before its time; whether there was one.
    pub fn release(&self, now: Duration, who: &Suspended) -> bool {
        self.door.release(now, who)
    }

    /// How often each outcome of an authentication came since the start.
    pub fn outcomes(&self) -> Vec<(Outcome, u64)> {
        self.door.outcomes.read()
    }
}

impl Line {
    /// Puts what `change` makes of the bindings in their place, as if nobody else did the same: who finds that another was
    /// quicker begins again with what that one left.
    pub(crate) fn replace<E>(
        &self,
        mut change: impl FnMut(&Bindings) -> Result<Bindings, E>,
    ) -> Result<(Arc<Bindings>, Arc<Bindings>), E> {
        let cell = &self.state.bindings;
        loop {
            let before = cell.load_full();
            let known = before.clone().unwrap_or_default();
            let after = Arc::new(change(&known)?);
            let found = cell.compare_and_swap(&before, Some(Arc::clone(&after)));
            let same = match (&*found, &before) {
                (None, None) => true,
                (Some(found), Some(before)) => Arc::ptr_eq(found, before),
                _ => false,
            };
            if same {
                return Ok((known, after));
            }
        }
    }
}

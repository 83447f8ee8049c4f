//! Who is online (OPS-3, REG-9).

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use crate::bindings::Bindings;
use crate::directory::Line;
use crate::registrar::Registrar;

/// A phone and where it is registered.
#[derive(Clone)]
pub struct LineStatus {
    /// The phone.
    pub line: Arc<Line>,
    /// Its contacts at that moment; look at [`Bindings::live`].
    pub bindings: Arc<Bindings>,
}

/// How many phones there are, and how many are online.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Counts {
    /// Enabled phones that register.
    pub phones: usize,
    /// Those with a contact.
    pub online: usize,
    /// Contacts of all of them.
    pub contacts: usize,
    /// Contacts behind address translation.
    pub nat: usize,
}

impl Registrar {
    /// How many are online now; to be kept over time as the baseline that a flood or an outage departs from.
    pub fn counts(&self, now: Duration) -> Counts {
        let mut counts = Counts::default();
        for line in &self.directory.load().lines {
            counts.phones += usize::from(line.settings().enabled);
            let bindings = line.bindings();
            let Some(bindings) = bindings.as_ref() else { continue };
            let contacts = bindings.live(now).count();
            counts.online += usize::from(contacts > 0);
            counts.contacts += contacts;
            counts.nat += bindings.live(now).filter(|binding| binding.nat).count();
        }
        counts
    }

    /// The phones for which `wanted` holds, in the order of the configuration, from the `skip`th on, at most `most`.
    pub fn statuses(
        &self,
        skip: usize,
        most: usize,
        wanted: impl Fn(&LineStatus) -> bool,
    ) -> Vec<LineStatus> {
        let directory = self.directory.load();
        let statuses = directory.lines.iter().map(|line| LineStatus {
            line: Arc::clone(line),
            bindings: line.bindings().clone().unwrap_or_default(),
        });
        statuses.filter(wanted).skip(skip).take(most).collect()
    }

    /// Contacts by the address they came from, most first, at most `most`: one address with hundreds of them is an office, or
    /// somebody who should not be there.
    pub fn by_address(&self, now: Duration, most: usize) -> Vec<(IpAddr, usize)> {
        let mut counts: hashbrown::HashMap<IpAddr, usize> = hashbrown::HashMap::new();
        for line in &self.directory.load().lines {
            for binding in line.bindings().as_ref().into_iter().flat_map(|bindings| bindings.live(now)) {
                *counts.entry(binding.flow.remote.ip().to_canonical()).or_default() += 1;
            }
        }
        let mut counts: Vec<_> = counts.into_iter().collect();
        counts.sort_by_key(|(address, count)| (std::cmp::Reverse(*count), *address));
        counts.truncate(most);
        counts
    }
}

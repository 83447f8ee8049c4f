//! Thousands of calls at once through bad weather: loss, copies, delay and with it reordering, over every flow. Each must end with
//! both sides done, one CDR, and nothing left behind. The seed decides everything; a failing one is printed with the ladder of
//! its messages.

mod agenda;
mod callee;
mod caller;
mod weather;

use std::{collections::BTreeMap, time::Duration};

use domain::{AccountId, Money, Parameter};
use rand::{RngExt, SeedableRng, rngs::StdRng};

use self::{
    callee::Callee,
    caller::{Caller, Heard},
    weather::Weather,
};
use super::world::*;
use crate::{call::Output, spool::Record};

/// Calls of one seed.
const CALLS: usize = 100;
/// Seeds of one run: 10,000 calls.
const SEEDS: u64 = 100;

#[test]
fn ten_thousand_calls_in_bad_weather_end_with_one_cdr_each_and_nothing_left() {
    let first: u64 = std::env::var("TANDEM_STORM_SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or(0);
    let seeds = if std::env::var("TANDEM_STORM_SEED").is_ok() { 1 } else { SEEDS };
    let mut answered = 0;
    let mut heard = [Heard::new(), Heard::new()];
    for seed in first..first + seeds {
        let mut storm = Storm::new(seed);
        let ended = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            storm.run();
            storm.assert_all_is_well()
        }));
        match ended {
            Ok(count) => {
                answered += count;
                heard.iter_mut().zip(storm.heard()).for_each(|(all, more)| add(all, more));
            }
            Err(panic) => {
                eprintln!("TANDEM_STORM_SEED={seed} fails; its messages:\n{}", storm.weather.ladder());
                std::panic::resume_unwind(panic);
            }
        }
    }
    // The weather must not have become so bad that nothing is tested.
    for (side, methods) in heard.iter().zip([
        &["UPDATE", "INFO", "MESSAGE", "INVITE", "BYE"][..],
        &["PRACK", "UPDATE", "INFO", "MESSAGE", "INVITE", "BYE"],
    ]) {
        for method in methods {
            let count = side.get(*method).copied().unwrap_or(0);
            assert!(count as u64 >= seeds || seeds == 1, "only {count} times {method}");
        }
    }
    assert!(seeds == 1 || answered > CALLS * seeds as usize / 3, "only {answered} calls were answered");
}

struct Storm {
    world: World,
    weather: Weather,
    caller: Caller,
    callees: BTreeMap<&'static str, Callee>,
}

impl Storm {
    fn new(seed: u64) -> Self {
        let mut random = StdRng::seed_from_u64(seed);
        let world = World::new("1000000");
        let mut configuration = configuration("1000000");
        for gateway in &mut configuration.mapping_gateways {
            gateway.settings.max_calls = None;
        }
        configuration.routing_gateways[0].settings.redirects = domain::Redirects::Follow;
        // So that sessions are refreshed while they last.
        for (parameter, value) in
            [(Parameter::SS_SIP_SESSION_TTL, "90"), (Parameter::SS_SIP_SESSION_UPDATE_SEGMENT, "3")]
        {
            configuration.parameters.set(parameter, value).expect("a value");
        }
        crate::configuration::take_up(&world.floor.desk.environment, configuration);
        let weather = Weather::new(&mut random, world.now.steady);
        let caller = Caller::new(seed, world.now.steady, CALLS);
        let callees = [VENDOR, SECOND_VENDOR].map(|address| (address, Callee::new(seed, address))).into();
        Self { world, weather, caller, callees }
    }

    /// Moves from one event to the next until nothing is left to come.
    fn run(&mut self) {
        let start = self.world.now;
        loop {
            self.carry();
            let next = [
                self.weather.next(),
                // What a shard looks after beside calls never ends.
                self.world.floor.next_of_calls(),
                self.caller.next(),
                self.callees.values().filter_map(Callee::next).min(),
            ];
            let Some(next) = next.into_iter().flatten().min() else { return };
            assert!(next < start.steady + Duration::from_secs(1200), "it never ends");
            let step = next.saturating_duration_since(self.world.now.steady);
            self.world.now = self.world.now.plus(step);
            let now = self.world.now;
            self.world.floor.on_timer(now);
            self.caller.on_timer(now.steady);
            for callee in self.callees.values_mut() {
                callee.on_timer(now.steady);
            }
            while let Some((from, to, bytes)) = self.weather.due(now.steady) {
                let way = flow(to, from);
                if to == at(SWITCH) {
                    self.world.floor.on_message(now, way, bytes);
                } else if to == at(CALLER) {
                    self.caller.on_datagram(now.steady, way, bytes);
                } else if let Some(callee) = self.callees.values_mut().find(|callee| callee.is_at(to)) {
                    callee.on_datagram(now.steady, way, bytes);
                }
            }
        }
    }

    /// Takes everything that wants to be sent or written.
    fn carry(&mut self) {
        let now = self.world.now;
        loop {
            let mut moved = false;
            while let Some(Output::Record(record, confirm)) = self.world.floor.poll_output() {
                self.world.records.push(record);
                if let Some(call) = confirm {
                    self.world.floor.on_recorded(now, call);
                }
                moved = true;
            }
            while let Some(transmit) = self.world.floor.poll_transmit() {
                self.weather.send(now.steady, at(SWITCH), transmit.flow.remote, transmit.bytes);
                moved = true;
            }
            for (from, transmit) in self.caller.transmits().into_iter().map(|t| (at(CALLER), t)) {
                self.weather.send(now.steady, from, transmit.flow.remote, transmit.bytes);
                moved = true;
            }
            for (address, callee) in &mut self.callees {
                for transmit in callee.transmits() {
                    self.weather.send(now.steady, at(address), transmit.flow.remote, transmit.bytes);
                    moved = true;
                }
            }
            if !moved {
                return;
            }
        }
    }

    /// What the caller's and the called side got within dialogs.
    fn heard(&self) -> [Heard; 2] {
        let mut called = Heard::new();
        self.callees.values().for_each(|callee| add(&mut called, callee.heard.clone()));
        [self.caller.heard.clone(), called]
    }

    /// Gives the number of answered calls.
    fn assert_all_is_well(&mut self) -> usize {
        let floor = &self.world.floor;
        assert!(floor.calls.is_empty(), "{} calls are left", floor.calls.len());
        let desk = &floor.desk;
        let left = (desk.tags.len(), desk.servers.len(), desk.clients.len());
        assert_eq!(left, (0, 0, 0), "tags, servers or clients are left");
        let stats = desk.endpoint.stats();
        assert_eq!((stats.clients, stats.servers), (0, 0), "transactions are left");
        assert_eq!(desk.next_wake(), None, "alarms are left");
        assert_eq!(desk.environment.plane.usage().open_sessions, 0, "media sessions are left");

        let mut cdrs = BTreeMap::new();
        for record in &self.world.records {
            if let Record::Closed(cdr) = record {
                assert!(cdrs.insert(cdr.call_id_in.clone(), cdr).is_none(), "two CDRs of one call");
            }
        }
        for (call_id, plan) in &self.caller.calls {
            let cdr = cdrs.get(call_id);
            if plan.was_answered() {
                assert!(
                    cdr.is_some_and(|cdr| cdr.answered_at.is_some()),
                    "{call_id} was answered and has no CDR"
                );
            }
            assert!(plan.is_done(), "{call_id} is not over for the caller: {plan:?}");
        }
        for callee in self.callees.values() {
            callee.assert_done();
        }
        let purse = desk.environment.purses.of(AccountId(1)).expect("the customer");
        let charged: Money = cdrs.values().map(|cdr| cdr.customer.amount).sum();
        assert_eq!(purse.held(), Money::ZERO);
        assert_eq!(
            purse.available(),
            "1000000".parse::<Money>().unwrap() - charged,
            "the purse and the CDRs disagree"
        );
        cdrs.values().filter(|cdr| cdr.answered_at.is_some()).count()
    }
}

fn add(all: &mut Heard, more: Heard) {
    more.into_iter().for_each(|(method, count)| *all.entry(method).or_default() += count);
}

/// A duration between two, in milliseconds.
fn between(random: &mut StdRng, from: u64, to: u64) -> Duration {
    Duration::from_millis(random.random_range(from..=to))
}

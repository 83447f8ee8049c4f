use std::{
    fs,
    path::PathBuf,
    sync::{Arc, mpsc},
};

use chrono::{DateTime, TimeDelta};
use domain::*;

use super::*;

/// A directory that goes with the test.
struct Directory(PathBuf);

impl Directory {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("tandem-spool-{name}-{}", rand::random::<u64>()));
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }
}

impl Drop for Directory {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

pub(super) fn cdr(number: u128, talked_ms: i64) -> Cdr {
    let at = DateTime::from_timestamp_millis(1_790_000_000_000).unwrap();
    Cdr {
        id: CallId(uuid::Uuid::from_u128(number)),
        started_at: at,
        ringing_at: None,
        answered_at: Some(at),
        ended_at: at + TimeDelta::milliseconds(talked_ms),
        mapping_gateway: Some(MappingGatewayId(1)),
        mapping_gateway_name: "trunk".into(),
        caller_phone: None,
        callee_phone: None,
        routing_gateway: None,
        routing_gateway_name: None,
        caller_in: "1".into(),
        callee_in: "2".into(),
        caller_out: None,
        callee_out: None,
        source: "127.0.0.1:5060".parse().unwrap(),
        destination: None,
        call_id_in: "x".into(),
        call_id_out: None,
        duration_ms: talked_ms,
        customer: Price {
            account: AccountId(1),
            account_name: "customer".into(),
            currency: "USD".parse().unwrap(),
            prefix: Prefix::default(),
            rate: Rate::ZERO,
            billing_unit: Seconds(1),
            connect_fee: Money::ZERO,
            rounded: Seconds(0),
            billed: Seconds(0),
            amount: Money::ZERO,
        },
        vendor: None,
        end_reason: EndReason::SwitchRestarted,
        sip_code: SipCode(200),
        q850: Q850(16),
        released_by: ReleaseSide::Switch,
        codec: None,
        media: MediaCounters::default(),
        attempts: Vec::new(),
        config_version: 1,
    }
}

fn open(number: u128, talked_ms: i64) -> Record {
    Record::Open(Box::new(cdr(number, talked_ms)))
}

fn closed(number: u128, talked_ms: i64) -> Record {
    Record::Closed(Box::new(cdr(number, talked_ms)))
}

/// Writes records as a switch does, each confirmed before the next, and ends.
fn write(directory: &Directory, segment_size: u64, records: impl IntoIterator<Item = Record>) {
    let writer = Writer::start(&directory.0, segment_size).unwrap();
    for record in records {
        let (sender, confirmed) = mpsc::channel();
        let confirm: Confirm = Box::new(move |written| sender.send(written).unwrap());
        writer.spool.append(Entry { record, confirm: Some(confirm) });
        assert!(confirmed.recv().unwrap());
    }
    writer.spool.close();
    writer.thread.join().unwrap();
}

fn ids(cdrs: &[Cdr]) -> Vec<u128> {
    cdrs.iter().map(|cdr| cdr.id.0.as_u128()).collect()
}

#[test]
fn a_call_found_open_is_closed_at_its_last_checkpoint() {
    let directory = Directory::new("open");
    write(&directory, 1 << 20, [open(1, 0), open(2, 0), open(1, 5_000), closed(2, 7_000), open(1, 10_000)]);
    let found = replay(&directory.0).unwrap();
    assert_eq!((ids(&found.closed), ids(&found.interrupted)), (vec![2], vec![1]));
    assert_eq!(found.interrupted[0].duration_ms, 10_000);
    assert!(found.damaged.is_empty());
    found.discard(&directory.0).unwrap();
    assert!(replay(&directory.0).unwrap().interrupted.is_empty());
}

#[test]
fn a_file_cut_at_any_byte_loses_nothing_that_stands_before_the_cut() {
    let whole = Directory::new("whole");
    write(&whole, 1 << 20, [open(1, 0), closed(1, 1_000), open(2, 0), closed(3, 0)]);
    let bytes = fs::read(segment::path(&whole.0, 1)).unwrap();
    let mut ends = Vec::new();
    segment::scan(&whole.0, 1, 0, u64::MAX, |_, end| ends.push(end as usize)).unwrap();
    assert_eq!(*ends.last().unwrap(), bytes.len());
    let cut = Directory::new("cut");
    for length in 0..bytes.len() {
        fs::write(segment::path(&cut.0, 1), &bytes[..length]).unwrap();
        let found = replay(&cut.0).unwrap();
        let records = ends.iter().filter(|end| **end <= length).count();
        let expected: (Vec<u128>, Vec<u128>) = match records {
            0 => (vec![], vec![]),
            1 => (vec![], vec![1]),
            2 => (vec![1], vec![]),
            _ => (vec![1], vec![2]),
        };
        assert_eq!((ids(&found.closed), ids(&found.interrupted)), expected, "cut at {length}");
        assert_eq!(found.damaged.is_empty(), ends.contains(&length) || length == 0);
    }
}

#[test]
fn a_flipped_bit_is_noticed_and_hides_only_what_stands_behind_it() {
    let directory = Directory::new("flip");
    write(&directory, 1 << 20, [closed(1, 0), closed(2, 0)]);
    let path = segment::path(&directory.0, 1);
    let bytes = fs::read(&path).unwrap();
    for at in (0..bytes.len()).step_by(7) {
        let mut damaged = bytes.clone();
        damaged[at] ^= 0x10;
        fs::write(&path, &damaged).unwrap();
        let found = replay(&directory.0).unwrap();
        assert_eq!(found.damaged, [1], "flipped at {at}");
        assert!(found.closed.len() < 2);
    }
}

#[test]
fn a_new_segment_begins_with_every_open_call_so_that_older_ones_may_go() {
    let directory = Directory::new("segments");
    let records = std::iter::once(open(1, 0)).chain((100..200).map(|n| closed(n, 0)));
    write(&directory, 2_000, records);
    let numbers = segment::list(&directory.0).unwrap();
    assert!(numbers.len() > 3);
    for number in &numbers[..numbers.len() - 1] {
        fs::remove_file(segment::path(&directory.0, *number)).unwrap();
    }
    assert_eq!(ids(&replay(&directory.0).unwrap().interrupted), [1]);
}

#[test]
fn what_postgres_has_is_not_brought_again_and_a_lost_note_does_no_harm() {
    let directory = Directory::new("drained");
    write(&directory, 1 << 20, [closed(1, 0), closed(2, 0)]);
    let mut ends = Vec::new();
    segment::scan(&directory.0, 1, 0, u64::MAX, |_, end| ends.push(end)).unwrap();
    segment::store_drained(&directory.0, Position { segment: 1, offset: ends[0] }).unwrap();
    assert_eq!(ids(&replay(&directory.0).unwrap().closed), [2]);
    fs::write(directory.0.join("drained"), "garbage").unwrap();
    assert_eq!(ids(&replay(&directory.0).unwrap().closed), [1, 2]);
}

#[test]
fn a_segment_number_is_never_used_twice_while_its_file_is_there() {
    let directory = Directory::new("numbers");
    write(&directory, 1 << 20, [closed(1, 0)]);
    write(&directory, 1 << 20, [closed(2, 0)]);
    assert_eq!(segment::list(&directory.0).unwrap(), [1, 2]);
    assert_eq!(ids(&replay(&directory.0).unwrap().closed), [1, 2]);
}

/// An account with this balance, so that what calls cost can be seen.
async fn account(pool: &store::Pool) -> AccountId {
    let settings = AccountDraft {
        name: "customer".into(),
        kind: "customer".into(),
        currency: "USD".into(),
        precision: "4".into(),
        credit_limit: "0".into(),
        rate_table: String::new(),
        status: "active".into(),
        agent: String::new(),
    };
    let actor = store::Actor { user: None, name: "test".into() };
    store::accounts::create(pool, &actor, &settings.check().unwrap()).await.unwrap()
}

fn charged(number: u128, account: AccountId) -> Cdr {
    let mut cdr = cdr(number, 60_000);
    cdr.customer.account = account;
    cdr.customer.amount = "0.01".parse().unwrap();
    cdr
}

async fn balance(pool: &store::Pool, account: AccountId) -> String {
    store::accounts::find(pool, &store::Scope::All, account).await.unwrap().balance().to_string()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_drain_brings_every_closed_call_once_through_many_segments() {
    let database = store::testing::database().await;
    let account = account(&database.pool).await;
    let directory = Directory::new("drain");
    let writer = Writer::start(&directory.0, 20_000).unwrap();
    let drain = tokio::spawn(Drain::new(&directory.0, database.pool.clone(), &writer).run());
    for number in 1..=300 {
        let record = Record::Open(Box::new(charged(number, account)));
        writer.spool.append(Entry { record, confirm: None });
        let record = Record::Closed(Box::new(charged(number, account)));
        writer.spool.append(Entry { record, confirm: None });
    }
    let spool = writer.spool.clone();
    spool.close();
    writer.thread.join().unwrap();
    drop((writer.written, writer.shared));
    assert_eq!(drain.await.unwrap(), Drained::Everything);
    assert_eq!(spool.pending(), 0);
    assert_eq!(balance(&database.pool, account).await, "-3.00");
    assert!(segment::list(&directory.0).unwrap().len() <= 2, "finished segments are removed");
    let left = replay(&directory.0).unwrap();
    assert!(left.closed.is_empty() && left.interrupted.is_empty());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_start_charges_what_a_killed_process_left_exactly_once() {
    let database = store::testing::database().await;
    let account = account(&database.pool).await;
    let directory = Directory::new("start");
    let left =
        || [Record::Closed(Box::new(charged(1, account))), Record::Open(Box::new(charged(2, account)))];
    write(&directory, 1 << 20, left());
    for _ in 0..2 {
        let switch = crate::start(crate::Settings {
            sip: "127.0.0.1:0".parse().unwrap(),
            listeners: Vec::new(),
            tls: None,
            advertise: [127, 0, 0, 1].into(),
            rtp_ports: crate::PortRange { first: 41_000, last: 41_099 },
            shards: 2,
            media_workers: 1,
            spool: directory.0.clone(),
            pool: database.pool.clone(),
            seal: Arc::new(store::Seal::new(&[1; 32])),
            nonce_secret: [2; 32],
            user_agent: "Tandem".into(),
        })
        .await
        .unwrap();
        assert_eq!(switch.handle().status().spool_pending, 0);
        switch.stop().await;
        assert_eq!(balance(&database.pool, account).await, "-0.02");
        // The same once more, as if the process had been killed before it could remove the files.
        write(&directory, 1 << 20, left());
    }
    let interrupted = store::cdrs::find(&database.pool, &store::Scope::All, cdr(2, 0).id).await.unwrap();
    assert_eq!(interrupted.end_reason, EndReason::SwitchRestarted);
}

#[test]
fn a_record_that_comes_after_the_end_is_refused_and_not_lost_in_silence() {
    let directory = Directory::new("late");
    let writer = Writer::start(&directory.0, 1 << 20).unwrap();
    writer.spool.append(Entry { record: closed(1, 0), confirm: None });
    writer.spool.close();
    writer.thread.join().unwrap();
    let (sender, confirmed) = mpsc::channel();
    let confirm: Confirm = Box::new(move |written| sender.send(written).unwrap());
    writer.spool.append(Entry { record: closed(2, 0), confirm: Some(confirm) });
    assert!(!confirmed.recv().unwrap());
    assert_eq!(ids(&replay(&directory.0).unwrap().closed), [1]);
}

#[test]
fn the_writer_ends_with_the_last_who_could_hand_it_a_record() {
    let directory = Directory::new("dropped");
    let Writer { spool, thread, .. } = Writer::start(&directory.0, 1 << 20).unwrap();
    let other = spool.clone();
    drop(spool);
    other.append(Entry { record: closed(1, 0), confirm: None });
    drop(other);
    thread.join().unwrap();
    assert_eq!(ids(&replay(&directory.0).unwrap().closed), [1]);
}

#[test]
fn records_of_many_threads_share_batches_and_each_is_confirmed_once_it_stands_in_the_file() {
    let directory = Directory::new("threads");
    let writer = Writer::start(&directory.0, 1 << 20).unwrap();
    std::thread::scope(|scope| {
        for thread in 0..4 {
            let (spool, directory) = (&writer.spool, &directory.0);
            scope.spawn(move || {
                for number in 0..50 {
                    let (sender, confirmed) = mpsc::channel();
                    let confirm: Confirm = Box::new(move |written| sender.send(written).unwrap());
                    let number = thread * 1_000 + number;
                    spool.append(Entry { record: closed(number, 0), confirm: Some(confirm) });
                    assert!(confirmed.recv().unwrap());
                    assert!(ids(&replay(directory).unwrap().closed).contains(&number));
                }
            });
        }
    });
    writer.spool.close();
    writer.thread.join().unwrap();
    assert_eq!(replay(&directory.0).unwrap().closed.len(), 200);
    assert_eq!(writer.spool.pending(), 200);
}

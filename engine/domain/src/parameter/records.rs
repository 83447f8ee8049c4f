//! Call records and questions about them (decision 34).

use super::{
    Effect, Entry, Kind, Page, Topic, Unit, Value,
    entry::{entry, parameters},
};

const fn of(kind: Kind, default: Value) -> Entry {
    entry(Page::Server, Topic::Records, kind, default).effect(Effect::Immediately)
}

parameters! {
    /// How often call records are also written to a file for other programs. None writes no files.
    SERVER_CDR_FILE_WRITE_INTERVAL =
        of(Kind::word_or("None", 1..=86_400), Value::Word("None")).unit(Unit::Seconds);

    /// How many call records such a file holds at most; one that is full is closed before its time.
    SERVER_CDR_FILE_WRITE_MAX = of(Kind::whole(1..=1_000_000), Value::Whole(2048));

    /// How many call records may wait for the database before an alarm is raised. None is ever lost for waiting.
    SERVER_MAX_CDR_PENDING_LIST_LENGTH = of(Kind::whole(1000..=100_000_000), Value::Whole(100_000));

    /// How many days one question about call records may span; longer ones are refused.
    SERVER_QUERY_CDR_MAX_DAY_INTERVAL = of(Kind::whole(1..=3660), Value::Whole(31)).unit(Unit::Days);

    /// How many rows the answer to one question may have; more are cut off and said to be.
    SERVER_QUERY_MAX_SIZE = of(Kind::whole(1000..=1_000_000_000), Value::Whole(30_000_000));
}

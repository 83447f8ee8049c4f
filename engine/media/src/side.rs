/// The two ends of a relayed call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Side {
    /// The end that sent the INVITE.
    Caller,
    /// The end that was called.
    Callee,
}

impl Side {
    /// Both sides, caller first.
    pub const BOTH: [Side; 2] = [Side::Caller, Side::Callee];

    /// The opposite side.
    pub fn other(self) -> Side {
        match self {
            Side::Caller => Side::Callee,
            Side::Callee => Side::Caller,
        }
    }
}

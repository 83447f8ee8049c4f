//! The form of a page of parameters: for each one shown its value, and beside it what the person had read before.

use std::collections::BTreeMap;

use domain::{FieldError, Invalid, Parameter, ParameterRow, RowVersion, parameter::Kind};
use serde::{Deserialize, Serialize};

use super::as_read;
use crate::form::Draft;

/// The fields as they were sent.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct ParametersDraft(BTreeMap<String, String>);

/// One parameter of the form.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Edit {
    pub(super) parameter: Parameter,
    pub(super) version: RowVersion,
    /// What it held when the page was opened.
    pub(super) read: String,
    /// What is typed.
    pub(super) typed: String,
}

impl Edit {
    /// False when it holds what was read, however it is written.
    pub(super) fn is_change(&self) -> bool {
        self.typed.trim() != self.read
            && self.parameter.parse(&self.typed).ok() != self.parameter.parse(&self.read).ok()
    }
}

/// The name of the field that carries what was read.
pub(super) fn read_field(parameter: Parameter) -> String {
    format!("read.{parameter}")
}

impl ParametersDraft {
    /// One parameter, if the form has it.
    pub(super) fn edit(&self, parameter: Parameter) -> Option<Edit> {
        let (version, read) = self.0.get(&read_field(parameter))?.split_once(' ')?;
        let version = version.parse().ok()?;
        let typed = match self.0.get(parameter.name()) {
            Some(typed) => typed.clone(),
            // A switch that is off sends nothing.
            None if parameter.entry().kind == Kind::OnOff => "Off".to_owned(),
            None => return None,
        };
        Some(Edit { parameter, version, read: read.to_owned(), typed })
    }

    /// What shall be changed.
    pub(super) fn changes(&self) -> Vec<Edit> {
        Parameter::all().filter_map(|parameter| self.edit(parameter)).filter(Edit::is_change).collect()
    }

    /// From now on the form was opened on `row`: sending it again is a decision against what stands there.
    #[cfg_attr(not(feature = "ssr"), allow(dead_code, reason = "only the server learns of it"))]
    pub(super) fn take_up(&mut self, row: &ParameterRow) {
        self.0.insert(read_field(row.parameter), as_read(row.version, &row.value()));
    }
}

impl Draft for ParametersDraft {
    fn faults(&self) -> Result<(), Invalid> {
        let fault = |edit: Edit| {
            let error = edit.parameter.parse(&edit.typed).err()?;
            Some(FieldError { field: edit.parameter.name().to_owned(), message: error.to_string() })
        };
        let faults: Vec<_> = self.changes().into_iter().filter_map(fault).collect();
        if faults.is_empty() { Ok(()) } else { Err(Invalid(faults)) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const INVITE: Parameter = Parameter::SS_SIP_TIMEOUT_INVITE;
    const REPLY: Parameter = Parameter::SS_REPLY_UNAUTHORIZED;

    fn draft(fields: &[(&str, &str)]) -> ParametersDraft {
        ParametersDraft(fields.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect())
    }

    #[test]
    fn only_what_differs_from_what_was_read_is_a_change() {
        let read = ("read.SS_SIP_TIMEOUT_INVITE", "7 8");
        for same in ["8", " 8 ", "08"] {
            assert!(draft(&[read, (INVITE.name(), same)]).changes().is_empty(), "{same:?}");
        }
        let changes = draft(&[read, (INVITE.name(), "9")]).changes();
        assert_eq!((changes[0].version, changes[0].typed.as_str()), (RowVersion(7), "9"));
    }

    #[test]
    fn a_switch_that_is_off_sends_nothing_and_is_off_all_the_same() {
        let form = draft(&[("read.SS_REPLY_UNAUTHORIZED", "0 On")]);
        assert_eq!(form.changes()[0].typed, "Off");
        assert!(draft(&[("read.SS_REPLY_UNAUTHORIZED", "0 On"), (REPLY.name(), "On")]).changes().is_empty());
        assert!(draft(&[]).changes().is_empty(), "one that the form does not show is left alone");
    }

    #[test]
    fn a_fault_is_told_at_its_parameter_and_nonsense_beside_it_is_passed_over() {
        let form = draft(&[
            ("read.SS_SIP_TIMEOUT_INVITE", "0 10"),
            (INVITE.name(), "soon"),
            ("read.SS_SIP_TIMEOUT_RINGING", "x"),
            ("SS_SIP_TIMEOUT_RINGING", "soon"),
            ("read.SS_OF_TOMORROW", "0 1"),
            ("part", "1"),
        ]);
        let faults = form.faults().unwrap_err();
        assert_eq!(faults.by_field().keys().collect::<Vec<_>>(), [&INVITE.name()]);
    }

    #[test]
    fn after_a_conflict_the_form_stands_on_what_holds_now() {
        let mut form = draft(&[("read.SS_SIP_TIMEOUT_INVITE", "0 10"), (INVITE.name(), "9")]);
        form.take_up(&ParameterRow {
            parameter: INVITE,
            set: Some("8".to_owned()),
            version: RowVersion(3),
            set_at: None,
            last_change: None,
        });
        let edit = form.edit(INVITE).unwrap();
        assert_eq!((edit.version, edit.read.as_str(), edit.typed.as_str()), (RowVersion(3), "8", "9"));
    }
}

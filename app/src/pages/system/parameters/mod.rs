//! Named parameters: a page for each kind, a page for each parameter, and all their changes.

mod changes;
mod draft;
mod list;
mod question;
mod reset;
mod row;
mod show;

use domain::{Parameter, RowVersion, parameter::Page};
use serde::{Deserialize, Serialize};

use crate::{
    components::with_unit,
    words::{fill, frame, system},
};

pub(crate) use changes::ParameterChanges;
pub(crate) use list::{ServerParameters, SipParameters, SystemParameters};
pub(crate) use reset::ResetParameter;
pub(crate) use show::ShowParameter;

#[cfg(feature = "ssr")]
pub(crate) use list::server::save;
#[cfg(feature = "ssr")]
pub(crate) use reset::server::reset;

/// Where all changes are told.
const CHANGES: &str = "/system/parameter-changes";

/// A page of parameters.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub(crate) enum Place {
    Sip,
    System,
    Server,
}

impl Place {
    fn of(parameter: Parameter) -> Self {
        match parameter.entry().page {
            Page::Sip => Self::Sip,
            Page::System => Self::System,
            Page::Server => Self::Server,
        }
    }

    fn holds(self, parameter: Parameter) -> bool {
        Self::of(parameter) == self
    }

    fn address(self) -> &'static str {
        match self {
            Self::Sip => "/system/sip-parameters",
            Self::System => "/system/system-parameters",
            Self::Server => "/system/server-parameters",
        }
    }

    fn title(self) -> &'static str {
        match self {
            Self::Sip => frame().sip_parameters,
            Self::System => frame().system_parameters,
            Self::Server => frame().server_parameters,
        }
    }

    fn about(self) -> &'static str {
        match self {
            Self::Sip => system().sip_about,
            Self::System => system().system_about,
            Self::Server => system().server_about,
        }
    }
}

/// The page of one parameter.
fn address(parameter: Parameter) -> String {
    format!("{}/{parameter}", Place::of(parameter).address())
}

/// What a stored side of a change held, none being the default.
fn told(parameter: Option<Parameter>, value: Option<&str>) -> String {
    match (parameter, value) {
        (Some(parameter), Some(value)) => with_unit(parameter, value),
        (None, Some(value)) => value.to_owned(),
        (Some(parameter), None) => {
            let default = parameter.default_value().to_string();
            fill(system().is_default, &[&with_unit(parameter, &default)])
        }
        (None, None) => system().default.to_owned(),
    }
}

/// A version with the value that stood there, as a form carries both.
fn as_read(version: RowVersion, value: &str) -> String {
    format!("{version} {value}")
}

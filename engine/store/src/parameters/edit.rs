//! Changes to parameters.

use std::collections::BTreeMap;

use domain::{FieldError, Invalid, Parameter, ParameterRow, RowVersion};
use sqlx::PgConnection;

use crate::{
    Actor, Pool, StoreError,
    change::{self, Record},
    parameters::list,
};

/// Sets what `text` stands for, as it was read at `version`; the default is the same as [`reset`]. Gives the version that the
/// next change must name.
///
/// # Errors
/// [`StoreError::Conflict`] when it has been changed since; [`StoreError::Invalid`] at the parameter's name when it cannot
/// hold that.
pub async fn set(
    pool: &Pool,
    actor: &Actor,
    parameter: Parameter,
    version: RowVersion,
    text: &str,
) -> Result<RowVersion, StoreError> {
    let value = parameter.parse(text).map_err(|error| Invalid::field(parameter.name(), error.to_string()))?;
    let wanted = (value != *parameter.default_value()).then(|| value.to_string());
    change(pool, actor, parameter, version, wanted).await
}

/// What a parameter shall hold.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Wanted {
    /// Which.
    pub parameter: Parameter,
    /// The version that was read before.
    pub version: RowVersion,
    /// The new value; the default's text is the same as a reset.
    pub text: String,
}

/// What became of several changes.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum SetSeveral {
    /// All were made; these parameters hold something else than before.
    Done(Vec<Parameter>),
    /// None was made: these were changed by somebody else after they had been read, and hold this now.
    Stale(Vec<ParameterRow>),
}

/// Sets several parameters in one transaction: all of them, or none when one of them is refused or was changed meanwhile.
/// One that holds the wanted value already is no conflict, whoever set it.
///
/// # Errors
/// [`StoreError::Invalid`] at the name of each parameter that cannot hold what is wanted, or that is named twice.
pub async fn set_several(pool: &Pool, actor: &Actor, wanted: &[Wanted]) -> Result<SetSeveral, StoreError> {
    let wanted = readable(wanted)?;
    let mut tx = change::begin(pool).await?;
    let (mut stale, mut done) = (Vec::new(), Vec::new());
    for (&parameter, (version, text)) in &wanted {
        let before = stored(&mut tx, parameter).await?;
        let now = before.as_ref().map_or(RowVersion(0), |(_, version)| *version);
        let old = before.map(|(text, _)| text);
        if old == *text {
            continue;
        }
        if now != *version {
            stale.push(parameter);
        } else if stale.is_empty() {
            write(&mut tx, actor, parameter, old.as_deref(), text.as_deref()).await?;
            done.push(parameter);
        }
    }
    if !stale.is_empty() {
        tx.rollback().await?;
        return Ok(SetSeveral::Stale(list::some(pool, stale).await?));
    }
    tx.commit().await?;
    Ok(SetSeveral::Done(done))
}

/// What each shall hold, none for the default, with the version that was read.
type Changes = BTreeMap<Parameter, (RowVersion, Option<String>)>;

fn readable(wanted: &[Wanted]) -> Result<Changes, Invalid> {
    let (mut changes, mut faults) = (Changes::new(), Vec::new());
    for Wanted { parameter, version, text } in wanted {
        let fault = match parameter.parse(text) {
            Err(error) => error.to_string(),
            Ok(value) => {
                let text = (value != *parameter.default_value()).then(|| value.to_string());
                match changes.insert(*parameter, (*version, text)) {
                    None => continue,
                    Some(_) => "it is given twice".to_owned(),
                }
            }
        };
        faults.push(FieldError { field: parameter.name().to_owned(), message: fault });
    }
    if faults.is_empty() { Ok(changes) } else { Err(Invalid(faults)) }
}

/// Goes back to the default, from what was read at `version`.
///
/// # Errors
/// [`StoreError::Conflict`] when it has been changed since.
pub async fn reset(
    pool: &Pool,
    actor: &Actor,
    parameter: Parameter,
    version: RowVersion,
) -> Result<(), StoreError> {
    change(pool, actor, parameter, version, None).await.map(drop)
}

async fn change(
    pool: &Pool,
    actor: &Actor,
    parameter: Parameter,
    version: RowVersion,
    wanted: Option<String>,
) -> Result<RowVersion, StoreError> {
    let mut tx = change::begin(pool).await?;
    let before = stored(&mut tx, parameter).await?;
    let now = before.as_ref().map_or(RowVersion(0), |(_, version)| *version);
    if now != version {
        return Err(StoreError::Conflict { subject: subject(parameter) });
    }
    let old = before.map(|(text, _)| text);
    if old == wanted {
        return Ok(now);
    }
    write(&mut tx, actor, parameter, old.as_deref(), wanted.as_deref()).await?;
    let after = stored(&mut tx, parameter).await?.map_or(RowVersion(0), |(_, version)| version);
    tx.commit().await?;
    Ok(after)
}

/// Makes a parameter hold `wanted`, the default for none, whatever it held. Gives the text that it held, none for the default.
pub(crate) async fn put(
    conn: &mut PgConnection,
    actor: &Actor,
    parameter: Parameter,
    wanted: Option<&str>,
) -> Result<Option<String>, StoreError> {
    let old = stored(conn, parameter).await?.map(|(text, _)| text);
    if old.as_deref() != wanted {
        write(conn, actor, parameter, old.as_deref(), wanted).await?;
    }
    Ok(old)
}

async fn stored(
    conn: &mut PgConnection,
    parameter: Parameter,
) -> Result<Option<(String, RowVersion)>, StoreError> {
    let row = sqlx::query!("select value, row_version from sys.parameters where name = $1", parameter.name())
        .fetch_optional(conn)
        .await?;
    Ok(row.map(|row| (row.value, RowVersion(row.row_version))))
}

/// The value, its history and the audit log's line, in the caller's transaction.
async fn write(
    conn: &mut PgConnection,
    actor: &Actor,
    parameter: Parameter,
    old: Option<&str>,
    new: Option<&str>,
) -> Result<(), StoreError> {
    let name = parameter.name();
    match new {
        Some(text) => {
            sqlx::query!(
                "insert into sys.parameters (name, value) values ($1, $2)
                 on conflict (name) do update set value = excluded.value",
                name,
                text,
            )
            .execute(&mut *conn)
            .await?
        }
        None => sqlx::query!("delete from sys.parameters where name = $1", name).execute(&mut *conn).await?,
    };
    sqlx::query!(
        "insert into sys.parameter_history (name, user_id, user_name, old_value, new_value)
         values ($1, $2, $3, $4, $5)",
        name,
        actor.user.map(|user| user.0),
        actor.name,
        old,
        new,
    )
    .execute(&mut *conn)
    .await?;
    let side = |text: Option<&str>| text.map(|text| BTreeMap::from([(name, text.to_owned())]));
    let (before, after) = (side(old), side(new));
    let record = Record {
        action: if new.is_some() { "update" } else { "reset" },
        subject: &subject(parameter),
        before: before.as_ref(),
        after: after.as_ref(),
    };
    change::record(conn, actor, record).await
}

fn subject(parameter: Parameter) -> String {
    format!("parameter {parameter}")
}

//! Which gateways have a value of their own instead of the system's.

use std::collections::BTreeMap;

use domain::{Page, Parameter, ParameterOwner, parameter::Level};

use crate::{Pool, Scope, StoreError};

/// How many gateways have a value of their own, by parameter; those that no gateway overrides are not in it. Only an
/// administrator sees any.
pub async fn owner_counts(pool: &Pool, scope: &Scope) -> Result<BTreeMap<Parameter, i64>, StoreError> {
    if *scope != Scope::All {
        return Ok(BTreeMap::new());
    }
    let rows = sqlx::query!(
        r#"select name as "name!", count(*) as "count!"
           from (select jsonb_object_keys(overrides) as name from sip.mapping_gateways
                 union all
                 select jsonb_object_keys(overrides) from sip.routing_gateways) own
           group by name"#
    )
    .fetch_all(pool)
    .await?;
    Ok(rows.into_iter().filter_map(|row| Some((row.name.parse().ok()?, row.count))).collect())
}

/// The gateways with a value of their own for `parameter`, by kind and name; at most `limit` (1 to 1000). Only an
/// administrator sees any.
pub async fn owners(
    pool: &Pool,
    scope: &Scope,
    parameter: Parameter,
    limit: u32,
) -> Result<Page<ParameterOwner>, StoreError> {
    if *scope != Scope::All {
        return Ok(Page { rows: Vec::new(), more: false });
    }
    let limit = limit.clamp(1, 1000) as usize;
    let rows = sqlx::query!(
        r#"select mapping as "mapping!", id as "id!", name as "name!", value as "value!"
           from (select true as mapping, id, name, overrides ->> $1::text as value from sip.mapping_gateways
                 union all
                 select false, id, name, overrides ->> $1::text from sip.routing_gateways) own
           where value is not null order by mapping desc, lower(name), id limit $2"#,
        parameter.name(),
        limit as i64 + 1,
    )
    .fetch_all(pool)
    .await?;
    let more = rows.len() > limit;
    let owner = |mapping| if mapping { Level::MappingGateway } else { Level::RoutingGateway };
    let rows = rows
        .into_iter()
        .take(limit)
        .map(|row| ParameterOwner { level: owner(row.mapping), id: row.id, name: row.name, value: row.value })
        .collect();
    Ok(Page { rows, more })
}

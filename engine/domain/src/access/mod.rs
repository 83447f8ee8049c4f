//! Who may do what: permissions, roles, people and where they belong (WEB-2, SEC-4).

mod permission;
mod permissions;

mod home;
mod language;

mod agent;
mod role;
mod user;

mod audit;
mod lockout;
mod saved_view;
mod session;
mod token;

pub use agent::{Agent, AgentDraft, AgentRow, AgentSettings, AgentStatus};
pub use audit::{AuditFilter, AuditRow, FieldChange};
pub use home::{Home, HomeError};
pub use language::Language;
pub use lockout::{Lockout, LockoutSubject};
pub use permission::{Area, Permission};
pub use permissions::Permissions;
pub use role::{BuiltInRole, Role, RoleDraft, RoleRow, RoleSettings};
pub use saved_view::{SavedView, SavedViewDraft};
pub use session::SessionRow;
pub use token::{ApiTokenDraft, ApiTokenRow, ApiTokenSettings};
pub use user::{Password, PasswordDraft, PasswordError, User, UserDraft, UserRow, UserSettings};

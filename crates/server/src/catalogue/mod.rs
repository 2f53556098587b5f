//! Target groups and targets: created, read and changed, each kept byte for byte
//! as it was given; and rules in their two forms.

mod change;
mod drafts;
mod expressions;
mod groups;
mod page;
mod periods;
mod take_over;
mod targets;
mod text;
mod user_created;

pub(crate) use change::put_all;
pub(crate) use expressions::{__path_expression, expression};
pub(crate) use groups::{
    __path_change_group, __path_create_group, __path_group, __path_groups, change_group, create_group, group,
    groups,
};
pub(crate) use take_over::take_over;
pub(crate) use targets::{
    __path_change_target, __path_create_target, __path_target, __path_targets, change_target, create_target,
    target, targets,
};
pub(crate) use user_created::{__path_create_for_user, create_for_user};

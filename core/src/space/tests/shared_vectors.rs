//! Frozen layouts of shared spaces, like those of `vectors`: they only ever grow.
use super::vectors::Lines;
use super::{Fixed, device, log_of};
use crate::crypto::{Phrase, Secret};
use crate::space::device_log::DeviceLog;
use crate::space::members::{JoinRequest, Members, Op, Policy, Role, SpaceKind};

/// A group of device 1's account and device 2's.
fn roster(lines: &mut Lines) {
    let (one, two) = (device(1), device(2));
    let log = log_of(&one);
    let other = DeviceLog::create(&Phrase::new(Secret::new([8; 32])), two.public()).unwrap();
    let (kind, role) = (SpaceKind::Group, Role::Facilitator);
    let (mut members, _) =
        Members::found(kind, "Tuesday", role, &log, &one.sign_key(), &Fixed::new(10)).unwrap();
    lines.hex("shared space", members.space().0);
    let request = JoinRequest::sign(&members.space(), other.account(), &two.sign_key(), &Fixed::new(11));
    members.take_log(&other).unwrap();
    let account = other.account();
    let add = Op::Add { request, role: Role::Peer };
    let ops =
        [Op::Promote { account }, Op::Demote { account }, Op::Settle { policy: Policy::MEMBERS_INVITE }];
    let own = [Op::Role { role: Role::Coach }, Op::Affirm, Op::Leave];
    let remove = Op::Remove { account };
    [add].into_iter().chain(ops).chain([remove]).chain(own).for_each(|op| {
        members.author(op, log.account(), &one.sign_key()).unwrap();
    });
    let names = ["genesis", "add", "promote", "demote", "settle", "remove", "role", "affirm", "leave"];
    for (name, entry) in names.iter().zip(members.entries()) {
        lines.hex(&format!("roster.{name}"), entry.bytes());
        lines.hex(&format!("roster.{name}.id"), entry.id().0);
    }
}

fn frozen(name: &str, part: fn(&mut Lines)) {
    let mut lines = Lines::default();
    part(&mut lines);
    insta::assert_snapshot!(name, lines.0);
    let documented = include_str!("../../../../docs/protocol.md");
    for line in lines.0.lines() {
        assert!(documented.contains(line), "docs/protocol.md does not show: {line}");
    }
}

#[test]
fn the_roster_is_frozen() {
    frozen("roster", roster);
}

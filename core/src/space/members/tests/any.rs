//! Any history, in any order.
use proptest::prelude::*;
use proptest::sample::Index;

use super::super::heads::MAX_HEADS;
use super::*;

/// One step: who says what, knowing how much.
#[derive(Clone, Debug)]
struct Step {
    signer: usize,
    device: usize,
    op: u8,
    target: usize,
    knows: Vec<Index>,
    branch: bool,
}

const PEOPLE: usize = 5;

fn step() -> impl Strategy<Value = Step> {
    let knows = prop::collection::vec(any::<Index>(), 1..3);
    (0..PEOPLE, 0usize..2, 0u8..14, 0..PEOPLE, knows, any::<bool>()).prop_map(
        |(signer, device, op, target, knows, branch)| Step { signer, device, op, target, knows, branch },
    )
}

/// What a history came to: every entry with what it belongs to.
struct History {
    space: SpaceId,
    people: Vec<Person>,
    said: Vec<Said>,
    all: Members,
}

#[derive(Clone, Debug)]
enum Said {
    Roster(Vec<u8>),
    Log(AccountId, Vec<u8>),
}

impl History {
    fn of(steps: &[Step]) -> Self {
        let group = Group::of(2);
        let mut people = group.people.clone();
        people.extend((2..PEOPLE).map(|n| Person::new(n as u8 + 1, 1)));
        let mut all = group.members.clone();
        people.iter().for_each(|person| all.take_log(&person.log).unwrap());
        let mut history = Self { space: all.space(), people, said: Vec::new(), all };
        for (place, step) in steps.iter().enumerate() {
            history.step(place, step);
        }
        for person in &history.people {
            let entries = person.log.entries().map(|entry| Said::Log(person.id(), entry.bytes().to_vec()));
            history.said.extend(entries);
        }
        history.said.extend(history.all.entries().map(|entry| Said::Roster(entry.bytes().to_vec())));
        history
    }

    fn step(&mut self, place: usize, step: &Step) {
        let (signer, target) = (&self.people[step.signer], &self.people[step.target]);
        let account = target.id();
        let request = target.asks(&self.space, 50 * place as u64);
        let op = match step.op {
            0..=3 => Op::Add { request, role: Role::Peer },
            4..=5 => Op::Remove { account },
            6..=7 => Op::Promote { account },
            8 => Op::Demote { account },
            9 => Op::Leave,
            10 => Op::Affirm,
            11 => Op::Settle { policy: Policy(u32::try_from(step.target).unwrap_or_default() % 2) },
            12 => Op::Role { role: Role::Coach },
            _ => return self.sign_out(step),
        };
        let parents = self.parents(step);
        let known = Extensible::Known(op);
        let key = signer.keys[step.device].sign_key();
        let entry = Entry::sign(&self.space, signer.id(), parents, known, &key).unwrap();
        let _stranger_or_not = self.all.insert(entry.bytes());
    }

    fn sign_out(&mut self, step: &Step) {
        if step.target == step.signer && self.people[step.signer].log.state().gone.is_empty() {
            self.people[step.signer].sign_out(step.device);
            self.all.take_log(&self.people[step.signer].log.clone()).unwrap();
        }
    }

    /// All that is known, or some earlier entries and the logs that go with them.
    fn parents(&self, step: &Step) -> Vec<EntryId> {
        if !step.branch {
            return self.all.authority_heads();
        }
        let entries: Vec<&Entry> = self.all.entries().collect();
        let mut parents: Vec<EntryId> = step.knows.iter().map(|index| index.get(&entries).id()).collect();
        let logs = [&self.people[step.signer].log, &self.people[step.target].log];
        parents.extend(logs.iter().flat_map(|log| log.heads()));
        parents.sort_unstable();
        parents.dedup();
        parents
    }

    fn heard(&self, order: &[usize]) -> Members {
        let mut members = Members::new(self.space);
        for said in order.iter().filter_map(|place| self.said.get(place % self.said.len())) {
            members.hear(said);
        }
        self.said.iter().for_each(|said| members.hear(said));
        members
    }
}

/// How many of the heads one account signed at most.
fn most_of_one(members: &Members, heads: &[EntryId]) -> usize {
    let of = |account: AccountId| {
        let named = members.entries().filter(|entry| heads.contains(&entry.id()));
        named.filter(|entry| entry.account() == account).count()
    };
    members.entries().map(|entry| of(entry.account())).max().unwrap_or_default()
}

impl Members {
    fn hear(&mut self, said: &Said) {
        match said {
            Said::Roster(bytes) => drop(self.insert(bytes).unwrap()),
            Said::Log(account, bytes) => drop(self.insert_device(*account, bytes).unwrap()),
        }
    }
}

/// Somebody says much at once, knowing little, and the others hear it in this order.
fn heads_after(order: &[u64]) -> (Vec<EntryId>, usize) {
    let Group { mut members, people } = Group::of(2);
    let newcomer = Person::new(9, 0);
    members.take_log(&newcomer.log).unwrap();
    let (mut parents, key) = (members.authority_heads(), people[0].key());
    parents.extend(newcomer.log.heads());
    parents.sort_unstable();
    for seed in order {
        let request = newcomer.asks(&members.space(), *seed);
        let op = Extensible::Known(Op::Add { request, role: Role::Peer });
        let entry = Entry::sign(&members.space(), people[0].id(), parents.clone(), op, &key).unwrap();
        members.insert(entry.bytes()).unwrap();
    }
    let heads = members.authority_heads();
    let most = most_of_one(&members, &heads);
    (heads, most)
}

#[test]
fn of_much_that_one_says_at_once_all_name_the_same_few() {
    let mut order: Vec<u64> = (0..12).collect();
    let (heads, most) = heads_after(&order);
    assert_eq!(most, MAX_HEADS.1);
    order.reverse();
    assert_eq!(heads_after(&order).0, heads);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn any_order_gives_the_same_members(
        steps in prop::collection::vec(step(), 1..20),
        order in prop::collection::vec(0usize..64, 0..64),
    ) {
        let history = History::of(&steps);
        let straight = &history.all;
        let other = history.heard(&order);
        prop_assert_eq!(straight.state(), other.state());
        prop_assert_eq!(straight.entitled(), other.entitled());
        prop_assert_eq!(straight.dropped(), other.dropped());
        prop_assert_eq!(straight.authority_heads(), other.authority_heads());
        for entry in straight.entries() {
            prop_assert_eq!(straight.counts(&entry.id()), other.counts(&entry.id()));
        }
    }

    #[test]
    fn nobody_is_in_who_did_not_ask_and_nobody_who_was_put_out_stays(steps in prop::collection::vec(step(), 1..20)) {
        let members = History::of(&steps).all;
        let state = members.state();
        let counting: Vec<&Entry> = members.entries().filter(|entry| members.counts(&entry.id())).collect();
        for account in state.members.keys() {
            prop_assert!(counting.iter().any(|entry| entry.added() == Some(*account)));
            let gone = counting.iter().filter(|entry| entry.departed() == Some(*account));
            for gone in gone {
                let back = |entry: &&&Entry| {
                    entry.added() == Some(*account) && members.past_of(entry.parents(), entry.added()).unwrap().0.iter()
                        .any(|at| members.nodes[at].entry.id() == gone.id())
                };
                prop_assert!(counting.iter().any(|entry| back(&entry)));
            }
        }
        let entitled = members.entitled();
        let of_members: BTreeSet<DeviceId> = state.members.keys()
            .flat_map(|account| members.log(account).unwrap().state().recipients())
            .map(|device| device.id).collect();
        prop_assert_eq!(entitled.keys().copied().collect::<BTreeSet<_>>(), of_members);
        prop_assert!(members.dropped().iter().all(|device| !entitled.contains_key(device)));
        prop_assert!(state.members.is_empty() || state.members.values().any(|member| member.rank.is_facilitator()));
    }

    #[test]
    fn all_that_is_known_is_what_its_heads_say(steps in prop::collection::vec(step(), 1..20)) {
        let members = History::of(&steps).all;
        let heads = members.authority_heads();
        prop_assume!(most_of_one(&members, &heads) < MAX_HEADS.1, "some may be left unsaid");
        prop_assert_eq!(members.state_at(&heads), Some(members.state()));
        prop_assert_eq!(members.entitled_at(&heads), Some(members.entitled()));
        prop_assert_eq!(members.dropped_at(&heads), Some(members.dropped()));
    }

    #[test]
    fn who_was_put_out_stays_out_whatever_they_say_later(
        steps in prop::collection::vec(step(), 1..16),
        later in prop::collection::vec(step(), 1..8),
    ) {
        let mut history = History::of(&steps);
        let before = history.all.state();
        let out: Vec<usize> = (0..PEOPLE).filter(|n| !before.members.contains_key(&history.people[*n].id())).collect();
        let mut apart = history.all.clone();
        for (place, step) in later.iter().enumerate().filter(|(_, step)| out.contains(&step.signer)) {
            history.step(1000 + place, &Step { op: step.op.min(12), branch: false, ..step.clone() });
            let account = history.people[step.signer].id();
            let key = history.people[step.signer].keys[step.device].sign_key();
            let target = history.people[step.target].id();
            prop_assert_eq!(apart.author(Op::Promote { account: target }, account, &key).ok(), None);
        }
        prop_assert_eq!(history.all.state().members, before.members);
    }

    #[test]
    fn whom_the_founder_put_out_changes_nothing_by_dating_back(
        steps in prop::collection::vec(step(), 1..14),
        out in 1usize..PEOPLE,
        later in prop::collection::vec(step(), 1..8),
    ) {
        let by_others = |step: &Step| step.signer != 0 || step.op < 9;
        let mut history = History::of(&steps.into_iter().filter(by_others).collect::<Vec<_>>());
        let (founder, account) = (history.people[0].clone(), history.people[out].id());
        if history.all.author(Op::Remove { account }, founder.id(), &founder.key()).is_err() {
            return Ok(());
        }
        let (before, heads) = (history.all.state(), history.all.authority_heads());
        let dropped = history.all.dropped();
        for (place, step) in later.into_iter().enumerate() {
            let op = if step.op == 9 { 0 } else { step.op.min(12) };
            history.step(1000 + place, &Step { signer: out, op, branch: true, ..step });
        }
        prop_assert_eq!(history.all.state(), before);
        prop_assert_eq!(history.all.authority_heads(), heads);
        prop_assert_eq!(history.all.dropped(), dropped);
    }
}

//! Databases that are put back to older copies of themselves, and what may be lost by that: what was said on that device
//! only, after the copy was made, and never exchanged before it was put back.

use std::collections::BTreeMap;

use super::acts::Sim;
use crate::space::consent::Fields;

/// A copy of a device's database.
struct Copy {
    device: usize,
    at: i64,
    files: Vec<(String, Vec<u8>)>,
}

#[derive(Default)]
pub struct Copies {
    kept: Vec<Copy>,
    /// When a device last had nothing that the relay did not.
    sent: BTreeMap<usize, i64>,
    /// Devices that were put back then and have not looked at the relay since.
    blind: BTreeMap<usize, i64>,
}

impl Copies {
    pub fn is_blind(&self, device: usize) -> bool {
        self.blind.contains_key(&device)
    }

    pub fn make(&mut self, sim: &mut Sim, device: usize) {
        let files = sim.world.phones[device].backup();
        self.kept.push(Copy { device, at: sim.world.now.get(), files });
    }

    /// Notes what a device has exchanged by now.
    pub fn note(&mut self, sim: &mut Sim, device: usize) {
        let (line, now) = (sim.world.phones[device].line(), sim.world.now.get());
        if line.only_here == 0 {
            self.sent.insert(device, now);
        }
        if self.blind.get(&device).is_some_and(|since| line.exchanged_at > Some(*since)) {
            self.blind.remove(&device);
        }
    }

    /// Puts a device back to one of its copies. Answers which.
    pub fn put_back(&mut self, sim: &mut Sim) -> Option<usize> {
        if self.kept.is_empty() {
            return None;
        }
        let copy = &self.kept[sim.random.below(self.kept.len())];
        let (device, now) = (copy.device, sim.world.now.get());
        sim.world.phones[device].put_back(&copy.files);
        let sent = self.sent.get(&device).copied().unwrap_or(i64::MIN);
        eprintln!("{device} is put back to {} hours ago", (now - copy.at) / 3_600_000);
        sim.forget(device, copy.at.max(sent));
        self.blind.insert(device, now);
        Some(device)
    }
}

impl Sim {
    /// What a device said after a moment may be lost.
    fn forget(&mut self, device: usize, after: i64) {
        let lost = |of: usize, at: i64| of == device && at > after;
        let (model, cast) = (&mut self.model, &self.cast);
        model.posts.values_mut().filter(|it| lost(it.device, it.at)).for_each(|it| it.loose = true);
        model.checkins.values_mut().filter(|it| lost(it.device, it.at)).for_each(|it| it.loose = true);
        model.resources.retain(|_, it| !lost(it.device, it.at));
        model.calls.retain(|it| !lost(it.device, it.at));
        model.notes.retain(|it| !lost(it.device, it.at));
        model.stopped.remove(&device);
        // Consents are signed on the first device of a person.
        for (person, _) in cast.iter().enumerate().filter(|(_, devices)| devices[0] == device) {
            model.parted.insert(person);
        }
    }

    /// What comes first on a copy that was put back: what is written there is there to stay.
    pub fn write_first(&mut self, person: usize, device: usize, number: usize) {
        match self.random.below(7) {
            0 => drop(self.post(device, number)),
            1 => self.check_in_as(person, device, number, format!("checkin {device} at {number}")),
            2 => self.put_on_board(device, number),
            3 => self.save_note(device, number),
            5 => self.edit(device, number),
            4 if self.cast[person][0] == device => self.stop_sharing(person, device),
            _ => {}
        }
    }

    /// Ends all sharing: nothing that this device saves from here on is shared.
    fn stop_sharing(&mut self, person: usize, device: usize) {
        let before = self.model.consents.get(&person).map_or(0, Vec::len);
        self.agree_to(person, Fields::default(), false);
        if self.model.consents.get(&person).map_or(0, Vec::len) > before {
            self.model.stopped.insert(device);
        }
    }
}

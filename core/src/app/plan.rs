//! The recovery plan and the safety plan.

use trellis_api_types::command::Saved;
use trellis_api_types::plan::{Plan, PlanGet, PlanSave};
use trellis_api_types::safety::{SafetyGet, SafetyPlan, SafetySave};

use super::App;
use crate::crdt::{DocId, read_plan, read_safety, write_plan, write_safety};
use crate::domain::{order, validate};
use crate::error::Result;
use crate::platform::Host;

impl<H: Host> App<H> {
    /// The whole plan.
    pub fn plan_get(&mut self, PlanGet {}: PlanGet) -> Result<Plan> {
        self.session()?.read(|tx, docs| Ok(order::plan(read_plan(docs.get(tx, DocId::Plan)?))))
    }

    /// One change of the plan. Errors: `not-found`, `too-long`, `empty-text`, `bad-date`, `bad-id`.
    pub fn plan_save(&mut self, PlanSave { edit: change }: PlanSave) -> Result<Saved> {
        validate::plan(&change)?;
        let today = self.today();
        let (session, host) = self.parts()?;
        let undo = session.edit(host, DocId::Plan, |edit| write_plan(edit, &change, today))?;
        Ok(Saved { undo })
    }

    /// The whole safety plan.
    pub fn safety_get(&mut self, SafetyGet {}: SafetyGet) -> Result<SafetyPlan> {
        let session = self.session()?;
        let number = session.device()?.own_emergency_number;
        session.read(|tx, docs| Ok(read_safety(docs.get(tx, DocId::Safety)?, number)))
    }

    /// One change of the safety plan. Errors: `not-found`, `too-long`, `empty-text`, `bad-id`.
    pub fn safety_save(&mut self, SafetySave { edit: change }: SafetySave) -> Result<Saved> {
        validate::safety(&change)?;
        let today = self.today();
        let (session, host) = self.parts()?;
        let undo = session.edit(host, DocId::Safety, |edit| write_safety(edit, &change, today))?;
        self.document_changed(DocId::Safety);
        Ok(Saved { undo })
    }
}

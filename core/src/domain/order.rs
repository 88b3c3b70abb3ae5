//! How lists are shown: what cannot wait first, then by the plan's dimensions.

use trellis_api_types::plan::{Need, Plan};

/// Puts needs and goals in their order, keeping the person's own within each.
pub fn plan(mut plan: Plan) -> Plan {
    needs(&mut plan.needs);
    plan.goals.sort_by_key(|goal| goal.text.dimension);
    plan
}

/// Unmet first, then by date, those without a date last.
fn needs(needs: &mut [Need]) {
    needs.sort_by_key(|need| (need.done, need.due.is_none(), need.due));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unmet_needs_come_first_by_date() {
        let need = |id: &str, due: Option<&str>, done| Need {
            id: id.into(),
            text: id.into(),
            detail: String::new(),
            due: due.map(|day| day.parse().unwrap()),
            done,
        };
        let mut all = [
            need("met", Some("2026-01-01"), true),
            need("undated", None, false),
            need("later", Some("2026-02-02"), false),
            need("sooner", Some("2026-01-02"), false),
        ];
        needs(&mut all);
        assert_eq!(all.map(|need| need.id), ["sooner", "later", "undated", "met"]);
    }
}

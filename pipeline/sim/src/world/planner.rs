//! Whoever plans keywords: it may answer late, twice, never, with too few, too many, or with what is there already.

use scout_pipeline::expand::{self, Derived};
use scout_pipeline::job::{Plan, PlanRequest};
use scout_pipeline::limits::PLAN_MS_MAX;

use super::{Happening, World};
use crate::faults::FaultKind;

impl World {
    pub(super) fn plan(&mut self, job: usize, request: &PlanRequest) {
        if self.hits(FaultKind::PlanLost) {
            return;
        }
        let plan = Plan { round: request.round, keywords: self.keywords(request), note: None };
        let mut ms = self.chance.between(20, 8_000);
        if self.hits(FaultKind::PlanTwice) {
            let ms = self.faults.between(FaultKind::PlanTwice, 0, 60_000);
            self.enter_in(ms, Happening::Planned { job, plan: plan.clone() });
        }
        if self.hits(FaultKind::PlanLate) {
            ms += self.faults.between(FaultKind::PlanLate, PLAN_MS_MAX, 4 * PLAN_MS_MAX);
        }
        self.enter_in(ms, Happening::Planned { job, plan });
    }

    fn keywords(&mut self, request: &PlanRequest) -> Vec<Derived> {
        let wanted = match (self.hits(FaultKind::PlanShort), self.hits(FaultKind::PlanLong)) {
            (true, _) => self.faults.between(FaultKind::PlanShort, 0, request.wanted as u64 / 2) as usize,
            (false, true) => request.wanted * 2 + 3,
            (false, false) => request.wanted,
        };
        let mut keywords = expand::rules(request.medium, &request.given, wanted, &request.tried);
        if self.hits(FaultKind::PlanTwins) {
            let tried = request.tried.iter().zip(request.given.iter().cycle());
            let again: Vec<Derived> =
                tried.map(|(keyword, from)| Derived { keyword: keyword.clone(), from: from.clone() }).take(3).collect();
            let twins: Vec<Derived> = keywords.iter().take(2).cloned().collect();
            keywords.splice(0..0, again);
            keywords.extend(twins);
        }
        keywords
    }
}

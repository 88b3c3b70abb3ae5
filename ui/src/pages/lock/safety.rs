//! Help on the lock screen: the safety plan to read, if the person allowed that, and the number to call in danger.

use leptos::{prelude::*, task::spawn_local};
use trellis_api_types::ApiError;
use trellis_api_types::app::SafetyPlanLocked;
use trellis_api_types::safety::SafetyPlan;

use crate::components::{Icon, LockLines, Problem, QuickExit, icon};
use crate::i18n::t;
use crate::ipc;
use crate::pages::help::SafetyPlanView;

/// The plan, while it is open.
pub type OpenPlan = RwSignal<Option<Result<SafetyPlan, ApiError>>>;

/// The way to help.
#[component]
pub fn SafetyDoor(allowed: bool, plan: OpenPlan) -> impl IntoView {
    let show = move |_| {
        spawn_local(async move { drop(plan.try_set(Some(ipc::call(SafetyPlanLocked {}).await))) });
    };
    view! {
        <div class="door-help">
            {allowed.then(|| view! {
                <button id="safety-plan" class="btn lantern large wide" type="button" on:click=show>
                    {icon(Icon::LIFEBUOY_BOLD)}{t::lock::safety()}
                </button>
            })}
            <LockLines />
        </div>
    }
}

/// The plan to read and to call from. Nothing else of what is stored can be reached from here.
#[component]
pub fn PlanToRead(answer: Result<SafetyPlan, ApiError>, plan: OpenPlan) -> impl IntoView {
    view! {
        <div class="page-in">
            <div class="top">
                <button id="back" class="icon-btn" type="button" aria-label=t::common::back() on:click=move |_| plan.set(None)>
                    {icon(Icon::ARROW_LEFT)}
                </button>
                <span class="space"></span>
                <QuickExit />
            </div>
            {match answer {
                Ok(plan) => view! { <SafetyPlanView plan=Signal::stored(plan) editor=None /> }.into_any(),
                Err(problem) => view! { <h1>{t::lock::safety()}</h1><Problem problem /> }.into_any(),
            }}
        </div>
    }
}

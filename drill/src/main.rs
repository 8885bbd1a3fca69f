//! `drill` fires real faults at a Scorehold that is really marked production: a scratch copy that it
//! made itself, and no other. It shows whether a fault is refused or undone, and what it cost.

mod args;
mod compare;
mod faults;
mod limits;
mod load;
mod oracle;
mod provision;
mod range;
mod refusal;
mod report;
mod run;

use std::process::ExitCode;

use clap::Parser;

use args::Args;

fn main() -> ExitCode {
    let args = Args::parse();
    provision::disk::enter();
    match run::drill(&args) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            report::complain(&format!("drill: {error:#}"));
            let refusal = error.downcast_ref::<refusal::Refusal>();
            ExitCode::from(refusal.map_or(1, |refusal| refusal.exit))
        }
    }
}

//! A drill from its beginning to its report.

use std::time::Instant;

use anyhow::Result;

use crate::args::{Args, Engine};
use crate::faults;
use crate::provision::Scratch;
use crate::range::Range;
use crate::refusal;
use crate::report::{Balance, Ending, Entry, Report, say};

/// Runs a drill; `true`: every fault that was fired ended as it should.
pub fn drill(args: &Args) -> Result<bool> {
    refusal::prepared_shell()?;
    if let Some(directory) = &args.target {
        let scratch = Scratch::left_standing(directory, &args.python)?;
        return shoot(&scratch, args);
    }
    let begun = Instant::now();
    let seed = args.seed.unwrap_or_else(|| fastrand::u64(..1_000_000));
    say(&format!("seed {seed}"));
    let engines = match args.engine.as_slice() {
        [] => &[Engine::Postgres, Engine::Sqlite],
        some => some,
    };
    let (mut faults, mut balances) = (Vec::new(), Vec::new());
    for engine in engines {
        let (entries, balance) = on_engine(*engine, args, seed)?;
        faults.extend(entries);
        balances.extend(balance);
    }
    let report = Report {
        seed,
        scores: args.scores,
        without: args
            .without
            .map(|layer| format!("{layer:?}").to_lowercase()),
        seconds: begun.elapsed().as_secs(),
        faults,
        balances,
    };
    report.write(&args.report)?;
    say(&report.summary());
    Ok(report.holds())
}

fn wanted<'a>(args: &'a Args, engine: Engine) -> impl Iterator<Item = faults::Fault> + 'a {
    let is_wanted =
        |fault: &faults::Fault| args.fault.is_empty() || args.fault.iter().any(|id| id == fault.id);
    faults::all(engine).iter().copied().filter(is_wanted)
}

fn on_engine(engine: Engine, args: &Args, seed: u64) -> Result<(Vec<Entry>, [Balance; 2])> {
    let begun = Instant::now();
    let mut range = Range::make(engine, args, seed)?;
    let crowd = range.under_fire()?;
    say(&format!(
        "A copy on {} is ready and under load after {:.1} s",
        engine.name(),
        begun.elapsed().as_secs_f32()
    ));
    let mut entries = Vec::new();
    for fault in wanted(args, engine) {
        let entry = range.inject(&fault, &crowd)?;
        say(&entry.line());
        let failed = entry.ending == Ending::Failed;
        entries.push(entry);
        if failed {
            say("The copy is damaged: no further fault is injected into it.");
            break;
        }
    }
    crowd.stop()?;
    let balances = range.balances()?;
    for balance in &balances {
        say(&balance.line());
    }
    Ok((entries, balances))
}

/// Fires at a copy that stands already, and only says what answered.
fn shoot(scratch: &Scratch, args: &Args) -> Result<bool> {
    let mut all_refused = true;
    for fault in wanted(args, scratch.marker.engine) {
        let faults::Plan::Refused(fire) = fault.plan else {
            continue;
        };
        for shot in fire(&scratch.aim()?)? {
            say(&format!("{} {}: {:?}", fault.id, shot.what, shot.answer));
            all_refused &= matches!(shot.answer, faults::Answer::Refused { .. });
        }
    }
    Ok(all_refused)
}

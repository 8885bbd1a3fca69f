//! A drill from its beginning to its report.

use std::panic::resume_unwind;
use std::thread::{self, ScopedJoinHandle};
use std::time::Instant;

use anyhow::Result;

use crate::args::{Args, Engine};
use crate::faults::{self, Rounds};
use crate::provision::Scratch;
use crate::range::Range;
use crate::refusal;
use crate::report::{Balance, Ending, Entry, Report, Soundness, say};

/// So many scores are little work for two cores.
const AT_ONCE: usize = 100_000;

/// Runs a drill; `true`: every fault that was fired ended as it should.
pub fn drill(args: &Args) -> Result<bool> {
    refusal::prepared_shell()?;
    if let Some(directory) = &args.target {
        let scratch = Scratch::left_standing(directory, &args.python)?;
        return shoot(&scratch, args);
    }
    let begun = Instant::now();
    let seeds = match args.seed.as_slice() {
        [] => vec![fastrand::u64(..1_000_000)],
        some => some.to_vec(),
    };
    for seed in &seeds {
        say(&format!("seed {seed}"));
    }
    let engines = match args.engine.as_slice() {
        [] => &[Engine::Postgres, Engine::Sqlite],
        some => some,
    };
    let mut report = Report {
        seeds,
        scores: args.scores,
        without: args
            .without
            .map(|layer| format!("{layer:?}").to_lowercase()),
        seconds: 0,
        faults: Vec::new(),
        balances: Vec::new(),
        soundness: Vec::new(),
    };
    for ended in on_each(engines, args, &report.seeds) {
        let ended = ended?;
        report.faults.extend(ended.faults);
        report.balances.extend(ended.balances);
        report.soundness.push(ended.soundness);
    }
    report.seconds = begun.elapsed().as_secs();
    for line in report.conclusions() {
        say(&line);
    }
    report.write(&args.report)?;
    say(&report.summary());
    Ok(report.holds())
}

fn wanted<'a>(args: &'a Args, engine: Engine) -> impl Iterator<Item = faults::Fault> + 'a {
    let is_wanted =
        |fault: &faults::Fault| args.fault.is_empty() || args.fault.iter().any(|id| id == fault.id);
    faults::all(engine).iter().copied().filter(is_wanted)
}

/// What came of all rounds on one engine.
struct Ended {
    faults: Vec<Entry>,
    balances: [Balance; 2],
    soundness: Soundness,
}

/// On several engines at once: a drill waits more than it works. Of many scores the way back takes all cores, and
/// is measured.
fn on_each(engines: &[Engine], args: &Args, seeds: &[u64]) -> Vec<Result<Ended>> {
    if args.scores > AT_ONCE {
        let one = |engine: &Engine| on_engine(*engine, args, seeds);
        return engines.iter().map(one).collect();
    }
    thread::scope(|scope| {
        let begin = |engine: &Engine| {
            let engine = *engine;
            scope.spawn(move || on_engine(engine, args, seeds))
        };
        let threads: Vec<_> = engines.iter().map(begin).collect();
        let join = |thread: ScopedJoinHandle<'_, _>| match thread.join() {
            Ok(ended) => ended,
            Err(panic) => resume_unwind(panic),
        };
        threads.into_iter().map(join).collect()
    })
}

/// Every round on one copy, and what is to be said of it at the end.
fn on_engine(engine: Engine, args: &Args, seeds: &[u64]) -> Result<Ended> {
    let (begun, mut entries) = (Instant::now(), Vec::new());
    let mut range = Range::make(engine, args, seeds[0])?;
    say(&format!(
        "A copy on {} stands after {:.1} s",
        engine.name(),
        begun.elapsed().as_secs_f32()
    ));
    for (seed, faults) in rounds(args, engine, seeds) {
        if !round(&mut range, seed, &faults, &mut entries)? {
            say(&format!(
                "The copy on {} is damaged: no further fault is injected into it.",
                engine.name()
            ));
            break;
        }
    }
    Ok(Ended {
        faults: entries,
        balances: range.balances()?,
        soundness: range.soundness(),
    })
}

/// What is injected in which round, by its seed.
fn rounds(args: &Args, engine: Engine, seeds: &[u64]) -> Vec<(u64, Vec<faults::Fault>)> {
    let of = |rounds: &[Rounds]| {
        let faults = wanted(args, engine).filter(|fault| rounds.contains(&fault.rounds));
        faults.collect::<Vec<_>>()
    };
    let mut planned = Vec::new();
    for (number, seed) in seeds.iter().enumerate() {
        planned.push(match number {
            0 => (*seed, of(&[Rounds::First, Rounds::Each])),
            _ => (*seed, of(&[Rounds::Each])),
        });
    }
    planned.extend(seeds.last().map(|seed| (*seed, of(&[Rounds::Last]))));
    planned.retain(|(_, faults)| !faults.is_empty());
    planned
}

/// `false`: something has failed, and the copy is damaged.
fn round(
    range: &mut Range,
    seed: u64,
    faults: &[faults::Fault],
    entries: &mut Vec<Entry>,
) -> Result<bool> {
    let crowd = range.begin_round(seed)?;
    for fault in faults {
        let entry = range.inject(fault, &crowd)?;
        say(&entry.line());
        let failed = entry.ending == Ending::Failed;
        entries.push(entry);
        if failed {
            crowd.stop()?;
            return Ok(false);
        }
    }
    crowd.stop()?;
    Ok(true)
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

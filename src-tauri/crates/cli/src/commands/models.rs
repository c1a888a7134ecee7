//! `needledrop models …`: list, fetch, import and verify model packs.

use std::io::{self, Write};

use needledrop_engine::EngineError;
use needledrop_engine::job::{Job, Outcome};
use needledrop_engine::packs::{self, PackReport, PackRow};
use serde::Serialize;

use super::context::Context;
use crate::args::ModelsCommand;
use crate::end::End;
use crate::output::Failure;
use crate::table;

pub(crate) fn run(context: &Context, command: ModelsCommand) -> Result<End, Failure> {
    let places = &context.places;
    match command {
        ModelsCommand::List => list(context),
        ModelsCommand::Fetch { pack, source } => report(context, |job| {
            packs::fetch_files(places, &pack, source, job)
        }),
        ModelsCommand::Import { pack, files } => report(context, |job| {
            packs::import_files(places, &pack, &files, job)
        }),
        ModelsCommand::Verify { pack } => verify(context, pack),
    }
}

fn list(context: &Context) -> Result<End, Failure> {
    #[derive(Serialize)]
    struct Document {
        packs: Vec<PackRow>,
    }
    let document = Document {
        packs: packs::list(&context.places),
    };
    context.output.print(&document, |out| {
        let rows = document.packs.iter().map(|pack| {
            let state = match pack.missing.len() {
                0 => "ready".to_owned(),
                missing => format!("{missing} files missing"),
            };
            vec![
                pack.name.clone(),
                pack.version.to_string(),
                state,
                pack.licence.clone(),
                pack.title.clone(),
            ]
        });
        table::write(
            out,
            &["pack", "version", "state", "licence", "what it is"],
            &[1],
            rows,
        )
    })?;
    Ok(End::Done)
}

fn verify(context: &Context, pack: Option<String>) -> Result<End, Failure> {
    #[derive(Serialize)]
    struct Document {
        packs: Vec<PackReport>,
    }
    let names = match pack {
        Some(name) => vec![name],
        None => packs::list(&context.places)
            .into_iter()
            .map(|pack| pack.name)
            .collect(),
    };
    let mut document = Document { packs: Vec::new() };
    for name in names {
        let outcome = context.job(|job| packs::verify(&context.places, &name, job))?;
        let Outcome::Completed(report) = outcome else {
            return context.cancelled();
        };
        document.packs.push(report);
    }
    context.output.print(&document, |out| {
        document
            .packs
            .iter()
            .try_for_each(|report| human(out, report))
    })?;
    let good = document.packs.iter().all(|report| report.good);
    Ok(if good { End::Done } else { End::Refused })
}

fn report(
    context: &Context,
    work: impl FnOnce(&Job<'_>) -> Result<Outcome<PackReport>, EngineError>,
) -> Result<End, Failure> {
    context.answer(work, human)
}

fn human(out: &mut dyn Write, report: &PackReport) -> io::Result<()> {
    let rows = report.files.iter().map(|file| {
        vec![
            report.pack.clone(),
            file.path.clone(),
            file.state.to_owned(),
            file.bytes.to_string(),
            file.sha256.clone().unwrap_or_default(),
        ]
    });
    table::write(
        out,
        &["pack", "file", "state", "bytes", "sha256"],
        &[3],
        rows,
    )
}

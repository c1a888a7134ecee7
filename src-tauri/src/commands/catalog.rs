use std::path::PathBuf;

use needledrop_engine::music::index::{IndexRequest, index as index_folders};

use super::{Shared, off};
use crate::fault::Fault;
use crate::screen::CatalogState;
use crate::told::JobKind;

/// How the catalog is.
#[tauri::command]
pub async fn catalog(desk: Shared<'_>) -> Result<CatalogState, Fault> {
    off(desk, |desk| Ok(desk.shelf.state(&desk.place()))).await
}

/// Indexes folders of music into the catalog, which is told when it changed.
#[tauri::command]
pub async fn index(desk: Shared<'_>, folders: Vec<String>) -> Result<u32, Fault> {
    let own = desk.inner().clone();
    let place = own.place();
    let request = IndexRequest {
        folders: folders.into_iter().map(PathBuf::from).collect(),
        catalog: place.dir,
        pack: place.pack,
        credits: None,
        jobs: None,
        retry: true,
    };
    Ok(desk.jobs.start(JobKind::Index, move |job| {
        let outcome = index_folders(&own.places, &request, job);
        own.open_catalog();
        Ok(outcome?.map(|_| ()))
    }))
}

//! Options of several commands.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use needledrop_engine::Sampling;

/// The option `--catalog` of several commands.
#[derive(Args, Debug)]
pub struct CatalogArg {
    /// Folder of the catalog [default: catalog-cache/starter of the checkout]
    #[arg(long, value_name = "DIR")]
    pub catalog: Option<PathBuf>,
}

/// The option `--pack` of several commands.
#[derive(Args, Debug)]
pub struct PackArg {
    /// Model pack, by name or folder
    #[arg(long, value_name = "NAME", default_value = "embedded")]
    pub pack: String,
}

/// The option `--sample` of several commands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Sample {
    /// The frame at each sampling time
    Exact,
    /// The nearest frame that is quick to decode
    #[default]
    Fast,
}

impl From<Sample> for Sampling {
    fn from(sample: Sample) -> Self {
        match sample {
            Sample::Exact => Sampling::Exact,
            Sample::Fast => Sampling::Fast,
        }
    }
}

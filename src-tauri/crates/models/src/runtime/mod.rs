//! ONNX Runtime: loading the library, sessions, execution providers.
//!
//! The library is found by walking up from the executable and loaded at run time; no environment
//! variable is needed.

mod discover;
mod provider;

use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::OnceLock;

use ort::environment::Environment;
use ort::session::Session;
use ort::session::builder::{GraphOptimizationLevel, SessionBuilder};

pub use discover::{LIBRARY, candidates};
pub use provider::{Provider, ProviderChoice};

use crate::{ModelError, folders};

static ENVIRONMENT: OnceLock<(Environment, PathBuf)> = OnceLock::new();
static LOADING: Mutex<()> = Mutex::new(());

/// Options of a session.
#[derive(Clone, Debug, Default)]
pub struct SessionOptions {
    /// Threads per operator; 0 means one per core.
    pub threads: usize,
    /// The wanted provider; `None` for the best one of this machine.
    pub prefer: Option<Provider>,
}

/// Loads the library and sets up the runtime; later calls do nothing.
///
/// # Errors
/// `RuntimeMissing` with every path that was tried; `RuntimeUnusable` with the loader's message.
pub fn load() -> Result<(), ModelError> {
    environment().map(|_| ())
}

/// Path of the loaded library; `None` before [`load`].
pub fn library() -> Option<&'static Path> {
    ENVIRONMENT.get().map(|(_, path)| path.as_path())
}

fn environment() -> Result<&'static Environment, ModelError> {
    if let Some((environment, _)) = ENVIRONMENT.get() {
        return Ok(environment);
    }
    // A poisoned lock only means that another thread panicked while loading: try again.
    let _only_one = LOADING
        .lock()
        .unwrap_or_else(std::sync::PoisonError::into_inner);
    if ENVIRONMENT.get().is_none() {
        let loaded = load_first()?;
        ENVIRONMENT.get_or_init(|| loaded);
    }
    let (environment, _) = ENVIRONMENT.get().expect("set just above");
    Ok(environment)
}

fn load_first() -> Result<(Environment, PathBuf), ModelError> {
    let exe = std::env::current_exe()
        .map_err(|e| ModelError::io("find the running program", Path::new(""), e))?;
    let mut looked = candidates(&exe, folders::runtime_dir().as_deref());
    if let Ok(real) = exe.canonicalize()
        && real != exe
    {
        looked.extend(candidates(&real, None));
    }
    let Some(path) = looked.iter().find(|p| p.is_file()).cloned() else {
        return Err(ModelError::RuntimeMissing { looked });
    };
    let unusable = |reason: String| ModelError::RuntimeUnusable {
        path: path.clone(),
        reason,
    };
    let environment = ort::init_from(&path)
        .map_err(|e| unusable(e.to_string()))?
        .with_name("needledrop")
        .with_telemetry(false)
        .build()
        .map_err(|e| unusable(e.to_string()))?;
    Ok((environment, path))
}

/// Opens a model and reports which provider runs it. If the wanted provider fails, the session runs
/// on the CPU and `fallback` holds the reason; a fallback is never silent.
///
/// # Errors
/// As [`load`]; `BadModel` if the CPU refuses the model too.
pub fn session(
    path: &Path,
    options: &SessionOptions,
) -> Result<(Session, ProviderChoice), ModelError> {
    let environment = environment()?;
    let mut fallback = Vec::new();
    for provider in provider::order(options.prefer) {
        if !provider.is_in_this_library() {
            if options.prefer == Some(provider) {
                fallback.push(format!(
                    "this ONNX Runtime library was built without {provider}"
                ));
            }
            continue;
        }
        match open(environment, path, options, provider) {
            Ok(session) => {
                let fallback = (!fallback.is_empty()).then(|| fallback.join("; "));
                if let Some(reason) = &fallback {
                    tracing::warn!(%provider, reason, "fell back from the wanted provider");
                }
                return Ok((
                    session,
                    ProviderChoice {
                        used: provider,
                        fallback,
                    },
                ));
            }
            Err(reason) if provider == Provider::Cpu => {
                return Err(ModelError::BadModel {
                    path: path.to_owned(),
                    reason,
                });
            }
            Err(reason) => fallback.push(format!("{provider} failed: {reason}")),
        }
    }
    unreachable!("the order of providers ends with the CPU")
}

/// Opens a small model that is part of the program, on one CPU thread.
///
/// # Errors
/// As [`load`]; `BadModel` if the runtime refuses it.
pub fn embedded_session(name: &str, model: &[u8]) -> Result<Session, ModelError> {
    let options = SessionOptions {
        threads: 1,
        ..SessionOptions::default()
    };
    builder(environment()?, &options, Provider::Cpu)
        .and_then(|mut builder| builder.commit_from_memory(model))
        .map_err(|error| ModelError::BadModel {
            path: name.into(),
            reason: one_line(&error.to_string()),
        })
}

fn open(
    environment: &Environment,
    path: &Path,
    options: &SessionOptions,
    provider: Provider,
) -> Result<Session, String> {
    builder(environment, options, provider)
        .and_then(|mut builder| builder.commit_from_file(path))
        .map_err(|error| one_line(&error.to_string()))
}

fn builder(
    environment: &Environment,
    options: &SessionOptions,
    provider: Provider,
) -> Result<SessionBuilder, ort::Error> {
    let threads = match options.threads {
        0 => std::thread::available_parallelism().map_or(1, usize::from),
        n => n,
    };
    let builder = Session::builder(environment)?
        .with_intra_threads(threads)?
        .with_inter_threads(1)?
        .with_optimization_level(GraphOptimizationLevel::All)?
        // Decoding runs beside the model; threads that spin while idle would take its cores.
        .with_intra_op_spinning(false)?;
    provider.register(builder)
}

fn one_line(text: &str) -> String {
    let joined = text.split_whitespace().collect::<Vec<_>>().join(" ");
    joined.chars().take(600).collect()
}

/// Converts an error of a run.
pub fn run_failed(error: ort::Error) -> ModelError {
    ModelError::Inference {
        reason: one_line(&error.to_string()),
    }
}
